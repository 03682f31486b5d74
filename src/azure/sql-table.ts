import type { SqlConnection, SqlRow } from '../ports.ts';
import { quoted } from './sql-statements.ts';

/** The rows of a table by some of its columns. @param table `schema.table`, as the catalogue names it. */
export async function rowsOfTable(
  connection: SqlConnection,
  { schema, name }: { readonly schema: string; readonly name: string },
  columns: readonly string[],
): Promise<readonly SqlRow[]> {
  return connection.query(`SELECT ${columns.map(quoted).join(', ')} FROM ${quoted(schema)}.${quoted(name)}`);
}
