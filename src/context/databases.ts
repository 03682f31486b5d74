import { azureSaid } from '../azure/failure.ts';
import type { Session } from '../azure/sql-sessions.ts';
import { again, isBroken } from '../azure/sql-statements.ts';
import type { Log, SqlConnection } from '../ports.ts';
import type { GitHubContext } from '../settings/github.ts';

/** How our sessions are known in `sys.dm_exec_sessions`. */
const PROGRAM_NAME = 'zdd-action';

/** SQL Server keeps so much of a program's name. */
const LONGEST_NAME = 128;

/** Tells people who look at the sessions, another run too, whose run it is. */
export function programNameOf({ repository, runId, runAttempt, actor }: GitHubContext): string {
  return `${PROGRAM_NAME} ${repository}/${runId}/${runAttempt} of ${actor}`.slice(0, LONGEST_NAME);
}

/** The runs, and their owners, that these sessions of ours belong to. */
export function runsIn(sessions: readonly Pick<Session, 'programName'>[]): readonly string[] {
  const names = sessions.filter((session) => !isForeign(session)).map(({ programName }) => programName);
  return [...new Set(names)].map((name) => name.slice(PROGRAM_NAME.length).trim()).filter((run) => run !== '');
}

/** Not one of ours. */
export function isForeign({ programName }: Pick<Session, 'programName'>): boolean {
  return !programName.startsWith(PROGRAM_NAME);
}

/** A kept connection a database, or two, opened when first needed; statements on one wait for one another. */
export interface Databases {
  /** Runs `work` on the database. A connection that broke before is opened again; `work` itself is never repeated. */
  use<T>(database: string, work: (connection: SqlConnection) => Promise<T>): Promise<T>;
  /** Like `use`, for work that only reads: repeated once on a fresh connection when the old one broke. */
  read<T>(database: string, work: (connection: SqlConnection) => Promise<T>): Promise<T>;
  /**
   * Like `read`; null when it cannot be reached and need not be.
   * On a second kept connection it waits for nothing: not where the database is to be closed, which each of them would be in the way of.
   */
  look<T>(database: string, work: (connection: SqlConnection) => Promise<T>, on?: 'second'): Promise<T | null>;
  /** A connection that is not kept here. */
  open(database: string): Promise<SqlConnection>;
  /** Closes the kept connection: a rename is refused while anybody is connected, ourselves included. */
  close(database: string): Promise<void>;
  /** Closes all kept connections, for now: who waits must not be in a database that another run needs for itself. */
  letGo(): Promise<void>;
  /** The end: what is asked for afterwards is refused, because nobody would close it, and an open connection keeps the process alive. */
  closeAll(): Promise<void>;
}

export interface DatabasesOptions {
  readonly open: (database: string) => Promise<SqlConnection>;
  readonly log: Log;
  /** Reading phases go on without what cannot be reached. */
  readonly optional: boolean;
}

export function databasesOver({ open, log, optional }: DatabasesOptions): Databases {
  const kept = new Map<string, Promise<SqlConnection>>();
  const queues = new Map<string, Promise<unknown>>();
  let isOver = false;

  const fresh = async (database: string): Promise<SqlConnection> => {
    if (isOver) throw new Error(`Database ${database} was asked for after the end of the phase.`);
    const opened = await open(database);
    if (!isOver) return opened;
    await opened.close().catch(() => undefined);
    throw new Error(`The connection to ${database} came about after the end of the phase.`);
  };

  const connectionTo = (database: string, key: string): Promise<SqlConnection> => {
    const known = kept.get(key);
    if (known) return known;
    const opening = fresh(database);
    kept.set(key, opening);
    opening.catch(() => kept.delete(key));
    return opening;
  };

  const closeOne = async (key: string) => {
    const connection = kept.get(key);
    kept.delete(key);
    await connection?.then((opened) => opened.close()).catch(() => undefined);
  };

  const useBy = <T>(database: string, key: string, work: (connection: SqlConnection) => Promise<T>): Promise<T> => {
    const before = queues.get(key) ?? Promise.resolve();
    const mine = before.then(async () => {
      const connection = await connectionTo(database, key);
      try {
        return await work(connection);
      } catch (error) {
        // A broken connection must not be used again; whether its statement was carried out, a new look will show.
        if (isBroken(error)) await closeOne(key);
        throw error;
      }
    });
    queues.set(
      key,
      mine.catch(() => undefined),
    );
    return mine;
  };

  const readBy: typeof useBy = (database, key, work) => again(() => useBy(database, key, work));

  const letGo = async () => {
    await Promise.all([...kept.keys()].map(closeOne));
  };

  return {
    use: (database, work) => useBy(database, database, work),
    read: (database, work) => readBy(database, database, work),
    async look(database, work, on) {
      try {
        return await readBy(database, on === undefined ? database : secondOf(database), work);
      } catch (error) {
        if (!optional) throw error;
        log.info(`Database ${database} was not looked at: ${azureSaid(error)?.message ?? String(error)}`);
        return null;
      }
    },
    open: fresh,
    async close(database) {
      await Promise.all([database, secondOf(database)].map(closeOne));
    },
    letGo,
    async closeAll() {
      isOver = true;
      await letGo();
    },
  };
}

/** No database has such a name. */
function secondOf(database: string): string {
  return `${database}\0`;
}
