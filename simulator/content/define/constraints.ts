import { indexFor } from '../change/foreign.ts';
import {
  type Column,
  columnAt,
  columnNamed,
  type ForeignKey,
  findObject,
  type Index,
  type Table,
  tablesOf,
} from '../data/schema.ts';
import { definitionProblem, unknownSql } from '../problem.ts';
import { splitName } from '../query/compiler.ts';
import { compileCondition } from '../query/expression.ts';
import { sourceOf } from '../query/from.ts';
import { newScope } from '../query/scope.ts';
import type { ConstraintSyntax, IndexSyntax, KeyColumn } from '../syntax/statements.ts';
import { familyOf, nameOf } from '../values/sql-type.ts';
import { couldNotCreate, withDefault } from './columns.ts';
import { type Definer, nextId, requireFree, schemaOf, systemName } from './definer.ts';
import { columnsIn, conditionDefinition } from './definition-text.ts';

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

function named(definer: Definer, table: Table, prefix: string, name: string | undefined, column: string | undefined) {
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

export function nextIndexId(table: Table, isClustered: boolean): number {
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

function withForeignKey(
  definer: Definer,
  table: Table,
  of: ConstraintSyntax & { kind: 'foreign' },
  isTrusted: boolean,
): Table {
  if (table.home !== 'content') throw unknownSql('a foreign key of a temporary table');
  const parts = splitName(definer.compiler(), of.table);
  const isSelf =
    parts.name.toLowerCase() === table.name.toLowerCase() && parts.schema.toLowerCase() === table.schema.toLowerCase();
  const to = isSelf ? table : findObject(schemaOf(definer), parts.schema, parts.name);
  const name = named(definer, table, 'FK', of.name, of.columns[0]);
  if (to?.kind !== 'table')
    throw definitionProblem(
      1767,
      `Foreign key '${name.name}' references invalid table '${of.table.join('.')}'.`,
      couldNotCreate(),
    );
  const columns = of.columns.map((one) => {
    const column = columnNamed(table, one);
    if (column === undefined)
      throw definitionProblem(
        1769,
        `Foreign key '${name.name}' references invalid column '${one}' in referencing table '${table.name}'.`,
        couldNotCreate(),
      );
    return column;
  });
  const primary = to.indexes.find((one) => one.isPrimary);
  if (of.to.length === 0 && primary === undefined)
    throw definitionProblem(
      1773,
      `Foreign key '${name.name}' has implicit reference to object '${of.table.join('.')}' which does not have a primary key defined on it.`,
      couldNotCreate(),
    );
  const targets =
    of.to.length === 0
      ? (primary?.columns ?? []).map(({ place }) => columnAt(to, place))
      : of.to.map((one) => {
          const column = columnNamed(to, one);
          if (column === undefined)
            throw definitionProblem(
              1770,
              `Foreign key '${name.name}' references invalid column '${one}' in referenced table '${to.name}'.`,
              couldNotCreate(),
            );
          return column;
        });
  if (columns.length !== targets.length)
    throw definitionProblem(
      8139,
      `Number of referencing columns in foreign key differs from number of referenced columns, table '${table.name}'.`,
      couldNotCreate(),
    );
  if (
    indexFor(
      to,
      targets.map((one) => one.place),
    ) === undefined
  )
    throw definitionProblem(
      1776,
      `There are no primary or candidate keys in the referenced table '${of.table.join('.')}' that match the referencing column list in the foreign key '${name.name}'.`,
      couldNotCreate(),
    );
  for (const [place, column] of columns.entries())
    requireSameType(to, targets[place] ?? column, table, column, name.name);
  const key: ForeignKey = {
    ...name,
    columns: columns.map((one) => one.place),
    to: to.id,
    toColumns: targets.map((one) => one.place),
    onDelete: of.onDelete,
    onUpdate: of.onUpdate,
    isEnabled: true,
    isTrusted,
  };
  requireOnePath(definer, table, key);
  return { ...table, foreignKeys: [...table.foreignKeys, key] };
}

function requireSameType(to: Table, target: Column, table: Table, column: Column, name: string): void {
  const [a, b] = [target.type, column.type];
  if (nameOf(a) !== nameOf(b))
    throw definitionProblem(
      1778,
      `Column '${to.schema}.${to.name}.${target.name}' is not the same data type as referencing column '${table.name}.${column.name}' in foreign key '${name}'.`,
      couldNotCreate(),
    );
  if (familyOf(a) === 'decimal' && (a.precision !== b.precision || a.scale !== b.scale))
    throw definitionProblem(
      1753,
      `Column '${to.schema}.${to.name}.${target.name}' is not the same length or scale as referencing column '${table.name}.${column.name}' in foreign key '${name}'. Columns participating in a foreign key relationship must be defined with the same length and scale.`,
      couldNotCreate(),
    );
}

/** 1785: no table may be reached by two chains of cascades, or by one from itself. */
function requireOnePath(definer: Definer, table: Table, key: ForeignKey): void {
  if (key.onDelete === 'NO ACTION' && key.onUpdate === 'NO ACTION') return;
  const others = tablesOf(schemaOf(definer)).filter((one) => one.id !== table.id);
  const all = [...others, { ...table, foreignKeys: [...table.foreignKeys, key] }];
  const cascading = (to: number) =>
    all.flatMap((one) =>
      one.foreignKeys
        .filter((each) => each.to === to && (each.onDelete !== 'NO ACTION' || each.onUpdate !== 'NO ACTION'))
        .map(() => one.id),
    );
  for (const start of all) {
    const reached = new Set<number>([start.id]);
    const queue = [start.id];
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      for (const next of cascading(at)) {
        if (reached.has(next))
          throw definitionProblem(
            1785,
            `Introducing FOREIGN KEY constraint '${key.name}' on table '${table.name}' may cause cycles or multiple cascade paths. Specify ON DELETE NO ACTION or ON UPDATE NO ACTION, or modify other FOREIGN KEY constraints.`,
            couldNotCreate(),
          );
        reached.add(next);
        queue.push(next);
      }
    }
  }
}
