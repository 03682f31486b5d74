import { holdsLock, isAlive, takeLock, takeTableLock } from '../azure/sql-locks.ts';
import { sessions } from '../azure/sql-sessions.ts';
import { isBroken } from '../azure/sql-statements.ts';
import { Stop } from '../errors.ts';
import { type Clock, hasNumber, type Log, type SqlConnection, SqlError } from '../ports.ts';
import { waitFor } from '../wait.ts';
import { type Databases, runsIn } from './databases.ts';

/**
 * The right to change a deployment (safety rule 9): it is with the run that holds an application lock on the record clone.
 * Azure frees the lock when the process is gone, so nothing has to be cleaned up after a dead runner.
 */
export interface Lease {
  /** Takes the lease, on a connection of its own to `database`. Does nothing when it is already ours. */
  take(deploymentId: string, database: string): Promise<void>;
  /** Asked right before every swap, stop, rename, delete and SQL change: stops when the lease was lost. */
  prove(): Promise<void>;
  /** The database in which the lock is held. */
  heldIn(): string | undefined;
  release(): Promise<void>;
}

/** How long to wait for a run that is just ending. */
const PATIENCE_MS = 60_000;

interface Held {
  readonly database: string;
  readonly connection: SqlConnection;
  readonly isOurs: () => Promise<boolean>;
}

/** Why it could not be taken now: who else has sessions of ours in the database, or what SQL Server said. */
interface NotYet {
  readonly seen: string;
}

/** @param programName how the sessions of this run are known */
export function leaseOver(
  databases: Databases,
  clock: Clock,
  log: Log,
  programName: string,
  signal?: AbortSignal,
): Lease {
  let held: Held | undefined;
  return {
    async take(deploymentId, database) {
      if (held) return;
      held = await waitFor<Held>(clock, log, {
        what: `deployment ${deploymentId} to be free`,
        deadlineMs: PATIENCE_MS,
        otherwise: 'Another run is working on this deployment. Wait until it has ended, then run the phase again.',
        signal,
        async look() {
          const taken = await tryTake(databases, `zdd:${deploymentId}`, database, programName);
          return 'database' in taken ? { done: taken } : taken;
        },
      });
    },
    async prove() {
      if (!held) return;
      let cause: unknown;
      const isOurs = await held.isOurs().catch((error: unknown) => {
        cause = error;
        return false;
      });
      if (isOurs) return;
      throw new Stop(
        'failed',
        'The connection that keeps other runs away from this deployment was lost, and another run may be at work on it now.',
        'Nothing more was done. Run the phase again.',
        { cause, passes: isBroken(cause) },
      );
    },
    heldIn: () => held?.database,
    async release() {
      const connection = held?.connection;
      held = undefined;
      await connection?.close().catch(() => undefined);
    },
  };
}

async function tryTake(
  databases: Databases,
  resource: string,
  database: string,
  programName: string,
): Promise<Held | NotYet> {
  const connection = await databases.open(database);
  try {
    let held = await lockOn(connection, resource);
    const present = held ? [] : await sessions(connection).catch(() => []);
    const runs = runsIn(present.filter((session) => session.programName !== programName));
    // It may have ended meanwhile.
    if (runs.length === 0) held ??= await lockOn(connection, resource);
    if (held !== undefined) return { database, connection, isOurs: held };
    await connection.close().catch(() => undefined);
    // A session in an original keeps the run at work from making it READ_ONLY, and "switch" would miss its deadline for our sake.
    await databases.letGo();
    return { seen: `${runs.length === 0 ? 'another run is' : `run ${runs.join(', run ')} is`} at work on it` };
  } catch (error) {
    await connection.close().catch(() => undefined);
    if (error instanceof SqlError && isPassing(error)) return { seen: error.message };
    throw error;
  }
}

/** How to find out whether the lock is still ours, when it could be taken. */
async function lockOn(connection: SqlConnection, resource: string): Promise<Held['isOurs'] | undefined> {
  try {
    return (await takeLock(connection, resource)) ? () => holdsLock(connection, resource) : undefined;
  } catch (error) {
    // Whether application locks work on a READ_ONLY database is not documented: where they are refused a table serves.
    if (!hasNumber(error, ...NOT_HERE)) throw error;
    return (await takeTableLock(connection, resource)) ? () => isAlive(connection) : undefined;
  }
}

/**
 * What says that application locks do not go on this kind of database: no such procedure, the database is read-only, not supported in
 * this version of SQL Server. Nothing else may lead to the table: two runs that fell back in different moments would hold different locks.
 * https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
 */
const NOT_HERE = [2812, 3906, 40510];

/** Out of memory or of locks, a deadlock, a request that had to wait too long, too many at once: another moment may be better. */
const BUSY = [701, 1204, 1205, 1222, 8645, 8651, 10928, 10929];

function isPassing(error: SqlError): boolean {
  return isBroken(error) || hasNumber(error, ...BUSY);
}
