import { type SqlConnection, SqlError } from '../ports.ts';

/**
 * How often queries of users have used tables and indexes of the database that the connection is in, since it came up; undefined
 * where the right to see that (VIEW DATABASE STATE) is missing. Also who connects for an instant leaves a trace here, unlike in the
 * sessions. Questions about views of the server, such as ours, count for nothing.
 * https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-db-index-usage-stats-transact-sql
 */
export async function usesCounted(connection: SqlConnection): Promise<number | undefined> {
  try {
    const rows = await connection.query(
      'SELECT user_seeks, user_scans, user_lookups FROM sys.dm_db_index_usage_stats WHERE database_id = DB_ID()',
    );
    return rows.reduce(
      (sum, row) => sum + Object.values(row).reduce<number>((part, each) => part + Number(each), 0),
      0,
    );
  } catch (error) {
    if (error instanceof SqlError && REFUSED.includes(error.number)) return undefined;
    throw error;
  }
}

/** No such view, or no permission to see it. */
const REFUSED: readonly number[] = [208, 229, 262, 297, 300];
