import { holdsLock, isAlive, takeLock, takeTableLock } from '../azure/sql-locks.ts';
import { sessions } from '../azure/sql-sessions.ts';
import { Stop } from '../errors.ts';
import { type Clock, type Log, type SqlConnection, SqlError } from '../ports.ts';
import { waitFor } from '../wait.ts';
import { type Databases, isBroken, runsIn } from './databases.ts';

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

/** Who else has sessions of ours in the database; without the permission to see them, another run. */
interface Others {
  readonly others: string;
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
          return 'database' in taken ? { done: taken } : { seen: `${taken.others} at work on it` };
        },
      });
    },
    async prove() {
      if (!held || (await held.isOurs().catch(() => false))) return;
      throw new Stop(
        'failed',
        'The connection that keeps other runs away from this deployment was lost, and another run may be at work on it now.',
        'Nothing more was done. Run the phase again.',
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
): Promise<Held | Others> {
  const connection = await databases.open(database);
  try {
    if (await takeLock(connection, resource)) {
      return { database, connection, isOurs: () => holdsLock(connection, resource) };
    }
  } catch (error) {
    // Whether application locks work on a READ_ONLY database is not documented: where they are refused a table serves.
    if (await takenByTable(connection, resource, error)) {
      return { database, connection, isOurs: () => isAlive(connection) };
    }
  }
  const present = await sessions(connection).catch(() => []);
  const runs = runsIn(present.filter((session) => session.programName !== programName));
  await connection.close().catch(() => undefined);
  return { others: runs.length === 0 ? 'another run is' : `run ${runs.join(', run ')} is` };
}

async function takenByTable(connection: SqlConnection, resource: string, error: unknown): Promise<boolean> {
  try {
    if (error instanceof SqlError && !isPassing(error)) return await takeTableLock(connection, resource);
  } catch (cause) {
    await connection.close().catch(() => undefined);
    throw cause;
  }
  await connection.close().catch(() => undefined);
  throw error;
}

/** Says nothing about application locks: two runs that fell back in different moments would hold different locks. */
function isPassing(error: SqlError): boolean {
  const deadlock = 1205;
  return isBroken(error) || error.number === deadlock;
}
