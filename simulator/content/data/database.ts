import sorted from 'sorted-btree';
import type { Row } from '../values/value.ts';
import { EMPTY_SCHEMA, type Schema } from './schema.ts';

// The package is CommonJS: its class is the default of its default.
const BTree = sorted.default;
export type Tree<K, V> = InstanceType<typeof sorted.default<K, V>>;

/**
 * All that a database holds at one instant. It is never changed: a commit puts a new one in its place, a rollback
 * goes back to the old one. They share what did not change, since trees are copied where they are written to.
 */
export interface Database {
  readonly schema: Schema;
  readonly tables: ReadonlyMap<number, TableData>;
  /** What each sequence gave last. */
  readonly sequences: ReadonlyMap<number, bigint>;
  readonly rowVersion: bigint;
}

export interface TableData {
  /** Rows by a number that they get when they come. */
  readonly rows: Tree<number, Row>;
  /** Row numbers by key, of every unique index. */
  readonly indexes: ReadonlyMap<number, Tree<string, number>>;
  readonly nextRow: number;
  /** The identity value that was given last. */
  readonly identity: bigint | undefined;
}

export const EMPTY_DATABASE: Database = {
  schema: EMPTY_SCHEMA,
  tables: new Map(),
  sequences: new Map(),
  rowVersion: 2000n,
};

export function emptyTable(): TableData {
  return { rows: new BTree<number, Row>(), indexes: new Map(), nextRow: 1, identity: undefined };
}

export function emptyTree(): Tree<string, number> {
  return new BTree<string, number>();
}

/** Data that may be written to without the other's knowing. */
export function copyOf(data: TableData): TableData {
  return {
    ...data,
    rows: data.rows.clone(),
    indexes: new Map([...data.indexes].map(([id, tree]) => [id, tree.clone()])),
  };
}

export function withTable(database: Database, id: number, data: TableData): Database {
  const tables = new Map(database.tables);
  tables.set(id, data);
  return { ...database, tables };
}

export function withoutTable(database: Database, id: number): Database {
  const tables = new Map(database.tables);
  tables.delete(id);
  return { ...database, tables };
}

/** What remains of `later` when it is rolled back to `earlier`: identity values and sequences do not come back. */
export function rolledBack(earlier: Database, later: Database): Database {
  if (earlier === later) return earlier;
  let tables: Map<number, TableData> | undefined;
  for (const [id, data] of later.tables) {
    const before = earlier.tables.get(id);
    if (before === undefined || before.identity === data.identity) continue;
    tables ??= new Map(earlier.tables);
    tables.set(id, { ...before, identity: data.identity });
  }
  return { ...earlier, tables: tables ?? earlier.tables, sequences: later.sequences, rowVersion: later.rowVersion };
}
