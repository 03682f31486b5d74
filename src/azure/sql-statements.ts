import { hasNumber, type SqlConnection, SqlError } from '../ports.ts';
import { azureSaid } from './failure.ts';
import { one } from './sql-row.ts';

/** How a change of state deals with those who are in the database: refuse at once, or end their transactions. */
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
 * Not by 5069: it comes with every `ALTER DATABASE` that failed, whatever the reason.
 * https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
 */
export function isOccupied(error: unknown): boolean {
  if (error instanceof SqlError) return hasNumber(error, 5030, 5061, 5064, 5070);
  const said = azureSaid(error);
  return said !== undefined && (said.code === '5030' || /exclusively locked/i.test(said.message));
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

/** Tries to write and rolls it back. True when the database refused with 3906, "the database is read-only". */
export async function refusesWrites(connection: SqlConnection): Promise<boolean> {
  try {
    await connection.query(
      'SET XACT_ABORT ON; BEGIN TRANSACTION; CREATE TABLE [zdd_write_proof] ([id] int NOT NULL); ROLLBACK TRANSACTION',
    );
    return false;
  } catch (error) {
    if (hasNumber(error, 3906)) return true;
    throw error;
  }
}

/** What the schema version query brought: a version, or why there is none in this database. */
export interface SchemaAnswer {
  readonly schemaVersion?: string | undefined;
  /** SQL Server's words. */
  readonly schemaRefused?: string | undefined;
}

/**
 * Asks for the schema version. A query that the server refuses is an answer, too: it may be wrong, or this database may not be the
 * one that has the table. A connection that broke is not: {@link isBroken}.
 */
export async function askSchemaVersion(connection: SqlConnection, query: string): Promise<SchemaAnswer> {
  try {
    return { schemaVersion: await schemaVersion(connection, query) };
  } catch (error) {
    if (error instanceof SqlError && !isBroken(error)) return { schemaRefused: error.message };
    throw error;
  }
}

/**
 * The connection itself failed; SQL Server closes it on errors of class 20 and above. 596 is heard by a session that somebody, or a
 * failover, has ended. https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
 */
export function isBroken(error: unknown): boolean {
  return error instanceof SqlError && (error.number === 0 || hasNumber(error, 596, 40197, 40501, 40613));
}

/** Once more where the connection broke: for what only reads. */
export function again<T>(look: () => Promise<T>): Promise<T> {
  return look().catch((error: unknown) => {
    if (!isBroken(error)) throw error;
    return look();
  });
}

/** The first column of the first row that the query answers, as text; empty when there is no row. */
async function schemaVersion(connection: SqlConnection, query: string): Promise<string> {
  const [row] = await connection.query(query);
  const value = row === undefined ? undefined : Object.values(row)[0];
  if (value === undefined || value === null) return '';
  return value instanceof Date ? value.toISOString() : String(value);
}
