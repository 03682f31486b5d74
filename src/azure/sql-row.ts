import { type SqlConnection, SqlError, type SqlRow } from '../ports.ts';

/** The one row that a statement answers. */
export async function one(
  connection: SqlConnection,
  statement: string,
  parameters?: Parameters<SqlConnection['query']>[1],
): Promise<SqlRow> {
  const [row] = await connection.query(statement, parameters);
  if (row === undefined) throw new SqlError(0, `The database answered no row to: ${statement}`);
  return row;
}
