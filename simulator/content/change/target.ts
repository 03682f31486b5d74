import { catalogueView } from '../catalogue/views.ts';
import type { Column, Table } from '../data/schema.ts';
import { columnNamed } from '../data/schema.ts';
import { ContentProblem, unknownSql } from '../problem.ts';
import { type Compiler, findSource, missingObject, splitName } from '../query/compiler.ts';
import type { Target } from '../syntax/ast.ts';

/** The table that a statement changes. Views and common table expressions are refused by name. */
export function requireTarget(compiler: Compiler, target: Target): Table {
  if (target.kind === 'variable') {
    const table = compiler.temporary.get(`@${target.name}`);
    if (table === undefined) throw new ContentProblem(1087, `Must declare the table variable "@${target.name}".`, 15);
    return table;
  }
  if (target.name.length === 1 && compiler.common.has((target.name[0] ?? '').toLowerCase()))
    throw unknownSql('a change through a common table expression');
  const found = findSource(compiler, target.name);
  if (found === undefined) {
    const parts = splitName(compiler, target.name);
    if (catalogueView(compiler.caller, parts.schema, parts.name) !== undefined)
      throw new ContentProblem(259, 'Ad hoc updates to system catalogs are not allowed.', 16, 'scope');
    throw missingObject(target.name);
  }
  if (found.kind === 'view') throw unknownSql('a change through a view');
  return found;
}

/** The columns that an INSERT fills, in its order. */
export function columnsFor(
  table: Table,
  names: readonly string[],
  count: number | undefined,
  identityInsert: number | undefined,
): Column[] {
  if (names.length === 0) {
    const columns = table.columns.filter((column) => column.identity === undefined && column.computed === undefined);
    if (count !== undefined && count !== columns.length) {
      const all = table.columns.filter((column) => column.computed === undefined);
      if (count === all.length && identityInsert !== table.id)
        throw new ContentProblem(
          8101,
          `An explicit value for the identity column in table '${table.name}' can only be specified when a column list is used and IDENTITY_INSERT is ON.`,
        );
      throw new ContentProblem(213, 'Column name or number of supplied values does not match table definition.');
    }
    return columns;
  }
  const columns = names.map((name) => {
    const column = columnNamed(table, name);
    if (column === undefined) throw new ContentProblem(207, `Invalid column name '${name}'.`);
    if (column.computed !== undefined) throw computedColumn(column.name);
    if (column.type.name === 'rowversion')
      throw new ContentProblem(
        273,
        'Cannot insert an explicit value into a timestamp column. Use INSERT with a column list to exclude the timestamp column, or insert a DEFAULT into the timestamp column.',
        16,
        'scope',
      );
    return column;
  });
  for (const [place, column] of columns.entries())
    if (columns.indexOf(column) !== place)
      throw new ContentProblem(
        264,
        `The column name '${column.name}' is specified more than once in the SET clause or column list of an INSERT. A column cannot be assigned more than one value in the same clause. Modify the clause to make sure that a column is updated only once. If this statement updates or inserts columns into a view, column aliasing can conceal the duplication in your code.`,
        16,
        'scope',
      );
  return columns;
}

export function computedColumn(name: string): ContentProblem {
  return new ContentProblem(
    271,
    `The column "${name}" cannot be modified because it is either a computed column or is the result of a UNION operator.`,
    16,
    'scope',
  );
}
