/**
 * What sets a phase apart from the others, beside its plan. Everything that the rest of the action treats differently
 * from phase to phase stands here.
 */
export interface PhaseTraits {
  /** What it means for people, as the end of the sentence "Run `x`: …". */
  readonly meaning: string;
  /** Where it stands in a list of phases: on the usual way, in the order of the rows below; in the place of `deploy`; or by itself. */
  readonly place: 'usual' | 'deploy' | 'alone';

  /** May it change anything? Then it needs the lease, a firewall rule may be opened for it, and it sees everything or stops. */
  readonly changes: boolean;
  /** It opens a deployment, under a claim (safety rule 9): it takes no lease, and withdraws claims of its own that were overtaken. */
  readonly claims?: true;
  /** May come while no deployment is open. */
  readonly begins?: true;
  /** Brings visitors towards the read-only window: in mode `read-write` their loss must be accepted first. Later a refusal would only add to it. */
  readonly opensWindow?: true;

  /** It reads the inputs `package` and `current-package`; others may run where none was downloaded. */
  readonly readsPackage?: true;
  /** Changes tags of more databases than have the record, or looks at claims of others: reads all of them at each look. */
  readonly rereads?: true;
  /** Visitors are moved, or wait meanwhile: production is asked all the time. */
  readonly watches?: true;
  /** Sends visitors to the candidate: this is asked for its health from the first look on. */
  readonly asksCandidate?: true;
  /** Which databases it decides on by what SQL says of them: their state, and with `schema` their schema version. */
  readonly looksInside: readonly ('clones' | 'originals' | 'schema')[];
  /** Copies production's build, or must find out that it is another one by now: looks at it through SCM. */
  readonly looksAtBuild?: true;
  /** Decides by what references to Key Vault stand for. */
  readonly readsSecrets?: true;
  /**
   * Looks for firewall rules that runs left open: of the deployment itself, without which it does not end; or of those that are over, as
   * far as Azure lets it.
   */
  readonly looksForRules?: 'own' | 'ended';
  /** Compares which slots the app has with those before the deployment. */
  readonly listsSlots?: true;
  /** What it saw is what a reviewer decides by: nothing of it is folded away. */
  readonly forReviewers?: true;
  /** Tells of whatever is open: without one of its own of the deployments of others, and of several the first. */
  readonly overview?: true;

  /** What it cannot do without, once it was lost: a clone for the readers, or the live build where `switch` left it. */
  readonly needs: readonly ('clone' | 'live-build')[];
  /** What Azure must allow it beside looking, see `permissions-needed.ts`. */
  readonly does: readonly Work[];
}

/** Kinds of work in Azure, by the permissions that they take. */
export type Work =
  | 'check-everything'
  | 'read-production-build'
  | 'create-slots'
  | 'change-slots'
  | 'swap'
  | 'create-databases'
  | 'delete-databases'
  | 'restore';

const rows = {
  preflight: {
    meaning: 'looks at everything and changes nothing.',
    place: 'usual',
    changes: false,
    begins: true,
    readsPackage: true,
    rereads: true,
    readsSecrets: true,
    looksForRules: 'ended',
    looksInside: [],
    needs: [],
    does: ['check-everything', 'read-production-build'],
  },
  clone: {
    meaning: 'copies the databases; visitors notice nothing.',
    place: 'usual',
    changes: true,
    claims: true,
    begins: true,
    opensWindow: true,
    rereads: true,
    readsSecrets: true,
    listsSlots: true,
    looksForRules: 'ended',
    looksInside: ['clones', 'schema'],
    needs: ['clone'],
    does: ['create-databases', 'delete-databases'],
  },
  'read-only': {
    meaning: 'prepares and proves the read-only copy; visitors notice nothing.',
    place: 'usual',
    changes: true,
    opensWindow: true,
    readsPackage: true,
    looksAtBuild: true,
    readsSecrets: true,
    looksInside: ['clones'],
    needs: ['clone'],
    does: ['read-production-build', 'create-slots', 'change-slots'],
  },
  switch: {
    meaning: 'sends visitors to the read-only copy and takes the rollback point.',
    place: 'usual',
    changes: true,
    opensWindow: true,
    looksAtBuild: true,
    watches: true,
    readsSecrets: true,
    looksInside: ['originals'],
    needs: ['clone', 'live-build'],
    does: ['read-production-build', 'change-slots', 'swap'],
  },
  deploy: {
    meaning: 'updates the original database and starts the new build beside production.',
    place: 'usual',
    changes: true,
    readsPackage: true,
    watches: true,
    readsSecrets: true,
    looksInside: ['originals'],
    needs: ['clone', 'live-build'],
    does: ['read-production-build', 'create-slots', 'change-slots'],
  },
  validate: {
    meaning: 'checks the candidate and writes the report for reviewers.',
    place: 'usual',
    forReviewers: true,
    changes: true,
    watches: true,
    looksInside: ['originals', 'clones', 'schema'],
    needs: [],
    does: [],
  },
  complete: {
    meaning: 'sends visitors to the candidate, read-write again.',
    place: 'usual',
    changes: true,
    watches: true,
    asksCandidate: true,
    looksInside: ['originals', 'schema'],
    needs: [],
    does: ['change-slots', 'swap'],
  },
  cleanup: {
    meaning: 'removes what this deployment made.',
    place: 'usual',
    changes: true,
    rereads: true,
    looksInside: ['originals'],
    looksForRules: 'own',
    listsSlots: true,
    needs: [],
    does: ['read-production-build', 'change-slots', 'delete-databases'],
  },
  rollback: {
    meaning: 'makes the live build the candidate again.',
    place: 'deploy',
    changes: true,
    rereads: true,
    watches: true,
    looksInside: ['originals', 'clones', 'schema'],
    needs: ['live-build'],
    does: ['change-slots', 'swap', 'create-databases', 'restore'],
  },
  status: {
    meaning: 'shows what is where.',
    place: 'alone',
    changes: false,
    rereads: true,
    overview: true,
    looksForRules: 'ended',
    looksInside: [],
    needs: [],
    does: [],
  },
} as const satisfies Readonly<Record<string, PhaseTraits>>;

export type PhaseName = keyof typeof rows;

export type ChangingPhase = {
  [Name in PhaseName]: (typeof rows)[Name]['changes'] extends true ? Name : never;
}[PhaseName];

export const traitsOf: Readonly<Record<PhaseName, PhaseTraits>> = rows;

export function isPhaseName(name: string): name is PhaseName {
  return Object.hasOwn(rows, name);
}

/** Every phase; those of the usual way in its order. */
export const phaseNames: readonly PhaseName[] = Object.keys(rows).filter(isPhaseName);

/** The names of the phases that have the trait. */
export function phasesThat(has: (traits: PhaseTraits) => unknown): readonly PhaseName[] {
  return phaseNames.filter((name) => has(traitsOf[name]));
}

/** The way of a deployment without trouble, in its order. */
export const usualWay = phasesThat(({ place }) => place === 'usual');
