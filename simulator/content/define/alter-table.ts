import { rowVersion } from '../change/rows.ts';
import { rulesOf } from '../change/rules.ts';
import type { Column, Table } from '../data/schema.ts';
import { definitionProblem } from '../problem.ts';
import { findSource } from '../query/compiler.ts';
import type { Name } from '../syntax/ast.ts';
import type { TableChange } from '../syntax/statements.ts';
import type { Value } from '../values/value.ts';
import { alterColumn } from './alter-column.ts';
import { withColumn } from './columns.ts';
import { withConstraint, withIndex } from './constraints.ts';
import type { Definer } from './definer.ts';
import { dropParts } from './drop-parts.ts';
import { rebuild, requireKept } from './rebuild.ts';

/** ALTER TABLE. */
export function alterTable(definer: Definer, name: Name, change: TableChange): void {
  const table = findSource(definer.compiler(), name);
  if (table === undefined)
    throw definitionProblem(
      4902,
      `Cannot find the object "${name.join('.')}" because it does not exist or you do not have permissions.`,
    );
  if (table.kind === 'view')
    throw definitionProblem(4909, `Cannot alter '${name.join('.')}' because it is not a table.`);
  switch (change.kind) {
    case 'add':
      add(definer, table, change);
      return;
    case 'drop':
      dropParts(definer, table, change.parts);
      return;
    case 'alter-column':
      alterColumn(definer, table, change);
      return;
    case 'check':
      enable(definer, table, change);
      return;
    case 'nothing':
      undefined;
      return;
  }
}

function add(definer: Definer, table: Table, change: TableChange & { kind: 'add' }): void {
  const { parts } = change;
  const isEmpty = definer.env.data(table).rows.size === 0;
  let altered = table;
  for (const column of parts.columns) altered = withColumn(definer, altered, column);
  const added = altered.columns.slice(table.columns.length);
  for (const column of added) if (!isEmpty) requireFillable(table, column);
  for (const one of [...parts.columns.flatMap((column) => column.constraints), ...parts.constraints])
    altered = withConstraint(definer, altered, one, change.isChecked);
  for (const index of parts.indexes) altered = withIndex(altered, index);
  const ids = new Set([...table.checks, ...table.foreignKeys].map((one) => one.id));
  if (added.length > 0) {
    const rules = rulesOf(definer.compiler(), altered);
    const fills = added.map((column) => filler(definer, column, change.withValues, rules));
    rebuild(definer, altered, (row) => {
      const values: Value[] = [...row];
      for (const [place, column] of added.entries()) values[column.place] = fills[place]?.(values) ?? null;
      return values;
    });
    keepIdentity(definer, altered, added);
  } else rebuild(definer, altered);
  if (change.isChecked) requireKept(definer, altered, (id) => !ids.has(id));
}

/** 4901: old rows need a value. */
function requireFillable(table: Table, column: Column): void {
  const isFilled =
    column.isNullable ||
    column.default !== undefined ||
    column.identity !== undefined ||
    column.computed !== undefined ||
    column.type.name === 'rowversion';
  if (isFilled) return;
  throw definitionProblem(
    4901,
    `ALTER TABLE only allows columns to be added that can contain nulls, or have a DEFAULT definition specified, or the column being added is an identity or timestamp column, or alternatively if none of the previous conditions are satisfied the table must be empty to allow addition of this column. Column '${column.name}' cannot be added to non-empty table '${table.name}' because it does not satisfy these conditions.`,
  );
}

/** What a new column holds in old rows: NULL, unless it must hold its default or is told to. */
function filler(
  definer: Definer,
  column: Column,
  withValues: boolean,
  rules: ReturnType<typeof rulesOf>,
): ((row: Value[]) => Value) | undefined {
  const { env } = definer;
  if (column.identity !== undefined) {
    const { seed, increment } = column.identity;
    let next = seed - increment;
    const isWide = column.type.name === 'bigint' || column.type.name === 'decimal';
    return () => {
      next += increment;
      return isWide ? next : Number(next);
    };
  }
  if (column.type.name === 'rowversion') return () => rowVersion(env);
  const computed = rules.computed.find((one) => one.column.place === column.place);
  if (computed !== undefined) return (row) => computed.run(env, row);
  const byDefault = rules.defaults.get(column.place);
  if (byDefault === undefined || (column.isNullable && !withValues)) return undefined;
  // One value for all rows, as SQL Server does for what is the same for the whole statement; NEWID is new for each.
  const value = byDefault(env);
  return column.type.name === 'uniqueidentifier' ? () => byDefault(env) : () => value;
}

function keepIdentity(definer: Definer, table: Table, added: readonly Column[]): void {
  const identity = added.find((column) => column.identity !== undefined)?.identity;
  const data = definer.env.data(table);
  if (identity === undefined || data.rows.size === 0) return;
  definer.env.store(table, { ...data, identity: identity.seed + BigInt(data.rows.size - 1) * identity.increment });
}

/** CHECK CONSTRAINT and NOCHECK CONSTRAINT. */
function enable(definer: Definer, table: Table, change: TableChange & { kind: 'check' }): void {
  const wanted = change.names?.map((name) => name.toLowerCase());
  const isMeant = (name: string) => wanted === undefined || wanted.includes(name.toLowerCase());
  for (const name of change.names ?? []) {
    if (![...table.checks, ...table.foreignKeys].some((one) => one.name.toLowerCase() === name.toLowerCase()))
      throw definitionProblem(4917, `Constraint '${name}' does not exist.`);
  }
  const set = <T extends { readonly name: string; readonly isEnabled: boolean; readonly isTrusted: boolean }>(
    one: T,
  ): T =>
    isMeant(one.name) ? { ...one, isEnabled: change.isEnabled, isTrusted: change.isEnabled && change.isChecked } : one;
  const altered: Table = { ...table, checks: table.checks.map(set), foreignKeys: table.foreignKeys.map(set) };
  rebuild(definer, altered);
  if (change.isEnabled && change.isChecked)
    requireKept(definer, altered, (id) =>
      [...altered.checks, ...altered.foreignKeys].some((one) => one.id === id && isMeant(one.name)),
    );
}
