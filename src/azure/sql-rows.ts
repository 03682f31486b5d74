import { hasNumber, type SqlConnection } from '../ports.ts';

/** A table of users, with the rows that it has by the engine's own count. */
export interface TableSeen {
  readonly objectId: number;
  readonly schema: string;
  readonly name: string;
  /** `schema.table`. */
  readonly table: string;
  readonly rows: number;
}

/**
 * The tables that this sign-in may see. The count is exact where nobody writes.
 * https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-partitions-transact-sql
 */
export async function tablesOf(connection: SqlConnection): Promise<readonly TableSeen[]> {
  const rows = await connection.query(TABLES);
  return rows.map((row) => ({
    objectId: Number(row.object),
    schema: String(row.schema),
    name: String(row.table),
    table: `${row.schema}.${row.table}`,
    rows: Number(row.rows),
  }));
}

/** A heap is index 0, a clustered index is 1: the table itself. */
const TABLES = `SELECT t.object_id AS [object], s.name AS [schema], t.name AS [table], SUM(p.rows) AS [rows]
FROM sys.tables AS t
JOIN sys.schemas AS s ON s.schema_id = t.schema_id
JOIN sys.partitions AS p ON p.object_id = t.object_id
WHERE t.is_ms_shipped = 0 AND p.index_id IN (0, 1)
GROUP BY t.object_id, s.name, t.name`;

/** What users wrote to a table since the engine came up, by its own counters. */
export interface Written {
  readonly objectId: number;
  /** Statements that inserted, updated or deleted. */
  readonly statements: number;
  /** When the last of them ended, ISO 8601; '' when it is not told. */
  readonly last: string;
}

/**
 * Undefined where the right to see it (VIEW DATABASE STATE) is missing. A copy that Azure makes counts for nothing, and neither
 * does a statement that was refused. The counters begin anew when the engine starts.
 * https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-db-index-usage-stats-transact-sql
 */
export async function writtenSince(connection: SqlConnection): Promise<readonly Written[] | undefined> {
  try {
    const rows = await connection.query(
      'SELECT object_id, user_updates, last_user_update FROM sys.dm_db_index_usage_stats WHERE database_id = DB_ID() AND user_updates > 0',
    );
    const byTable = new Map<number, Written>();
    for (const row of rows) {
      const objectId = Number(row.object_id);
      const last = row.last_user_update instanceof Date ? row.last_user_update.toISOString() : '';
      // Each index of a table counts the same statements.
      const before = byTable.get(objectId);
      const statements = Math.max(before?.statements ?? 0, Number(row.user_updates));
      byTable.set(objectId, { objectId, statements, last: [before?.last ?? '', last].sort().at(-1) ?? '' });
    }
    return [...byTable.values()];
  } catch (error) {
    if (hasNumber(error, ...REFUSED)) return undefined;
    throw error;
  }
}

/** No such view, or no permission to see it. */
const REFUSED: readonly number[] = [208, 229, 262, 297, 300];
