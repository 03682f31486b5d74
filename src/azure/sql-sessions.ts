import { hasNumber, type SqlConnection } from '../ports.ts';
import { one } from './sql-row.ts';

/** A session in the database that the connection is in, other than the connection's own. */
export interface Session {
  readonly sessionId: number;
  readonly programName: string;
  readonly hostName: string;
  /** The client's process id; with the host name it tells processes apart. 0 where the driver sends none. */
  readonly hostProcessId: number;
  readonly loginName: string;
  /** `running`, `sleeping`, `dormant`, `preconnect`. */
  readonly status: string;
  /** When its last request began, by the database's clock, ISO 8601; '' when it is not told. */
  readonly lastRequestAt: string;
  /** It has written, or has a transaction open. What was written in memory only is not counted: false proves nothing. */
  readonly wrote: boolean;
}

/** Sessions of users in this database, without the connection's own. Sees only itself without VIEW DATABASE STATE: {@link seesOthers}. */
export async function sessions(connection: SqlConnection): Promise<readonly Session[]> {
  const rows = await connection.query(
    `SELECT session_id, program_name, host_name, host_process_id, login_name, status, last_request_start_time, group_id, writes, open_transaction_count ${IN_THIS_DATABASE}`,
  );
  const azures = rows.length === 0 ? new Set() : await azuresOwnGroups(connection);
  return rows
    .filter((row) => !azures.has(Number(row.group_id)))
    .map((row) => ({
      sessionId: Number(row.session_id),
      programName: String(row.program_name ?? '').trim(),
      hostName: String(row.host_name ?? '').trim(),
      hostProcessId: Number(row.host_process_id ?? 0),
      loginName: String(row.login_name ?? ''),
      status: String(row.status ?? ''),
      lastRequestAt: row.last_request_start_time instanceof Date ? row.last_request_start_time.toISOString() : '',
      wrote: Number(row.writes ?? 0) > 0 || Number(row.open_transaction_count ?? 0) > 0,
    }));
}

/** The process that a session belongs to; undefined where its driver names none (tiberius, of Prisma, sends neither). */
export function processOf({ hostName, hostProcessId }: Session): string | undefined {
  return hostName === '' || hostProcessId === 0 ? undefined : `${hostName}/${hostProcessId}`;
}

/**
 * Proof that {@link sessions} shows others: `second`, another connection to the same database, is seen from the first one.
 * @param onFirst asks on that
 */
export async function seesOthers(
  second: SqlConnection,
  onFirst: (look: (connection: SqlConnection) => Promise<boolean>) => Promise<boolean>,
): Promise<boolean> {
  const sessionId = await sessionIdOf(second);
  const isSeen = await onFirst((connection) => seesSession(connection, sessionId));
  // One that was ended meanwhile is seen by nobody, and fails when it is asked again.
  if (!isSeen) await sessionIdOf(second);
  return isSeen;
}

async function sessionIdOf(connection: SqlConnection): Promise<number> {
  const row = await one(connection, 'SELECT @@SPID AS session_id');
  return Number(row.session_id);
}

/** Whose the others are does not matter here, and costs a question more. */
async function seesSession(connection: SqlConnection, sessionId: number): Promise<boolean> {
  const seen = await connection.query(`SELECT session_id ${IN_THIS_DATABASE}`);
  return seen.some((row) => Number(row.session_id) === sessionId);
}

const IN_THIS_DATABASE =
  'FROM sys.dm_exec_sessions WHERE is_user_process = 1 AND database_id = DB_ID() AND session_id <> @@SPID';

/**
 * Workload groups in which Azure itself works: its services have sessions with is_user_process = 1, too, and nobody can end
 * them. Those of users are called UserPrimaryGroup.DB… or DACGroup; a group of a name that is not known counts as a user's
 * only when it begins like one. https://learn.microsoft.com/azure/azure-sql/database/serverless-tier-overview
 */
async function azuresOwnGroups(connection: SqlConnection): Promise<ReadonlySet<unknown>> {
  try {
    const groups = await connection.query('SELECT group_id, name FROM sys.dm_resource_governor_workload_groups');
    return new Set(
      groups
        .filter(({ name }) => typeof name === 'string' && !USERS.test(name))
        .map(({ group_id }) => Number(group_id)),
    );
  } catch (error) {
    // Who may not see the groups takes every session for a user's.
    if (hasNumber(error, ...REFUSED)) return new Set();
    throw error;
  }
}

const USERS = /^(User|DAC|default$)/i;

/** No such object, or no permission to see it. */
const REFUSED: readonly number[] = [208, 229, 262, 297, 300];
