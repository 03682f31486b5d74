import type { SlotSettings } from '../azure/slot-settings.ts';
import type { PackageFile } from '../deployment/build.ts';
import type { DeploymentRecord, SwapIntent, SwapPurpose } from '../deployment/record.ts';
import type { WatchPurpose } from '../deployment/this-run.ts';
import type { ChangingPhase } from '../settings/phases.ts';

/** How much is proven of an instance: that it came up; that visitors may come; that it also cannot write. */
export type Proof = 'started' | 'candidate' | 'read-only-copy';

/** What a phase may do: each step is one change, or one wait or proof, and says why. */
export type Step = (
  | { readonly kind: 'copy-database'; readonly database: string; readonly clone: string }
  | { readonly kind: 'await-copy'; readonly clone: string }
  | { readonly kind: 'tag-clone'; readonly clone: string; readonly tags: Readonly<Record<string, string>> }
  | { readonly kind: 'stamp-clone'; readonly clone: string }
  | { readonly kind: 'hold-lock' }
  | { readonly kind: 'await-others'; readonly claims: readonly string[] }
  | { readonly kind: 'record'; readonly fields: Partial<DeploymentRecord> }
  | { readonly kind: 'remove-mirror'; readonly database: string }
  | { readonly kind: 'set-read-only'; readonly database: string }
  | { readonly kind: 'set-read-write'; readonly database: string }
  | { readonly kind: 'prove-sql'; readonly databases: readonly string[] }
  /** So many slots are still to be made. */
  | { readonly kind: 'scale-plan'; readonly sku: string; readonly slots: number }
  | { readonly kind: 'set-auto-swap'; readonly slot: string; readonly to: 'on' | 'off' }
  | {
      readonly kind: 'set-slot-settings';
      readonly appSettings: readonly string[];
      readonly connectionStrings: readonly string[];
      readonly to: 'on' | 'off';
    }
  | { readonly kind: 'create-slot'; readonly slot: string }
  /** A user for the identity of each of these slots, in every original and every clone. */
  | { readonly kind: 'add-slot-users'; readonly slots: readonly string[] }
  | { readonly kind: 'tag-slot'; readonly slot: string; readonly tags: Readonly<Record<string, string>> }
  | { readonly kind: 'match-config'; readonly slot: string; readonly properties: Readonly<Record<string, unknown>> }
  | { readonly kind: 'stop-slot'; readonly slot: string }
  | { readonly kind: 'start-slot'; readonly slot: string }
  | { readonly kind: 'stop-webjobs'; readonly slot: string }
  | { readonly kind: 'start-webjobs'; readonly slot: string; readonly jobs: readonly string[] }
  /** Another app than that of the deployment, as a whole; known by its {@link appKey}. */
  | { readonly kind: 'stop-app'; readonly app: string }
  | { readonly kind: 'start-app'; readonly app: string }
  | { readonly kind: 'write-settings'; readonly slot: string; readonly settings: SlotSettings; readonly once: boolean }
  | { readonly kind: 'copy-build'; readonly slot: string }
  | { readonly kind: 'upload-build'; readonly slot: string; readonly build: PackageFile }
  | {
      readonly kind: 'carry-files';
      readonly slot: string;
      /** The slot that has them. */
      readonly from: string;
      /** Below wwwroot, each with a slash at its end. */
      readonly folders: readonly string[];
    }
  | { readonly kind: 'empty-slot'; readonly slot: string }
  | {
      readonly kind: 'prove-instance';
      readonly slot: string;
      readonly as: Proof;
      /** Why visitors need this instance at once: they stay on an unhealthy one when it is not healthy either, and are told this. */
      readonly lastResort?: string;
      /** What fails is for the plan: some of several apps may have been moved already. */
      readonly tolerated?: true;
    }
  | {
      readonly kind: 'intend-swap';
      readonly source: string;
      readonly purpose: SwapPurpose;
      /** Fields that are recorded with the intent, in one write: visitors wait for it. */
      readonly fields: Partial<DeploymentRecord>;
    }
  /** Sends what the recorded intent says. */
  | { readonly kind: 'post-swap'; readonly source: string }
  | { readonly kind: 'settle-swap'; readonly intent: SwapIntent }
  | {
      readonly kind: 'watch-production';
      readonly seconds: number;
      readonly purpose: WatchPurpose;
      /** Only staying healthy counts: after an unhealthy answer another watch decides. */
      readonly tentative?: boolean;
    }
  | {
      readonly kind: 'await-quiet';
      readonly databases: readonly string[];
      readonly setReadOnly: boolean;
      /** Production is watched meanwhile: as long as going back is safe, nobody waits on an unhealthy copy. */
      readonly watching: boolean;
    }
  | { readonly kind: 'take-rollback-point'; readonly databases: readonly string[] }
  | { readonly kind: 'await-database-clock'; readonly databases: readonly string[]; readonly until: string }
  /** What a run that was cut off had sent, and Azure carries out yet. */
  | { readonly kind: 'await-late-writes' }
  | { readonly kind: 'set-up'; readonly command: string }
  /** Changes something outside of what the action looks at: where the copy will find its database. */
  | { readonly kind: 'tell-copy'; readonly command: string }
  | { readonly kind: 'migrate'; readonly command: string; readonly attempt: number }
  /** What it does may restart the new build, of which nothing is proven any more. */
  | { readonly kind: 'after-start'; readonly slot: string; readonly command: string; readonly attempt: number }
  | { readonly kind: 'check-everything' }
  /** Whether visitors are answered as they should be, whoever serves them. */
  | { readonly kind: 'ask-production' }
  /** What preflight looked at and the phase repeats. */
  | { readonly kind: 'check-again'; readonly phase: ChangingPhase }
  | { readonly kind: 'check-candidate'; readonly slot: string }
  | { readonly kind: 'prove-writes'; readonly slot: string }
  | { readonly kind: 'check-sessions'; readonly slot: string }
  | {
      readonly kind: 'restore-database';
      readonly database: string;
      readonly sourceId: string;
      readonly target: string;
      readonly point: string;
      readonly attempt: number;
    }
  | {
      readonly kind: 'await-restore';
      readonly target: string;
      /** What fails is for the plan: there is another way. */
      readonly tolerated?: true;
    }
  /** Begins a restore that nothing waits for, and that may fail. */
  | {
      readonly kind: 'prepare-restore';
      readonly database: string;
      readonly target: string;
      readonly point: string;
      /** The `databaseId` of one that cannot be used any more and has the name. */
      readonly replaces?: string;
    }
  | { readonly kind: 'copy-retention'; readonly from: string; readonly to: string }
  | { readonly kind: 'move-database'; readonly from: string; readonly to: string; readonly databaseId: string }
  /** What visitors wrote to the copies, to a file on this runner. */
  | { readonly kind: 'keep-lost-writes'; readonly path: string }
  | { readonly kind: 'delete-database'; readonly database: string; readonly databaseId: string }
  | { readonly kind: 'remove-our-tags'; readonly database: string }
  | { readonly kind: 'delete-firewall-rules'; readonly rules: readonly string[] }
) & {
  /** Why this step is needed now: ends the sentence that the log writes. */
  readonly because: string;
  /** The {@link appKey} of the app that it works on, where that is not the first one. */
  readonly of?: string;
};

export type StepKind = Step['kind'];
export type StepOf<K extends StepKind> = Extract<Step, { readonly kind: K }>;

/** Batches in order; the steps of one batch are independent of each other and run at the same time. */
export type Plan = readonly (readonly Step[])[];

/** Steps that only look or wait: a plan that holds nothing else changes nothing. */
const LOOKING: ReadonlySet<StepKind> = new Set([
  'await-copy',
  'await-others',
  'prove-sql',
  'prove-instance',
  'watch-production',
  'await-database-clock',
  'await-late-writes',
  'set-up',
  'check-everything',
  'ask-production',
  'check-again',
  'prove-writes',
  'check-sessions',
  'await-restore',
  'keep-lost-writes',
]);

export function changesSomething(step: Step): boolean {
  return !LOOKING.has(step.kind);
}
