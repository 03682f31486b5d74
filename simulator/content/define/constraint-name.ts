import type { Table } from '../data/schema.ts';
import { definitionProblem } from '../problem.ts';
import { couldNotCreate } from './columns.ts';
import { type Definer, nextId, requireFree, systemName } from './definer.ts';

/** The id and the name of a constraint; 2714 for a name that is taken. */
export function named(
  definer: Definer,
  table: Table,
  prefix: string,
  name: string | undefined,
  column: string | undefined,
) {
  const id = nextId(definer, table.home);
  if (name !== undefined && table.home === 'content') {
    requireFree(definer, table.schema, name);
    requireNoOwn(table, name);
  }
  return { id, name: name ?? systemName(definer, prefix, table.name, column, id), isSystemNamed: name === undefined };
}

/** A name that the table's own definition gave away already. */
function requireNoOwn(table: Table, name: string): void {
  const all = [
    ...table.checks,
    ...table.foreignKeys,
    ...table.indexes,
    ...table.columns.flatMap((one) => one.default ?? []),
  ];
  if (all.some((one) => one.name.toLowerCase() === name.toLowerCase()))
    throw definitionProblem(2714, `There is already an object named '${name}' in the database.`, couldNotCreate());
}
