import { type SqlConnection, SqlError, type SqlRow } from '../ports.ts';
import { azureSaid } from './failure.ts';

/** A session in the database that the connection is in, other than the connection's own. */
export interface Session {
  readonly sessionId: number;
  readonly programName: string;
  readonly hostName: string;
  /** The client's process id; with the host name it tells processes apart. */
  readonly hostProcessId: number;
  readonly loginName: string;
  /** ISO 8601, UTC. */
  readonly loginTime: string;
  /** `running`, `sleeping`, `dormant`, `preconnect`. */
  readonly status: string;
}

/** How a change of state deals with whoever is in the database: refuse at once, or end their transactions. */
export type Termination = 'NO_WAIT' | 'ROLLBACK IMMEDIATE';

/** `[name]`, with `]` doubled. */
export function quoted(identifier: string): string {
  return `[${identifier.replaceAll(']', ']]')}]`;
}

export async function isReadOnly(connection: SqlConnection): Promise<boolean> {
  const row = await one(connection, 'SELECT is_read_only FROM sys.databases WHERE name = DB_NAME()');
  return row.is_read_only === true || row.is_read_only === 1;
}

/**
 * Sets the database that the connection is in READ_ONLY; the write waits for nobody unless told to. Any other connection to it, ours too,
 * makes `NO_WAIT` fail: see {@link isOccupied}.
 */
export async function setReadOnly(
  connection: SqlConnection,
  database: string,
  termination: Termination = 'NO_WAIT',
): Promise<void> {
  await connection.query(`ALTER DATABASE ${quoted(database)} SET READ_ONLY WITH ${termination}`);
}

/** Sets it READ_WRITE. Nobody can lose a write by it: until then all were refused. */
export async function setReadWrite(
  connection: SqlConnection,
  database: string,
  termination: Termination = 'NO_WAIT',
): Promise<void> {
  await connection.query(`ALTER DATABASE ${quoted(database)} SET READ_WRITE WITH ${termination}`);
}

/**
 * True when a change of state (by SQL) or of name (by ARM) was refused because somebody is in the database.
 * https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
 */
export function isOccupied(error: unknown): boolean {
  if (error instanceof SqlError) return [5030, 5061, 5064, 5069, 5070].includes(error.number);
  const said = azureSaid(error);
  return said !== undefined && (said.code === '5030' || /exclusively locked/i.test(said.message));
}

/** User sessions in this database, without the connection's own. Sees only itself without VIEW DATABASE STATE: {@link seesOthers}. */
export async function sessions(connection: SqlConnection): Promise<readonly Session[]> {
  const rows = await connection.query(
    'SELECT session_id, program_name, host_name, host_process_id, login_name, login_time, status ' +
      'FROM sys.dm_exec_sessions WHERE is_user_process = 1 AND database_id = DB_ID() AND session_id <> @@SPID',
  );
  return rows.map((row) => ({
    sessionId: Number(row.session_id),
    programName: String(row.program_name ?? '').trim(),
    hostName: String(row.host_name ?? '').trim(),
    hostProcessId: Number(row.host_process_id ?? 0),
    loginName: String(row.login_name ?? ''),
    loginTime: row.login_time instanceof Date ? row.login_time.toISOString() : String(row.login_time ?? ''),
    status: String(row.status ?? ''),
  }));
}

/** Proof that {@link sessions} shows others: `second`, another connection to the same database, is seen from `connection`. */
export async function seesOthers(connection: SqlConnection, second: SqlConnection): Promise<boolean> {
  const other = await one(second, 'SELECT @@SPID AS session_id');
  const seen = await sessions(connection);
  return seen.some((session) => session.sessionId === Number(other.session_id));
}

/** Whether we hold a permission on this database, such as `ALTER` or `VIEW DATABASE STATE`. */
export async function permitted(connection: SqlConnection, permission: string): Promise<boolean> {
  const row = await one(connection, "SELECT HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', @permission) AS permitted", {
    permission,
  });
  return Number(row.permitted) === 1;
}

/** The database's own clock: UTC, ISO 8601, always 7 decimals. */
export async function serverTime(connection: SqlConnection): Promise<string> {
  const row = await one(connection, 'SELECT CONVERT(varchar(33), SYSUTCDATETIME(), 126) AS now');
  const [seconds, decimals = ''] = String(row.now).replace(/Z$/, '').split('.');
  return `${seconds}.${decimals.padEnd(7, '0').slice(0, 7)}Z`;
}

/** Takes the exclusive lock of this name for the connection's life. False when somebody else holds it. */
export async function takeLock(connection: SqlConnection, resource: string): Promise<boolean> {
  const row = await one(
    connection,
    "DECLARE @result int; EXEC @result = sp_getapplock @Resource = @resource, @LockMode = N'Exclusive', " +
      "@LockOwner = N'Session', @LockTimeout = 0; SELECT @result AS result",
    { resource },
  );
  return Number(row.result) >= 0;
}

/** Whether this connection (still) holds the lock. */
export async function holdsLock(connection: SqlConnection, resource: string): Promise<boolean> {
  const row = await one(connection, "SELECT APPLOCK_MODE(N'public', @resource, N'Session') AS mode", { resource });
  return row.mode === 'Exclusive';
}

/** Objects that exist already: somebody else's. */
const EXISTS = 2714;

/**
 * A lock by other means, for databases that refuse application locks: a global temporary table. It lives in tempdb even when
 * the database is READ_ONLY, belongs to one database, and goes with the session that made it.
 * https://learn.microsoft.com/sql/t-sql/statements/create-table-transact-sql#database-scoped-global-temporary-tables-in-azure-sql-database
 */
export async function takeTableLock(connection: SqlConnection, resource: string): Promise<boolean> {
  try {
    await connection.query(`CREATE TABLE ${quoted(`##${resource}`)} ([held] bit NOT NULL)`);
    return true;
  } catch (error) {
    if (error instanceof SqlError && error.number === EXISTS) return false;
    throw error;
  }
}

/** Whether the connection's session is still there, and with it what lives as long as the session. */
export async function isAlive(connection: SqlConnection): Promise<boolean> {
  const row = await one(connection, 'SELECT @@SPID AS session_id');
  return Number(row.session_id) > 0;
}

export async function releaseLock(connection: SqlConnection, resource: string): Promise<void> {
  await connection.query("EXEC sp_releaseapplock @Resource = @resource, @LockOwner = N'Session'", { resource });
}

/** Tries to write and rolls it back. True when the database refused with 3906, "the database is read-only". */
export async function refusesWrites(connection: SqlConnection): Promise<boolean> {
  try {
    await connection.query(
      'SET XACT_ABORT ON; BEGIN TRANSACTION; CREATE TABLE [zdd_write_proof] ([id] int NOT NULL); ROLLBACK TRANSACTION',
    );
    return false;
  } catch (error) {
    if (error instanceof SqlError && error.number === 3906) return true;
    throw error;
  }
}

/** The first column of the first row that the query answers, as text; empty when there is no row. */
export async function schemaVersion(connection: SqlConnection, query: string): Promise<string> {
  const [row] = await connection.query(query);
  const value = row === undefined ? undefined : Object.values(row)[0];
  if (value === undefined || value === null) return '';
  return value instanceof Date ? value.toISOString() : String(value);
}

/** Whether the database knows a user of this name: an identity `app`, of a slot `app/slots/slot`. */
export async function userExists(connection: SqlConnection, name: string): Promise<boolean> {
  const row = await one(connection, 'SELECT COUNT(*) AS users FROM sys.database_principals WHERE name = @name', {
    name,
  });
  return Number(row.users) > 0;
}

async function one(
  connection: SqlConnection,
  statement: string,
  parameters?: Parameters<SqlConnection['query']>[1],
): Promise<SqlRow> {
  const [row] = await connection.query(statement, parameters);
  if (row === undefined) throw new SqlError(0, `The database answered no row to: ${statement}`);
  return row;
}
