import { columnAt, type ForeignKey, type Index, type Table, tableById, tablesOf } from '../data/schema.ts';
import type { Env, WritableEnv } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Compiler } from '../query/compiler.ts';
import { joinKeys, keyOf } from '../values/compare.ts';
import type { Row, Value } from '../values/value.ts';
import { rulesOf } from './rules.ts';

type Change = { readonly before: Row | null; readonly after: Row | null };

/** What cascades do; handed in, since they come back here. */
export interface Cascades {
  updateRows(
    env: WritableEnv,
    compiler: Compiler,
    table: Table,
    changes: readonly { readonly id: number; readonly before: Row; readonly values: Value[] }[],
  ): unknown;
  deleteRows(
    env: WritableEnv,
    compiler: Compiler,
    table: Table,
    rows: readonly { readonly id: number; readonly before: Row }[],
  ): unknown;
}

/** The index of the referenced table whose columns a key points at. */
export function indexFor(to: Table, places: readonly number[]): Index | undefined {
  return to.indexes.find(
    (one) =>
      one.isUnique &&
      one.filter === undefined &&
      one.columns.length === places.length &&
      one.columns.every(({ place }) => places.includes(place)),
  );
}

/** 547 for a row whose parent is missing. */
export function requireParents(env: Env, table: Table, rows: readonly Row[], verb: string): void {
  for (const key of table.foreignKeys) {
    if (key.isEnabled && rows.some((row) => !hasParent(env, table, key, row)))
      throw conflict(env, table, key, verb, 'FOREIGN KEY');
  }
}

/** Whether a row's key is NULL somewhere or its parent is there. */
export function hasParent(env: Env, table: Table, key: ForeignKey, row: Row): boolean {
  const to = tableById(env.database().schema, key.to);
  if (to === undefined || key.columns.some((place) => (row[place] ?? null) === null)) return true;
  const index = indexFor(to, key.toColumns);
  if (index === undefined) return true;
  const wanted = joinKeys(
    index.columns.map(({ place }) => {
      const own = key.columns[key.toColumns.indexOf(place)] ?? 0;
      return keyOf(columnAt(table, own).type)(row[own] ?? null);
    }),
  );
  return env.data(to).indexes.get(index.id)?.has(wanted) ?? false;
}

/** What referenced rows that went away, or whose key changed, mean for the rows that point at them. */
export function settleChildren(
  env: WritableEnv,
  compiler: Compiler,
  table: Table,
  changes: readonly Change[],
  cascades: Cascades,
): void {
  if (table.home !== 'content') return;
  for (const child of tablesOf(env.database().schema)) {
    for (const key of child.foreignKeys) {
      if (key.to === table.id && key.isEnabled) settle(env, compiler, table, child, key, changes, cascades);
    }
  }
}

function settle(
  env: WritableEnv,
  compiler: Compiler,
  table: Table,
  child: Table,
  key: ForeignKey,
  changes: readonly Change[],
  cascades: Cascades,
): void {
  const keyIn = (owner: Table, places: readonly number[], row: Row) =>
    joinKeys(places.map((place) => keyOf(columnAt(owner, place).type)(row[place] ?? null)));
  const gone = new Map<string, Row | null>();
  for (const { before, after } of changes) {
    if (before === null) continue;
    const old = keyIn(table, key.toColumns, before);
    if (after === null || keyIn(table, key.toColumns, after) !== old) gone.set(old, after);
  }
  // A key that another row of the statement took over is still there.
  for (const { after } of changes) if (after !== null) gone.delete(keyIn(table, key.toColumns, after));
  if (gone.size === 0) return;
  const orphans: { id: number; before: Row; after: Row | null }[] = [];
  for (const [id, row] of env.data(child).rows.entries()) {
    if (key.columns.some((place) => (row[place] ?? null) === null)) continue;
    const wanted = keyIn(child, key.columns, row);
    if (gone.has(wanted)) orphans.push({ id, before: row, after: gone.get(wanted) ?? null });
  }
  if (orphans.length === 0) return;
  const isDelete = changes.some((one) => one.after === null);
  const action = isDelete ? key.onDelete : key.onUpdate;
  if (action === 'NO ACTION')
    throw conflict(
      env,
      child,
      key,
      isDelete ? 'DELETE' : 'UPDATE',
      child.id === table.id ? 'SAME TABLE REFERENCE' : 'REFERENCE',
    );
  if (action === 'CASCADE' && isDelete) {
    cascades.deleteRows(env, compiler, child, orphans);
    return;
  }
  const rules = rulesOf(compiler, child);
  const changed = orphans.map(({ id, before, after }) => {
    const values = [...before];
    for (const [order, place] of key.columns.entries()) {
      values[place] =
        action === 'CASCADE'
          ? (after?.[key.toColumns[order] ?? 0] ?? null)
          : action === 'SET NULL'
            ? null
            : (rules.defaults.get(place)?.(env) ?? null);
    }
    return { id, before, values };
  });
  cascades.updateRows(env, compiler, child, changed);
}

/** 547 of a foreign key, from either side. */
export function conflict(env: Env, child: Table, key: ForeignKey, verb: string, kind: string): ContentProblem {
  const parent = tableById(env.database().schema, key.to);
  const isFromChild = kind === 'FOREIGN KEY';
  const shown = isFromChild ? parent : child;
  const places = isFromChild ? key.toColumns : key.columns;
  const column = shown !== undefined && places.length === 1 ? `, column '${columnAt(shown, places[0] ?? 0).name}'` : '';
  const name = isFromChild && parent?.id === child.id ? 'FOREIGN KEY SAME TABLE' : kind;
  return new ContentProblem(
    547,
    `The ${verb} statement conflicted with the ${name} constraint "${key.name}". The conflict occurred in database "${env.caller.database}", table "${shown?.schema}.${shown?.name}"${column}.`,
  );
}
