import type { Observed, Pair } from '../deployment/observed.ts';
import type { DeploymentRecord, RollbackUnderWay } from '../deployment/record.ts';
import { isUnmoved } from '../deployment/restored.ts';
import { serving } from '../deployment/stage.ts';
import { areUntouched } from '../deployment/untouched.ts';
import { restoreByHand } from '../deployment/without-restore.ts';
import { Stop } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import { refuse } from './refusals.ts';

/** Refuses where writes of visitors would be lost, or the live build would meet a schema that it does not know. */
export function refuseUnsafe(
  settings: Settings,
  observed: Observed,
  record: DeploymentRecord,
  scope: RollbackUnderWay['scope'],
): void {
  if (scope === 'code-and-database') {
    const since = onOriginalSince(observed, record);
    if (since !== undefined && !settings.acceptDataLoss) {
      refuse(
        `Visitors have been on the original databases since ${since}: what they wrote since the rollback point ${record.rollbackPoint} would be lost.`,
        `Give accept-data-loss: true when that is acceptable${insteadOfRestoring(settings, observed, record)}.`,
      );
    }
    refuseEarlierPoint(settings, record);
    refuseBeforeCopy(settings, observed, record);
    if (record.rollbackPoint === undefined && settings.rollbackPoint === undefined) {
      throw new Stop(
        'drifted',
        'Deploy has begun but no rollback point is recorded.',
        'Give the instant with input rollback-point (the log of "switch" names it).',
      );
    }
    return;
  }
  const unsafe = codeAlone(settings, observed, record);
  if (unsafe) refuse(unsafe.happened, unsafe.next);
}

/** Why the live build may not run on the databases as they are; undefined when it is known to, or the user says that it does. */
export function codeAlone(
  settings: Settings,
  observed: Observed,
  record: DeploymentRecord,
): { readonly happened: string; readonly next: string } | undefined {
  if (settings.ignoreSchema || areUntouched(observed, record)) return undefined;
  const agreed = onOriginalSince(observed, record) === undefined ? '' : ' and accept-data-loss: true';
  const restore = record.noDatabaseRollback
    ? `Run "deploy" with a build that can work with them (no-database-rollback: they are never restored by this deployment. ${restoreByHand(observed)})`
    : `Run "rollback" with rollback-scope: code-and-database${agreed}, which ${whatRestoreLoses(observed, record)}`;
  const next = `${restore}; or run "rollback" with ignore-schema: true when the live build can work with them as they are.`;
  const why = unknownSchema(observed, record) ?? otherSchema(observed);
  return why === undefined ? undefined : { happened: why, next };
}

/** What else can be done as long as no database has changed its place: then there is only one way. */
function insteadOfRestoring(settings: Settings, observed: Observed, record: DeploymentRecord): string {
  if (record.rollbackUnderWay?.databases === 'moving' && !isUnmoved(observed)) return '';
  const schema =
    codeAlone(settings, observed, record) === undefined
      ? ''
      : ' and ignore-schema: true when the live build can work with the databases as they are';
  return `; or run "rollback" with rollback-scope: code${schema}`;
}

/** Who would lose what by a restore of the databases; undefined when nobody would. */
export function lossByRestore(observed: Observed, record: DeploymentRecord): string | undefined {
  const since = onOriginalSince(observed, record);
  if (since !== undefined) return `what visitors have written since ${since}`;
  return record.otherWriters === undefined ? undefined : `what others have written (${record.otherWriters})`;
}

/** A migration that failed half-way may have changed much and not yet the version. */
function unknownSchema(observed: Observed, record: DeploymentRecord): string | undefined {
  const halfWay =
    record.migrated === 0 ? 'migrate-command' : record.afterStart === 0 ? 'after-start-command' : undefined;
  if (halfWay !== undefined) {
    return `${halfWay} has begun and has not succeeded: the original databases may be half-way updated, whatever their schema version says.`;
  }
  const isKnown = observed.databases.some((pair) =>
    [pair.original, pair.clone].every((each) => versionOf(observed, each?.name)),
  );
  if (isKnown) return undefined;
  return 'The schema version of the original databases cannot be told: the live build may not run on what "deploy" has made of them.';
}

function otherSchema(observed: Observed): string | undefined {
  const changed = observed.databases.find((pair) => schemaDiffers(observed, pair));
  if (changed === undefined) return undefined;
  const { original, clone } = changed;
  return `The schema version of ${changed.name} is ${versionOf(observed, original?.name)}, and the live build ran on ${versionOf(observed, clone?.name)}: it would not run on the updated database.`;
}

function whatRestoreLoses(observed: Observed, record: DeploymentRecord): string {
  const loss = lossByRestore(observed, record);
  if (loss !== undefined) return `loses ${loss}`;
  return record.mode === 'read-only'
    ? 'loses nothing that visitors wrote: they have been read-only since before the rollback point'
    : 'loses nothing that visitors wrote to the originals';
}

/** Until `switch` visitors wrote to the originals. A time of the clock on the wall, written as UTC, is hours off. */
function refuseEarlierPoint({ rollbackPoint: given, acceptDataLoss }: Settings, record: DeploymentRecord): void {
  const until = record.rollbackPoint ?? record.windowOpenedAt;
  if (given === undefined || until === undefined || acceptDataLoss) return;
  if (Date.parse(given) >= Date.parse(until)) return;
  refuse(
    `Input rollback-point is ${given}, and visitors wrote to the original databases until ${until}: what they wrote in between would be lost.`,
    'Leave rollback-point out to return to the recorded one, or give accept-data-loss: true when that is acceptable.',
  );
}

/** `switch` takes the point, and `clone` came before: a tag that says something else was written by somebody else. */
function refuseBeforeCopy(
  settings: Settings,
  { databases }: Observed,
  { rollbackPoint: recorded }: DeploymentRecord,
): void {
  const point = settings.rollbackPoint ?? recorded;
  const made = databases.map(({ clone }) => Date.parse(clone?.creationDate ?? '')).filter((at) => !Number.isNaN(at));
  if (point === undefined || settings.acceptDataLoss) return;
  const [last, at] = [Math.max(...made), Date.parse(point)];
  if (at >= last - CLOCKS_APART_MS) return;
  throw new Stop(
    'drifted',
    `The rollback point is ${point}, and the originals were copied only at ${new Date(last).toISOString()}: what visitors wrote in between would be lost. "switch" takes the point after that, so somebody else wrote the tag zdd-rollback-point.`,
    'Give the instant with input rollback-point (the log of "switch" names it), or accept-data-loss: true when the loss is acceptable.',
  );
}

/** The point is of the clock of a database, the copy's beginning of Azure's. */
const CLOCKS_APART_MS = 300_000;

/** Visitors also get there when somebody swaps by hand: then the last swap that Azure remembers tells since when. */
export function onOriginalSince(observed: Observed, record: DeploymentRecord): string | undefined {
  if (record.visitorsOnOriginalSince !== undefined || serving(observed) !== 'candidate') {
    return record.visitorsOnOriginalSince;
  }
  return observed.production.swapStatus?.at || observed.now;
}

function schemaDiffers(observed: Observed, pair: Pair): boolean {
  const now = versionOf(observed, pair.original?.name);
  const before = versionOf(observed, pair.clone?.name);
  return now !== undefined && before !== undefined && now !== before;
}

function versionOf(observed: Observed, name: string | undefined): string | undefined {
  return name === undefined ? undefined : observed.sql[name]?.schemaVersion;
}
