import { copyOf, emptyTree, type TableData, type Tree } from '../data/database.ts';
import { columnAt, type Index, type Table } from '../data/schema.ts';
import type { WritableEnv } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import { joinKeys, keyOf } from '../values/compare.ts';
import { converter } from '../values/convert.ts';
import { decimalText } from '../values/decimal.ts';
import { familyOf, nvarchar } from '../values/sql-type.ts';
import type { Row, Value } from '../values/value.ts';

/** A table's data while a statement writes to it. */
export interface Draft {
  readonly table: Table;
  readonly rows: TableData['rows'];
  readonly indexes: ReadonlyMap<number, Tree<string, number>>;
  nextRow: number;
  identity: bigint | undefined;
}

/** Opens a table for writing; what was written is stored even when `write` throws, so that identity values stay used. */
export function withDraft<T>(env: WritableEnv, table: Table, write: (draft: Draft) => T): T {
  const data = copyOf(env.data(table));
  const indexes = new Map(data.indexes);
  for (const index of table.indexes) if (index.isUnique && !indexes.has(index.id)) indexes.set(index.id, emptyTree());
  const draft: Draft = { table, rows: data.rows, indexes, nextRow: data.nextRow, identity: data.identity };
  try {
    return write(draft);
  } finally {
    env.store(table, { rows: draft.rows, indexes, nextRow: draft.nextRow, identity: draft.identity });
  }
}

/** Whether a row is in an index with a filter. */
export type IsIndexed = (index: Index, row: Row) => boolean;

/** Puts a row in. 2627 or 2601 for a key that is there. */
export function addRow(draft: Draft, row: Row, isIndexed: IsIndexed, id = draft.nextRow++): number {
  for (const index of draft.table.indexes) {
    if (!index.isUnique || index.isDisabled || !isIndexed(index, row)) continue;
    const tree = draft.indexes.get(index.id);
    const key = indexKey(draft.table, index, row);
    if (tree === undefined) continue;
    if (tree.has(key)) throw duplicate(draft.table, index, row);
    tree.set(key, id);
  }
  draft.rows.set(id, row);
  return id;
}

export function removeRow(draft: Draft, id: number, row: Row, isIndexed: IsIndexed): void {
  for (const index of draft.table.indexes) {
    if (!index.isUnique || index.isDisabled || !isIndexed(index, row)) continue;
    draft.indexes.get(index.id)?.delete(indexKey(draft.table, index, row));
  }
  draft.rows.delete(id);
}

/** The key of a row in an index; NULL is a value like any other. */
export function indexKey(table: Table, index: Pick<Index, 'columns'>, row: Row): string {
  return joinKeys(index.columns.map(({ place }) => keyOf(columnAt(table, place).type)(row[place] ?? null)));
}

function duplicate(table: Table, index: Index, row: Row): ContentProblem {
  const object = `${table.schema}.${table.name}`;
  const value = keyText(table, index, row);
  if (index.constraintId === undefined)
    return new ContentProblem(
      2601,
      `Cannot insert duplicate key row in object '${object}' with unique index '${index.name}'. The duplicate key value is ${value}.`,
      14,
    );
  const kind = index.isPrimary ? 'PRIMARY' : 'UNIQUE';
  return new ContentProblem(
    2627,
    `Violation of ${kind} KEY constraint '${index.name}'. Cannot insert duplicate key in object '${object}'. The duplicate key value is ${value}.`,
    14,
  );
}

/** `(1, <NULL>)`. */
export function keyText(table: Table, index: Pick<Index, 'columns'>, row: Row): string {
  const texts = index.columns.map(({ place }) => shown(columnAt(table, place).type, row[place] ?? null));
  return `(${texts.join(', ')})`;
}

function shown(type: Parameters<typeof familyOf>[0], value: Value): string {
  if (value === null) return '<NULL>';
  if (familyOf(type) === 'money') return decimalText(value as bigint, 4);
  if (familyOf(type) === 'binary') return `0x${Buffer.from(value as Uint8Array).toString('hex')}`;
  return String(converter(type, nvarchar(-1), { isExplicit: true })(value));
}
