import { type Column, columnNamed, type Table, tablesOf } from '../data/schema.ts';
import { ContentProblem, definitionProblem } from '../problem.ts';
import { type Definer, schemaOf } from './definer.ts';
import { columnsIn } from './definition-text.ts';

export interface Dependent {
  readonly kind: 'object' | 'index' | 'column';
  readonly what: 'default' | 'check' | 'foreign' | 'key' | 'index' | 'computed';
  readonly name: string;
}

/** What depends on a column: 5074 names each of them. */
export function dependentsOf(definer: Definer, table: Table, column: Column): Dependent[] {
  const { place } = column;
  const referencing = tablesOf(schemaOf(definer)).flatMap((one) =>
    one.foreignKeys.filter((key) => key.to === table.id && key.toColumns.includes(place)),
  );
  return [
    ...(column.default === undefined
      ? []
      : [{ kind: 'object' as const, what: 'default' as const, name: column.default.name }]),
    ...table.checks
      .filter((one) => one.uses.includes(place))
      .map((one) => ({ kind: 'object' as const, what: 'check' as const, name: one.name })),
    ...table.foreignKeys
      .filter((one) => one.columns.includes(place))
      .map((one) => ({ kind: 'object' as const, what: 'foreign' as const, name: one.name })),
    ...referencing.map((one) => ({ kind: 'object' as const, what: 'foreign' as const, name: one.name })),
    ...table.indexes
      .filter(
        (one) =>
          one.columns.some((key) => key.place === place) ||
          one.include.includes(place) ||
          (one.filter !== undefined && columnsIn(one.filter.of).includes(column.name.toLowerCase())),
      )
      .map((one) => ({
        kind: one.constraintId === undefined ? ('index' as const) : ('object' as const),
        what: one.constraintId === undefined ? ('index' as const) : ('key' as const),
        name: one.name,
      })),
    ...table.columns
      .filter((one) => one.computed !== undefined && columnsIn(one.computed.of).includes(column.name.toLowerCase()))
      .map((one) => ({ kind: 'column' as const, what: 'computed' as const, name: one.name })),
  ];
}

/** 5074 for the first of them, and 4922 after it. */
export function blocked(column: Column, dependents: readonly Dependent[], what: string): ContentProblem {
  const [first] = dependents;
  const next = new ContentProblem(
    4922,
    `ALTER TABLE ${what} ${column.name} failed because one or more objects access this column.`,
  );
  return definitionProblem(
    5074,
    `The ${first?.kind} '${first?.name}' is dependent on column '${column.name}'.`,
    next.fault,
  );
}

export function requireColumn(table: Table, name: string, what: string): Column {
  const column = columnNamed(table, name);
  if (column === undefined)
    throw definitionProblem(
      4924,
      `ALTER TABLE ${what} failed because column '${name}' does not exist in table '${table.name}'.`,
    );
  return column;
}
