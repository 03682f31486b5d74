import type { SqlValue } from '../../../src/ports.ts';
import { Unmodelled } from '../world.ts';
import type { SqlContext } from './context.ts';
import { readOnlyMessage } from './faults.ts';
import { SqlProblem } from './sql-problem.ts';

/** Which modes go together: only shared ones with shared ones are used by anyone. */
const COMPATIBLE: Record<string, string[]> = {
  shared: ['shared', 'intentshared'],
  intentshared: ['shared', 'intentshared'],
};

/**
 * `sp_getapplock`, session owner only. Answers 0 when granted and -1 when somebody else holds it and a timeout was
 * given: the model cannot wait, so any timeout has passed at once.
 * Variant `applock-refused-read-only`: error 3906 on a READ_ONLY database (what Azure does is not documented).
 */
export function getAppLock(context: SqlContext, args: Record<string, SqlValue>): number {
  const { database, session } = context;
  if (database === undefined) throw new Unmodelled('sp_getapplock in master');
  const resource = String(args.resource);
  const mode = String(args.lockmode);
  if (String(args.lockowner ?? 'Transaction').toLowerCase() !== 'session')
    throw new Unmodelled('sp_getapplock with an owner other than Session');
  if (!/^(Exclusive|Shared|Update|IntentShared|IntentExclusive)$/i.test(mode)) return -999;
  if (context.world.variants['applock-refused-read-only'] && database.isReadOnly)
    throw new SqlProblem(3906, 16, readOnlyMessage(database.name));
  const holders = database.appLocks[resource] ?? [];
  const blocked = holders.some(
    (one) =>
      one.sessionId !== session.sessionId && !(COMPATIBLE[one.mode.toLowerCase()] ?? []).includes(mode.toLowerCase()),
  );
  if (blocked) {
    if (args.locktimeout === undefined || args.locktimeout === null || Number(args.locktimeout) < 0)
      throw new Unmodelled('sp_getapplock waiting without a timeout');
    return -1;
  }
  database.appLocks[resource] = [
    ...holders,
    { sessionId: session.sessionId, mode: mode.charAt(0).toUpperCase() + mode.slice(1) },
  ];
  return 0;
}

/** `sp_releaseapplock`: releases one of the caller's acquisitions; error 1223 when it holds none. */
export function releaseAppLock(context: SqlContext, args: Record<string, SqlValue>): number {
  const { database, session } = context;
  const resource = String(args.resource);
  const holders = database?.appLocks[resource] ?? [];
  const place = holders.findIndex((one) => one.sessionId === session.sessionId);
  if (database === undefined || place < 0) {
    throw new SqlProblem(
      1223,
      16,
      `Cannot release the application lock (Database Principal: 'public', Resource: '${resource}') because it is not currently held.`,
    );
  }
  const left = holders.filter((_, index) => index !== place);
  if (left.length > 0) database.appLocks[resource] = left;
  else delete database.appLocks[resource];
  return 0;
}

/**
 * `CREATE TABLE ##name`: in Azure SQL Database a global temporary table belongs to one database, lives in tempdb and goes with
 * its session. Its content is not modelled, only that it exists: kept like a lock of its session.
 */
export function makeGlobalTable(context: SqlContext, name: string): void {
  const { database, session } = context;
  if (database === undefined) throw new Unmodelled('a global temporary table in master');
  if (database.appLocks[name] !== undefined)
    throw new SqlProblem(2714, 16, `There is already an object named '${name}' in the database.`);
  database.appLocks[name] = [{ sessionId: session.sessionId, mode: 'Exclusive' }];
}
