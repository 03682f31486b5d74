import { type SqlConnection, SqlError } from '../ports.ts';
import { type TableSeen, tablesOf } from './sql-rows.ts';
import { isBroken, quoted } from './sql-statements.ts';

/** A table of users with what tells its content from another. */
export interface TableContent extends TableSeen {
  /** The engine's checksum of all its rows; undefined where it was not asked, or cannot make one. */
  readonly sum: number | undefined;
}

/** Pages of 8 KiB: what takes longer than some seconds to read is told by its rows alone. */
const MOST_PAGES = 131_072;

/**
 * All tables by their object id, with checksums where the database is small enough for them. The engine reads the rows; what comes
 * back is a number a table. Types that cannot be compared (`xml`, `text`) are not in it.
 * https://learn.microsoft.com/sql/t-sql/functions/binary-checksum-transact-sql
 * @param sums whether to ask for checksums; undefined: where there are few enough pages
 */
export async function contentOf(connection: SqlConnection, sums?: boolean): Promise<readonly TableContent[]> {
  const tables = [...(await tablesOf(connection))].sort((one, other) => one.objectId - other.objectId);
  const isAsked = sums ?? (await pagesOf(connection)) <= MOST_PAGES;
  const content: TableContent[] = [];
  for (const table of tables) content.push({ ...table, sum: isAsked ? await sumOf(connection, table) : undefined });
  return content;
}

/** Of all that is stored, indexes and large values included. More than any limit where that may not be seen. */
async function pagesOf(connection: SqlConnection): Promise<number> {
  const rows = await connection
    .query('SELECT SUM(a.used_pages) AS [pages] FROM sys.allocation_units AS a')
    .catch(orRefused);
  return rows === undefined ? Number.POSITIVE_INFINITY : Number(rows[0]?.pages ?? 0);
}

async function sumOf(connection: SqlConnection, { schema, name, rows }: TableSeen): Promise<number | undefined> {
  if (rows === 0) return 0;
  const found = await connection
    .query(`SELECT CHECKSUM_AGG(BINARY_CHECKSUM(*)) AS [sum] FROM ${quoted(schema)}.${quoted(name)}`)
    .catch(orRefused);
  return found === undefined ? undefined : Number(found[0]?.sum ?? 0);
}

/** What the server refuses it refuses again; over a connection that broke nobody was asked. */
function orRefused(error: unknown): undefined {
  if (error instanceof SqlError && !isBroken(error)) return undefined;
  throw error;
}
