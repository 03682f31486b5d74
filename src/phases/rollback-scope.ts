import type { Observed } from '../deployment/observed.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { isUnmoved } from '../deployment/restored.ts';
import { restoreByHand } from '../deployment/without-restore.ts';
import type { RollbackScope } from '../settings/choices.ts';
import type { Settings } from '../settings/settings.ts';
import { refuse } from './refusals.ts';
import { codeAlone, lossByRestore } from './rollback-safety.ts';

/**
 * What this rollback brings back. Before "deploy" has begun the databases are untouched, and there is nothing to restore. As long
 * as no database was moved, the other scope may take over from one that is under way: Azure may refuse a restore for good.
 */
export function scopeOf(settings: Settings, observed: Observed, record: DeploymentRecord): RollbackScope {
  if (record.deployBegun === undefined) return 'code';
  if (settings.rollbackScope === 'code-and-database') refuseRestore(observed);
  const { rollbackUnderWay } = record;
  const asked = settings.rollbackScope;
  if (asked === 'auto') return rollbackUnderWay?.scope ?? safest(settings, observed, record);
  if (rollbackUnderWay?.databases !== 'moving' || rollbackUnderWay.scope === asked || isUnmoved(observed)) return asked;
  refuse(
    `A rollback of ${rollbackUnderWay.scope} is under way and has begun to move databases; scope ${asked} cannot join it.`,
    `Run "rollback" again with rollback-scope: ${rollbackUnderWay.scope}.`,
  );
}

/**
 * The code where the live build is known to run on the databases as they are; with the databases where it is not, and nobody
 * loses anything. Where somebody would, `code` is refused with both ways, and a person decides.
 */
function safest(settings: Settings, observed: Observed, record: DeploymentRecord): RollbackScope {
  if (record.noDatabaseRollback || codeAlone(settings, observed, record) === undefined) return 'code';
  return lossByRestore(observed, record) === undefined ? 'code-and-database' : 'code';
}

function refuseRestore(observed: Observed): void {
  if (observed.record?.noDatabaseRollback === undefined) return;
  refuse(
    'This deployment was opened with no-database-rollback: its databases are replicated, and are never restored by it.',
    `Run "rollback" with rollback-scope: code, or "deploy" with a fixed build. ${restoreByHand(observed)}`,
  );
}
