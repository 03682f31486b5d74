import { isBroken } from './azure/sql-statements.ts';
import type { Context } from './context/context.ts';
import { messageOf, Stop } from './errors.ts';

/** Nothing new is asked of a server before: https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-connectivity-issues */
const FIRST_PAUSE_MS = 5000;

/** What happens more often in one phase is no weather, and people should know. */
const MOST = 3;

/**
 * Azure moves databases now and then, for seconds, and ends all their connections: the one that has the lease as well. What a phase was
 * about to do then is as uncertain as after a runner that died, and is dealt with likewise, but by this run: all is looked at anew.
 * Rejects with whatever does not pass by itself.
 * https://learn.microsoft.com/azure/azure-sql/database/planned-maintenance
 * @param before how often that was in this phase
 */
export async function outlast(error: unknown, before: number, context: Context): Promise<void> {
  if (!isPassing(error) || before >= MOST) throw error;
  const { ports, signal, lease, databases, known } = context;
  const happened = error instanceof Stop ? error.happened : messageOf(error);
  ports.log.warning(
    `What went wrong passes as a rule, so all is looked at anew before anything else is done: ${happened}`,
  );
  await lease.release();
  await databases.letGo();
  known.databases.clear();
  await ports.clock.sleep(FIRST_PAUSE_MS * 2 ** before, signal);
}

/** A connection broke, and that is all: what Azure has said besides is more than that. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Stop)) return isBroken(error);
  return error.passes || (error.azure === undefined && isPassing(error.cause));
}
