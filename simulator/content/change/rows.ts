import type { Index, Table } from '../data/schema.ts';
import type { Env, WritableEnv } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Compiler } from '../query/compiler.ts';
import { overflow } from '../values/to-integer.ts';
import type { Row, Value } from '../values/value.ts';
import { addRow, type Draft, type IsIndexed, removeRow, withDraft } from './draft.ts';
import { requireParents, settleChildren } from './foreign.ts';
import { finishRow, type Rules, rulesOf } from './rules.ts';

/** Values by place; `undefined`: the default. */
export type NewRow = readonly (Value | undefined)[];

export interface Changed {
  readonly before: Row | null;
  readonly after: Row | null;
  /** Which of the given rows it was. */
  readonly place: number;
}

/** Inserts rows, with identity values, defaults and all that the table's definition asks. */
export function insertRows(env: WritableEnv, compiler: Compiler, table: Table, rows: readonly NewRow[]): Changed[] {
  const rules = rulesOf(compiler, table);
  const isIndexed = filterOf(env, rules);
  const changed = withDraft(env, table, (draft) =>
    rows.flatMap((given, place): Changed[] => {
      const values = completed(env, table, rules, draft, given);
      const after = finishRow(env, table, rules, values, 'INSERT');
      if (isIgnored(draft, after, isIndexed)) return [];
      addRow(draft, after, isIndexed);
      return [{ before: null, after, place }];
    }),
  );
  requireParents(
    env,
    table,
    changed.map((one) => one.after as Row),
    'INSERT',
  );
  return changed;
}

function filterOf(env: Env, rules: Rules): IsIndexed {
  return (index, row) => rules.filters.get(index.id)?.(env, row) ?? true;
}

/** IGNORE_DUP_KEY leaves such a row away. */
function isIgnored(draft: Draft, row: Row, isIndexed: IsIndexed): boolean {
  if (!draft.table.indexes.some((index) => index.ignoresDuplicates)) return false;
  const probe: Draft = {
    ...draft,
    rows: draft.rows.clone(),
    indexes: new Map([...draft.indexes].map(([id, tree]) => [id, tree.clone()])),
  };
  const ignoring: Table = {
    ...draft.table,
    indexes: draft.table.indexes.filter((index: Index) => index.ignoresDuplicates),
  };
  try {
    addRow({ ...probe, table: ignoring }, row, isIndexed);
    return false;
  } catch (error) {
    if (error instanceof ContentProblem) return true;
    throw error;
  }
}

function completed(env: WritableEnv, table: Table, rules: Rules, draft: Draft, given: NewRow): Value[] {
  const values: Value[] = new Array(table.places).fill(null);
  for (const column of table.columns) {
    const value = given[column.place];
    if (column.identity !== undefined) {
      values[column.place] = identityValue(env, draft, column, value);
    } else if (column.type.name === 'rowversion') {
      values[column.place] = rowVersion(env);
    } else values[column.place] = value === undefined ? (rules.defaults.get(column.place)?.(env) ?? null) : value;
  }
  return values;
}

function identityValue(
  env: WritableEnv,
  draft: Draft,
  column: Table['columns'][number],
  given: Value | undefined,
): Value {
  const { seed, increment } = column.identity ?? { seed: 1n, increment: 1n };
  const scale = 10n ** BigInt(column.type.scale);
  if (given !== undefined && given !== null) {
    const value = BigInt(given as number | bigint) / scale;
    // An explicit value moves the counter on, never back.
    const last = draft.identity ?? seed - increment;
    if (increment > 0n ? value > last : value < last) draft.identity = value;
    env.state.identity = value;
    return given;
  }
  const next = draft.identity === undefined ? seed : draft.identity + increment;
  const most: Readonly<Record<string, bigint>> = {
    tinyint: 255n,
    smallint: 32_767n,
    int: 2_147_483_647n,
    bigint: 2n ** 63n - 1n,
  };
  const limit = most[column.type.name];
  if (limit !== undefined && next > limit) throw overflow('IDENTITY', column.type);
  draft.identity = next;
  env.state.identity = next;
  if (column.type.name === 'bigint' || column.type.name === 'decimal' || column.type.name === 'numeric')
    return next * scale;
  return Number(next);
}

export function rowVersion(env: WritableEnv): Uint8Array {
  return Buffer.from(env.nextRowVersion().toString(16).padStart(16, '0'), 'hex');
}

/** Puts new values in place of rows; keys are compared when all of them are written. */
export function updateRows(
  env: WritableEnv,
  compiler: Compiler,
  table: Table,
  changes: readonly { readonly id: number; readonly before: Row; readonly values: Value[] }[],
): Changed[] {
  const rules = rulesOf(compiler, table);
  const isIndexed = filterOf(env, rules);
  const stamped = table.columns.find((column) => column.type.name === 'rowversion');
  const changed = withDraft(env, table, (draft) => {
    const finished = changes.map(({ id, before, values }, place) => {
      if (stamped !== undefined) values[stamped.place] = rowVersion(env);
      return { id, place, before, after: finishRow(env, table, rules, values, 'UPDATE') };
    });
    for (const { id, before } of finished) removeRow(draft, id, before, isIndexed);
    for (const { id, after } of finished) addRow(draft, after, isIndexed, id);
    return finished;
  });
  requireParents(
    env,
    table,
    changed.map((one) => one.after),
    'UPDATE',
  );
  settleChildren(env, compiler, table, changed, { updateRows, deleteRows });
  return changed;
}

export function deleteRows(
  env: WritableEnv,
  compiler: Compiler,
  table: Table,
  rows: readonly { readonly id: number; readonly before: Row }[],
): Changed[] {
  const isIndexed = filterOf(env, rulesOf(compiler, table));
  withDraft(env, table, (draft) => {
    for (const { id, before } of rows) removeRow(draft, id, before, isIndexed);
  });
  const changed = rows.map(({ before }, place) => ({ before, after: null, place }));
  settleChildren(env, compiler, table, changed, { updateRows, deleteRows });
  return changed;
}
