import {
  type Column,
  columnNamed,
  type DbObject,
  findObject,
  isNameTaken,
  type Table,
  tablesOf,
  withObject,
  withoutObject,
} from '../data/schema.ts';
import { putTable, requireFree } from '../define/definer.ts';
import { columnsIn } from '../define/definition-text.ts';
import { ContentProblem, unknownSql } from '../problem.ts';
import { splitParts } from '../query/functions/name-parts.ts';
import { definerOf } from './definer.ts';
import type { Runner } from './runner.ts';

/** sp_rename of a table, view, procedure, constraint, index or column. */
export function rename(runner: Runner, what: string, to: string, kind: string | undefined): void {
  const parts = splitParts(what);
  const wanted = kind?.toUpperCase() ?? meant(runner, parts);
  if (wanted === 'COLUMN') renameColumn(runner, parts, to, what);
  else if (wanted === 'INDEX') renameIndex(runner, parts, to, what);
  else if (wanted === 'OBJECT') renameObject(runner, parts, to, what);
  else throw unknownSql(`sp_rename of a ${kind}`);
  runner.parts.push({
    kind: 'message',
    text: 'Caution: Changing any part of an object name could break scripts and stored procedures.',
  });
}

/** Without a kind: an object, or else a column or an index of a table. */
function meant(runner: Runner, parts: readonly string[]): 'OBJECT' | 'COLUMN' | 'INDEX' {
  const [name = '', schema = 'dbo'] = [...parts].reverse();
  if (isNameTaken(runner.env.database().schema, schema === '' ? 'dbo' : schema, name)) return 'OBJECT';
  const table = tableOf(runner, parts.slice(0, -1));
  if (table !== undefined && columnNamed(table, name) !== undefined) return 'COLUMN';
  return table?.indexes.some((one) => one.name.toLowerCase() === name.toLowerCase()) ? 'INDEX' : 'OBJECT';
}

function notFound(runner: Runner, what: string, kind: string): ContentProblem {
  return new ContentProblem(
    kind === 'OBJECT' ? 15225 : 15248,
    kind === 'OBJECT'
      ? `No item by the name of '${what}' could be found in the current database '${runner.caller.database}', given that @itemtype was input as '(null)'.`
      : `Either the parameter @objname is ambiguous or the claimed @objtype (${kind}) is wrong.`,
    11,
  );
}

function tableOf(runner: Runner, parts: readonly string[]): Table | undefined {
  const [name = '', schema = 'dbo'] = [...parts].reverse();
  const found = findObject(runner.env.database().schema, schema === '' ? 'dbo' : schema, name);
  return found?.kind === 'table' ? found : undefined;
}

function renameColumn(runner: Runner, parts: readonly string[], to: string, what: string): void {
  const table = tableOf(runner, parts.slice(0, -1));
  const column = table === undefined ? undefined : columnNamed(table, parts.at(-1) ?? '');
  if (table === undefined || column === undefined) throw notFound(runner, what, 'COLUMN');
  const other = columnNamed(table, to);
  if (other !== undefined && other !== column)
    throw new ContentProblem(
      15335,
      `Error: The new name '${to}' is already in use as a COLUMN name and would cause a duplicate that is not permitted.`,
      11,
    );
  requireIndependent(table, column, what);
  putTable(definerOf(runner), {
    ...table,
    columns: table.columns.map((one) => (one === column ? { ...one, name: to } : one)),
  });
}

/** 15336: checks, computed columns and filters name the column in their text. */
function requireIndependent(table: Table, column: Column, what: string): void {
  const isNamed = (names: readonly string[]) => names.includes(column.name.toLowerCase());
  const isUsed =
    table.checks.some((one) => one.uses.includes(column.place)) ||
    table.columns.some((one) => one.computed !== undefined && isNamed(columnsIn(one.computed.of))) ||
    table.indexes.some((one) => one.filter !== undefined && isNamed(columnsIn(one.filter.of)));
  if (isUsed)
    throw new ContentProblem(
      15336,
      `Object '${what}' cannot be renamed because the object participates in enforced dependencies.`,
    );
}

function renameIndex(runner: Runner, parts: readonly string[], to: string, what: string): void {
  const table = tableOf(runner, parts.slice(0, -1));
  const name = (parts.at(-1) ?? '').toLowerCase();
  if (table === undefined || !table.indexes.some((one) => one.name.toLowerCase() === name))
    throw notFound(runner, what, 'INDEX');
  putTable(definerOf(runner), {
    ...table,
    indexes: table.indexes.map((one) => (one.name.toLowerCase() === name ? { ...one, name: to } : one)),
  });
}

function renameObject(runner: Runner, parts: readonly string[], to: string, what: string): void {
  const [name = '', given = 'dbo'] = [...parts].reverse();
  const schema = given === '' ? 'dbo' : given;
  const database = runner.env.database();
  const object: DbObject | undefined = findObject(database.schema, schema, name);
  const definer = definerOf(runner);
  if (object !== undefined) {
    requireUnused(runner, object.schema, to);
    runner.env.replace({
      ...database,
      schema: withObject(withoutObject(database.schema, object), { ...object, name: to }),
    });
    return;
  }
  for (const table of tablesOf(database.schema)) {
    if (table.schema.toLowerCase() !== schema.toLowerCase()) continue;
    const isIt = (one: { readonly name: string }) => one.name.toLowerCase() === name.toLowerCase();
    const set = <T extends { readonly name: string }>(one: T): T => (isIt(one) ? { ...one, name: to } : one);
    const all = [
      ...table.checks,
      ...table.foreignKeys,
      ...table.indexes,
      ...table.columns.flatMap((one) => one.default ?? []),
    ];
    if (!all.some(isIt)) continue;
    requireUnused(runner, schema, to);
    putTable(definer, {
      ...table,
      checks: table.checks.map(set),
      foreignKeys: table.foreignKeys.map(set),
      indexes: table.indexes.map(set),
      columns: table.columns.map((one) => (one.default === undefined ? one : { ...one, default: set(one.default) })),
    });
    return;
  }
  throw notFound(runner, what, 'OBJECT');
}

function requireUnused(runner: Runner, schema: string, to: string): void {
  try {
    requireFree(definerOf(runner), schema, to);
  } catch {
    throw new ContentProblem(
      15335,
      `Error: The new name '${to}' is already in use as a OBJECT name and would cause a duplicate that is not permitted.`,
      11,
    );
  }
}
