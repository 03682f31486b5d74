import type { Observed, Pair } from '../deployment/observed.ts';
import type { DeploymentRecord, RollbackUnderWay } from '../deployment/record.ts';
import { serving } from '../deployment/stage.ts';
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
        'Give accept-data-loss: true when that is acceptable, or roll back the code only.',
      );
    }
    refuseEarlierPoint(settings, record);
    if (record.rollbackPoint === undefined && settings.rollbackPoint === undefined) {
      throw new Stop(
        'drifted',
        'Deploy has begun but no rollback point is recorded.',
        'Give the instant with input rollback-point (the log of "switch" names it).',
      );
    }
    return;
  }
  if (record.deployBegun === undefined || settings.ignoreSchema) return;
  const changed = observed.databases.filter((pair) => schemaDiffers(observed, pair));
  if (changed.length === 0) return;
  const [first] = changed;
  refuse(
    `The schema version of ${first?.name} is ${versionOf(observed, first?.original?.name)}, and the live build ran on ${versionOf(observed, first?.clone?.name)}: it would not run on the updated database.`,
    'Run "rollback" with rollback-scope: code-and-database, or give ignore-schema: true when the live build can work with it.',
  );
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
