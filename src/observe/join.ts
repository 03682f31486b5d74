import { createHash } from 'node:crypto';
import type { Marker } from '../deployment/marker.ts';
import { byCodeUnits, parseName } from '../deployment/names.ts';
import { Stop } from '../errors.ts';
import type { PhaseTraits } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { concerns, type FoundRecord } from './records.ts';

export interface Joined {
  readonly deploymentId: string;
  readonly found: FoundRecord | null;
  /** Claims of this very run that are not the one joined. */
  readonly strays: readonly FoundRecord[];
  readonly others: readonly FoundRecord[];
}

/**
 * Which deployment this run works on: the one named by `deployment-id`, otherwise the one that its own workflow run began.
 * It never takes up another silently.
 * @param ours the originals, each with its server.
 * @param otherwise the id when none is open: the one that this phase has worked with, or a new one.
 */
export function join(
  settings: Settings,
  phase: PhaseTraits,
  app: string,
  ours: readonly string[],
  records: readonly FoundRecord[],
  otherwise: string,
): Joined {
  const relevant = records.filter((each) => concerns(each, app, ours));
  const mine = relevant.filter(({ record }) => record.app === app);
  const run = runOf(settings);
  const ownRun = mine.filter(({ record }) => sameRun(record.run, run));
  const found = choose(settings, phase, mine, ownRun);
  const deploymentId = found?.record.deploymentId ?? givenId(settings) ?? otherwise;
  const strays = ownRun.filter((each) => each !== found && each.record.lock === 'claim');
  const others = relevant.filter((each) => each !== found && !strays.includes(each));
  return { deploymentId, found, strays: phase.claims ? strays : [], others };
}

/** Safety rule 8: what has an id that was given by mistake is not ours to delete. */
export function refuseForeignId({ deploymentId }: Settings, records: readonly FoundRecord[]): void {
  const foreign = records.find(({ record }) => record.deploymentId === deploymentId);
  if (foreign === undefined) return;
  throw new Stop(
    'bad-input',
    `Input deployment-id is "${deploymentId}", and that is a deployment of ${foreign.record.app}.`,
    'Nothing was done. Give the id of a deployment of this app, or leave it out.',
  );
}

/** `<owner>/<repository>/<run id>/<attempt>`. */
export function runOf(settings: Settings): string {
  const { repository, runId, runAttempt } = settings.github;
  return `${repository}/${runId}/${runAttempt}`;
}

/** The same workflow run, whichever attempt. */
function sameRun(one: string, other: string): boolean {
  const withoutAttempt = (run: string) => run.replace(/\/\d+$/, '');
  return withoutAttempt(one) === withoutAttempt(other) && !/^\/*\d*$/.test(one);
}

function choose(
  settings: Settings,
  phase: PhaseTraits,
  mine: readonly FoundRecord[],
  ownRun: readonly FoundRecord[],
): FoundRecord | null {
  const asked = settings.deploymentId;
  if (asked === undefined) return first(ownRun);
  if (asked !== 'open') return mine.find(({ record }) => record.deploymentId === asked) ?? null;
  if (mine.length <= 1 || phase.overview) return first(mine);
  throw new Stop(
    'refused',
    `Several deployments are open: ${mine.map(({ record }) => record.deploymentId).join(', ')}.`,
    'Name one with input deployment-id.',
  );
}

/** A held lock before a claim, then the smaller id. */
function first(records: readonly FoundRecord[]): FoundRecord | null {
  const rank = ({ record }: FoundRecord) => `${record.lock === 'held' ? 0 : 1}${record.deploymentId}`;
  return [...records].sort((a, b) => byCodeUnits(rank(a), rank(b)))[0] ?? null;
}

function givenId(settings: Settings): string | undefined {
  return settings.deploymentId === 'open' ? undefined : settings.deploymentId;
}

/**
 * `<yyyymmdd>-<5 characters>`: made from the run and its attempt, so that a request which Azure admits late, after its
 * runner died, has the name that the next run looks for. Production's marker tells which of this run's deployments have
 * ended: `clone` opens the one after it, all other phases look at what is left of it.
 */
export function mintId(
  settings: Settings,
  phase: PhaseTraits,
  app: string,
  today: string,
  serves: Marker | undefined,
): string {
  const minted = mintedBy(settings, app, settings.github.runAttempt);
  const ended = serves && serves.role !== 'read-only' ? minted.indexOf(serves.deploymentId.split('-')[1] ?? '') : -1;
  if (serves && ended >= 0 && !phase.begins) return serves.deploymentId;
  return `${today}-${minted[ended + 1] ?? minted[0]}`;
}

/**
 * The id under which an earlier attempt of this very run began, when a copy of it is there but no record: its tags do not
 * show (yet), or the copy that was to have the record failed. Minting another would leave that copy to nobody.
 * Undefined when there is none.
 */
export function begunWithoutRecord(
  settings: Settings,
  app: string,
  originals: readonly string[],
  named: readonly { readonly name: string; readonly tags: Readonly<Record<string, string>> }[],
): string | undefined {
  const minted = mintedByThisRun(settings, app);
  const wanted = new Set(originals.map((name) => name.toLowerCase()));
  return named
    .filter(({ tags }) => tags['zdd-lock'] === undefined)
    .flatMap(({ name }) => parseName(name) ?? [])
    .filter(({ kind, database }) => kind === 'clone' && wanted.has(database.toLowerCase()))
    .map(({ deploymentId }) => deploymentId)
    .find((id) => minted.includes(id.split('-')[1] ?? ''));
}

/** The five characters of every id that this workflow run may have minted for the app, in this attempt and earlier ones. */
export function mintedByThisRun(settings: Settings, app: string): readonly string[] {
  return Array.from({ length: settings.github.runAttempt }, (_, index) => mintedBy(settings, app, index + 1)).flat();
}

/** So many deployments may one attempt of a run open one after another. */
const MOST = 20;

function mintedBy(settings: Settings, app: string, runAttempt: number): readonly string[] {
  const run = runOf({ ...settings, github: { ...settings.github, runAttempt } });
  return Array.from({ length: MOST }, (_, index) => mintedFor(`${run} ${app}${index === 0 ? '' : ` ${index}`}`));
}

function mintedFor(text: string): string {
  const digest = createHash('sha256').update(text).digest();
  return (digest.readUInt32BE(0) % 36 ** 5).toString(36).padStart(5, '0');
}
