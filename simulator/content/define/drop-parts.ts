import { type Table, tablesOf } from '../data/schema.ts';
import { ContentProblem, definitionProblem } from '../problem.ts';
import type { TableChange } from '../syntax/statements.ts';
import { type Definer, schemaOf } from './definer.ts';
import { blocked, dependentsOf, requireColumn } from './dependents.ts';
import { rebuild } from './rebuild.ts';

type Parts = (TableChange & { kind: 'drop' })['parts'];

/** ALTER TABLE … DROP: constraints and columns. */
export function dropParts(definer: Definer, table: Table, parts: Parts): void {
  let altered = table;
  for (const part of parts)
    altered =
      part.kind === 'constraint'
        ? withoutConstraint(definer, altered, part.name, part.ifExists)
        : withoutColumn(definer, altered, part.name, part.ifExists);
  if (altered !== table) rebuild(definer, altered);
}

function withoutColumn(definer: Definer, table: Table, name: string, ifExists: boolean): Table {
  if (ifExists && !table.columns.some((one) => one.name.toLowerCase() === name.toLowerCase())) return table;
  const column = requireColumn(table, name, 'DROP COLUMN');
  const dependents = dependentsOf(definer, table, column);
  if (dependents.length > 0) throw blocked(column, dependents, 'DROP COLUMN');
  if (table.columns.length === 1)
    throw definitionProblem(
      4923,
      `ALTER TABLE DROP COLUMN failed because '${column.name}' is the only data column in table '${table.name}'. A table must have at least one data column.`,
    );
  return { ...table, columns: table.columns.filter((one) => one !== column) };
}

function withoutConstraint(definer: Definer, table: Table, name: string, ifExists: boolean): Table {
  const isIt = (one: { readonly name: string }) => one.name.toLowerCase() === name.toLowerCase();
  const index = table.indexes.find((one) => one.constraintId !== undefined && isIt(one));
  if (index !== undefined) {
    const places = index.columns.map((one) => one.place);
    for (const other of tablesOf(schemaOf(definer))) {
      const key = other.foreignKeys.find(
        (one) =>
          one.to === table.id &&
          one.toColumns.length === places.length &&
          one.toColumns.every((place) => places.includes(place)),
      );
      if (key !== undefined)
        throw definitionProblem(
          3725,
          `The constraint '${index.name}' is being referenced by table '${other.name}', foreign key constraint '${key.name}'.`,
          couldNotDrop(),
        );
    }
    return { ...table, indexes: table.indexes.filter((one) => one !== index) };
  }
  if (table.checks.some(isIt)) return { ...table, checks: table.checks.filter((one) => !isIt(one)) };
  if (table.foreignKeys.some(isIt)) return { ...table, foreignKeys: table.foreignKeys.filter((one) => !isIt(one)) };
  const column = table.columns.find((one) => one.default !== undefined && isIt(one.default));
  if (column !== undefined)
    return { ...table, columns: table.columns.map((one) => (one === column ? { ...one, default: undefined } : one)) };
  if (ifExists) return table;
  throw definitionProblem(3728, `'${name}' is not a constraint.`, couldNotDrop());
}

function couldNotDrop() {
  return new ContentProblem(3727, 'Could not drop constraint. See previous errors.').fault;
}
