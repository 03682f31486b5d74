import { preparedName } from '../deployment/names.ts';
import type { Observed, Pair } from '../deployment/observed.ts';
import { type Prepared, preparedFor } from '../deployment/prepared-restore.ts';
import { neverRestores } from '../deployment/without-restore.ts';
import type { Settings } from '../settings/settings.ts';
import { isDone } from '../steps/done.ts';
import type { Step } from '../steps/steps.ts';

/**
 * With `prepare-rollback` the restore to the rollback point is begun as soon as there is one: nothing waits for it, and nothing
 * fails by it. Each run asks once; what Azure refused, the next phase asks for again. What was made for an earlier point makes room.
 */
export function prepareRollback(settings: Settings, observed: Observed): Step[] {
  if (!settings.prepareRollback || neverRestores(settings, observed)) return [];
  const point = observed.record?.rollbackPoint ?? '<the rollback point>';
  return observed.databases.flatMap((pair) => {
    const target = preparedName(pair.name, observed.deploymentId);
    const state = preparedFor(pair, observed.deploymentId, point);
    if (KEPT.has(state) || pair.source === null || isDone(observed, 'prepare-restore', target)) return [];
    return [begin(pair, pair.source.name, target, point)];
  });
}

/** Somebody else's database of this name is theirs, and one to the right point is what is wanted. */
const KEPT: ReadonlySet<Prepared> = new Set(['ready', 'under-way', 'foreign']);

function begin({ prepared }: Pair, database: string, target: string, point: string): Step {
  return {
    kind: 'prepare-restore',
    database,
    target,
    point,
    ...(prepared && { replaces: prepared.databaseId }),
    because: 'a rollback of the database then only has to rename (prepare-rollback)',
  };
}
