import type { SqlConnection } from '../ports.ts';
import { one } from './sql-row.ts';

/** A session in the database that the connection is in, other than the connection's own. */
export interface Session {
  readonly sessionId: number;
  readonly programName: string;
  readonly hostName: string;
  /** The client's process id; with the host name it tells processes apart. */
  readonly hostProcessId: number;
  readonly loginName: string;
  /** `running`, `sleeping`, `dormant`, `preconnect`. */
  readonly status: string;
}

/** User sessions in this database, without the connection's own. Sees only itself without VIEW DATABASE STATE: {@link seesOthers}. */
export async function sessions(connection: SqlConnection): Promise<readonly Session[]> {
  const rows = await connection.query(
    'SELECT session_id, program_name, host_name, host_process_id, login_name, status ' +
      'FROM sys.dm_exec_sessions WHERE is_user_process = 1 AND database_id = DB_ID() AND session_id <> @@SPID',
  );
  return rows.map((row) => ({
    sessionId: Number(row.session_id),
    programName: String(row.program_name ?? '').trim(),
    hostName: String(row.host_name ?? '').trim(),
    hostProcessId: Number(row.host_process_id ?? 0),
    loginName: String(row.login_name ?? ''),
    status: String(row.status ?? ''),
  }));
}

/** Proof that {@link sessions} shows others: `second`, another connection to the same database, is seen from `connection`. */
export async function seesOthers(connection: SqlConnection, second: SqlConnection): Promise<boolean> {
  const other = await one(second, 'SELECT @@SPID AS session_id');
  const seen = await sessions(connection);
  return seen.some((session) => session.sessionId === Number(other.session_id));
}
