import type { Context } from './context/context.ts';
import { type Look, wholeOrStop } from './deployment/partial-look.ts';
import type { Phase } from './phases/phase.ts';

/** True when the lease was taken just now. Under a claim none is needed, and without a record there is nothing to share. */
export async function takeLease(context: Context, phase: Phase, look: Look): Promise<boolean> {
  if (!phase.changes || phase.claims || context.lease.heldIn() !== undefined) return false;
  const { record, recordDatabase, ours, databases, deploymentId } = wholeOrStop(look);
  if (record === null) return false;
  const clone = ours.find(({ name }) => name === recordDatabase);
  const database = clone && !CLOSED.has(clone.status) ? clone.name : databases[0]?.original?.name;
  if (database === undefined) return false;
  await context.lease.take(deploymentId, database);
  return true;
}

/**
 * Nobody can log in to a database that is being made, or that failed. In every other status the lease is held in the clone, by all runs
 * alike: also while it scales or sleeps. https://learn.microsoft.com/rest/api/sql/databases/get (DatabaseStatus)
 */
const CLOSED: ReadonlySet<string> = new Set([
  'Creating',
  'Copying',
  'Restoring',
  'Suspect',
  'Offline',
  'Disabled',
  'Inaccessible',
  'Recovering',
  'RecoveryPending',
  'Shutdown',
]);
