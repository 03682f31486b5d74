import { type Column, columnAt, columnNamed, type Index, type Table } from '../data/schema.ts';
import { definitionProblem } from '../problem.ts';
import { compileCondition } from '../query/expression.ts';
import { sourceOf } from '../query/from.ts';
import { newScope } from '../query/scope.ts';
import type { ConstraintSyntax, IndexSyntax, KeyColumn } from '../syntax/statements.ts';
import { couldNotCreate, withDefault } from './columns.ts';
import { named } from './constraint-name.ts';
import type { Definer } from './definer.ts';
import { columnsIn, conditionDefinition } from './definition-text.ts';
import { withForeignKey } from './foreign-key.ts';

/** A table with one more constraint, as a definition: rows are not looked at here. */
export function withConstraint(definer: Definer, table: Table, of: ConstraintSyntax, isChecked = true): Table {
  switch (of.kind) {
    case 'default':
      return withDefault(definer, table, of.column, of.name, of.of);
    case 'key':
      return withKey(definer, table, of);
    case 'check':
      return withCheck(definer, table, of, isChecked);
    case 'foreign':
      return withForeignKey(definer, table, of, isChecked);
  }
}

function withKey(definer: Definer, table: Table, of: ConstraintSyntax & { kind: 'key' }): Table {
  if (of.isPrimary && table.indexes.some((one) => one.isPrimary))
    throw definitionProblem(1779, `Table '${table.name}' already has a primary key defined on it.`, couldNotCreate());
  const columns = keyColumns(table, of.columns, 1911);
  if (of.isPrimary) {
    const nullable = columns.find((one) => one.column.isNullable);
    if (nullable !== undefined)
      throw definitionProblem(
        8111,
        `Cannot define PRIMARY KEY constraint on nullable column in table '${table.name}'.`,
        couldNotCreate(),
      );
  }
  const hasClustered = table.indexes.some((one) => one.isClustered);
  const isClustered = of.isClustered ?? (of.isPrimary && !hasClustered);
  if (isClustered && hasClustered)
    throw definitionProblem(
      1902,
      `Cannot create more than one clustered index on table '${table.name}'. Drop the existing clustered index '${table.indexes.find((one) => one.isClustered)?.name}' before creating another.`,
      couldNotCreate(),
    );
  const { id, ...name } = named(definer, table, of.isPrimary ? 'PK' : 'UQ', of.name, undefined);
  const index: Index = {
    ...name,
    id: nextIndexId(table, isClustered),
    constraintId: id,
    isUnique: true,
    isPrimary: of.isPrimary,
    isClustered,
    columns: columns.map(({ column, isDescending }) => ({ place: column.place, isDescending })),
    include: [],
    filter: undefined,
    ignoresDuplicates: false,
    isDisabled: false,
  };
  return { ...table, indexes: [...table.indexes, index] };
}

function nextIndexId(table: Table, isClustered: boolean): number {
  return isClustered ? 1 : Math.max(1, ...table.indexes.map((one) => one.id)) + 1;
}

/** Columns of a key: they exist, once each, and are of types that can be compared. */
function keyColumns(
  table: Table,
  columns: readonly KeyColumn[],
  missing: number,
): { column: Column; isDescending: boolean }[] {
  const seen = new Set<string>();
  return columns.map(({ name, isDescending }) => {
    const column = columnNamed(table, name);
    if (column === undefined)
      throw definitionProblem(
        missing,
        `Column name '${name}' does not exist in the target table or view.`,
        couldNotCreate(),
      );
    if (seen.has(column.name))
      throw definitionProblem(
        1909,
        `Cannot use duplicate column names in index. Column name '${name}' listed more than once.`,
        couldNotCreate(),
      );
    seen.add(column.name);
    if (column.type.length < 0)
      throw definitionProblem(
        1919,
        `Column '${column.name}' in table '${table.name}' is of a type that is invalid for use as a key column in an index.`,
        couldNotCreate(),
      );
    return { column, isDescending };
  });
}

/** A table with one more index. */
export function withIndex(table: Table, of: IndexSyntax): Table {
  if (table.indexes.some((one) => one.name.toLowerCase() === of.name.toLowerCase()))
    throw definitionProblem(
      1913,
      `The operation failed because an index or statistics with name '${of.name}' already exists on table '${table.schema}.${table.name}'.`,
    );
  const clustered = table.indexes.find((one) => one.isClustered);
  if (of.isClustered && clustered !== undefined)
    throw definitionProblem(
      1902,
      `Cannot create more than one clustered index on table '${table.schema}.${table.name}'. Drop the existing clustered index '${clustered.name}' before creating another.`,
    );
  const columns = keyColumns(table, of.columns, 1911);
  const include = of.include.map((name) => {
    const column = columnNamed(table, name);
    if (column === undefined)
      throw definitionProblem(1911, `Column name '${name}' does not exist in the target table or view.`);
    return column.place;
  });
  const index: Index = {
    id: nextIndexId(table, of.isClustered),
    constraintId: undefined,
    name: of.name,
    isSystemNamed: false,
    isUnique: of.isUnique,
    isPrimary: false,
    isClustered: of.isClustered,
    columns: columns.map(({ column, isDescending }) => ({ place: column.place, isDescending })),
    include,
    filter: of.filter === undefined ? undefined : { text: conditionDefinition(of.filter), of: of.filter },
    ignoresDuplicates: of.ignoresDuplicates,
    isDisabled: false,
  };
  return { ...table, indexes: [...table.indexes, index] };
}

function withCheck(
  definer: Definer,
  table: Table,
  of: ConstraintSyntax & { kind: 'check' },
  isTrusted: boolean,
): Table {
  const scope = newScope(undefined);
  scope.sources.push(sourceOf(table, [table.name.toLowerCase(), table.schema.toLowerCase()]));
  if (JSON.stringify(of.of).includes('"kind":"query"'))
    throw definitionProblem(1046, 'Subqueries are not allowed in this context. Only scalar expressions are allowed.');
  compileCondition(definer.compiler(), scope, of.of);
  const uses = columnsIn(of.of).flatMap((name) => columnNamed(table, name)?.place ?? []);
  const column = uses.length === 1 ? columnAt(table, uses[0] ?? 0).name : undefined;
  const check = {
    ...named(definer, table, 'CK', of.name, column),
    text: conditionDefinition(of.of),
    of: of.of,
    uses,
    isEnabled: true,
    isTrusted,
  };
  return { ...table, checks: [...table.checks, check] };
}
