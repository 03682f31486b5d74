import type { SqlConnection, SqlRow } from '../ports.ts';

/** A column of a table of users, with the rows that the table has by the engine's own count. */
export interface ColumnSeen {
  /** `schema.table`. */
  readonly table: string;
  readonly rows: number;
  readonly column: string;
  /** Such as `nvarchar(50) NULL`. */
  readonly type: string;
}

/**
 * The tables and columns that this sign-in may see. The count of rows is approximate where others write meanwhile.
 * https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-partitions-transact-sql
 */
export async function columnsOf(connection: SqlConnection): Promise<readonly ColumnSeen[]> {
  const [columns, counts] = [await connection.query(COLUMNS), await connection.query(ROWS)];
  const rows = new Map(counts.map((row) => [Number(row.object), Number(row.rows)]));
  return columns.map((row) => ({
    table: `${row.schema}.${row.table}`,
    rows: rows.get(Number(row.object)) ?? 0,
    column: String(row.column),
    type: typeText(row),
  }));
}

const COLUMNS = `SELECT t.object_id AS [object], s.name AS [schema], t.name AS [table], c.name AS [column], y.name AS [type],
  c.max_length AS [length], c.precision AS [precision], c.scale AS [scale], c.is_nullable AS [nullable]
FROM sys.tables AS t
JOIN sys.schemas AS s ON s.schema_id = t.schema_id
JOIN sys.columns AS c ON c.object_id = t.object_id
JOIN sys.types AS y ON y.user_type_id = c.user_type_id
WHERE t.is_ms_shipped = 0
ORDER BY s.name, t.name, c.column_id`;

/** A heap is index 0, a clustered index is 1: the table itself. */
const ROWS = `SELECT p.object_id AS [object], SUM(p.rows) AS [rows]
FROM sys.partitions AS p WHERE p.index_id IN (0, 1) GROUP BY p.object_id`;

function typeText({ type, length, precision, scale, nullable }: SqlRow): string {
  return `${type}${sizeText(String(type), Number(length), Number(precision), Number(scale))} ${nullable ? 'NULL' : 'NOT NULL'}`;
}

function sizeText(type: string, length: number, precision: number, scale: number): string {
  if (/^n?(var)?char$|^(var)?binary$/.test(type)) {
    if (length === -1) return '(max)';
    return `(${type.startsWith('n') ? length / 2 : length})`;
  }
  if (type === 'decimal' || type === 'numeric') return `(${precision},${scale})`;
  return /^(datetime2|datetimeoffset|time)$/.test(type) ? `(${scale})` : '';
}
