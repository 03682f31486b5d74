import { hasNumber, type SqlConnection } from '../ports.ts';
import { one } from './sql-row.ts';
import { quoted } from './sql-statements.ts';

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
    if (hasNumber(error, EXISTS)) return false;
    throw error;
  }
}

/** Whether the connection's session is still there, and with it what lives as long as the session. */
export async function isAlive(connection: SqlConnection): Promise<boolean> {
  const row = await one(connection, 'SELECT @@SPID AS session_id');
  return Number(row.session_id) > 0;
}
