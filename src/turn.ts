import { holdsLock, takeLock } from './azure/sql-statements.ts';
import type { DatabaseAccess } from './database-access.ts';
import { Stop } from './errors.ts';
import { type Clock, type Log, type SqlConnection, SqlError } from './ports.ts';
import { waitFor } from './wait.ts';

/**
 * Whose turn it is to change a deployment (safety rule 9): the run that holds an application lock on the record clone.
 * Azure frees the lock when the process is gone, so nothing has to be cleaned up after a dead runner.
 */
export interface Turn {
  /** Takes the turn, on `database` or, where that refuses locks, on `fallback`. Does nothing when it is already ours. */
  take(deploymentId: string, database: string, fallback: string | undefined): Promise<void>;
  /** Asked right before every swap, stop, rename, delete and SQL change: stops when the turn was lost. */
  prove(): Promise<void>;
  /** The database in which the lock is held. */
  heldIn(): string | undefined;
  release(): Promise<void>;
}

/** How long to wait for a run that is just ending. */
const PATIENCE_MS = 60_000;

export function turnOver(databases: DatabaseAccess, clock: Clock, log: Log, signal?: AbortSignal): Turn {
  let held: { resource: string; database: string; connection: SqlConnection } | undefined;

  const tryOn = async (resource: string, database: string): Promise<boolean> => {
    const connection = await databases.open(database);
    try {
      if (await takeLock(connection, resource)) {
        held = { resource, database, connection };
        return true;
      }
    } catch (error) {
      await connection.close().catch(() => undefined);
      throw error;
    }
    await connection.close().catch(() => undefined);
    return false;
  };

  return {
    async take(deploymentId, database, fallback) {
      if (held) return;
      const resource = `zdd:${deploymentId}`;
      let on = database;
      await waitFor(clock, log, {
        what: `the turn of deployment ${deploymentId}`,
        deadlineMs: PATIENCE_MS,
        otherwise: 'Another run is working on this deployment. Wait until it has ended, then run the phase again.',
        signal,
        async look() {
          try {
            if (await tryOn(resource, on)) return { done: undefined };
          } catch (error) {
            // Whether application locks work on a READ_ONLY database is not documented: where refused, the original serves.
            if (!(error instanceof SqlError) || error.number === 0 || fallback === undefined || on === fallback)
              throw error;
            on = fallback;
          }
          return { seen: 'another run holds it' };
        },
      });
    },
    async prove() {
      if (!held) return;
      const { connection, resource } = held;
      const still = await holdsLock(connection, resource).catch(() => false);
      if (still) return;
      throw new Stop(
        'failed',
        'The connection that holds the turn of this deployment was lost, and another run may have taken it.',
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
