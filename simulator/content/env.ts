import type { Database, TableData } from './data/database.ts';
import type { Table, UserFunction, View } from './data/schema.ts';
import type { SqlType } from './values/sql-type.ts';
import type { Row, Value } from './values/value.ts';

/** In whose name a batch runs. */
export interface Caller {
  readonly sessionId: number;
  readonly database: string;
  readonly isReadOnly: boolean;
  readonly login: string;
  readonly user: string;
  readonly hostName: string;
  readonly programName: string;
  /** What the user may do besides reading; absent: everything. */
  readonly rights?: { readonly write: boolean; readonly schema: boolean };
  /** What is known about the server rather than the content; absent: nothing is. */
  readonly server?: Server;
}

/** The server's own functions and views, by upper-case and lower-case name. */
export interface Server {
  hasFunction(name: string): boolean;
  call(name: string, args: readonly ServerValue[]): ServerValue;
  /** The rows of a view such as `sys.databases` by column name; `undefined` when there is none. */
  view(name: string): readonly Readonly<Record<string, ServerValue>>[] | undefined;
}

export type ServerValue = null | string | number | bigint | boolean | Date;

/** The error that CATCH handles. */
export interface CaughtError {
  readonly number: number;
  readonly severity: number;
  readonly state: number;
  readonly message: string;
  readonly procedure: string | undefined;
}

/** What an expression may ask while it is evaluated. */
export interface Env {
  readonly caller: Caller;
  /** Simulated milliseconds since the epoch, the same for a whole batch. */
  readonly now: number;
  /** Variables by lower-case name without `@`. */
  variables: Record<string, Value>;
  database(): Database;
  /** The definition that a temporary table or table variable has now. */
  readonly temporary: ReadonlyMap<string, Table>;
  data(table: Table): TableData;
  /** The columns that a view has now; none when it no longer compiles. */
  viewColumns(view: View): readonly OutputColumn[];
  nextSequenceValue(id: number): bigint;
  nextRandom(): string;
  /** The value of a function that the database made. */
  callFunction(called: UserFunction, args: readonly Value[]): Value;
  readonly state: {
    rowCount: number;
    error: number;
    /** `SCOPE_IDENTITY()`, `@@IDENTITY`. */
    identity: bigint | undefined;
    fetchStatus: number;
    caught: CaughtError | undefined;
    procedure: string | undefined;
    nesting: number;
  };
  transactionDepth(): number;
  transactionState(): number;
}

/** What a statement that changes something may do besides. */
export interface WritableEnv extends Env {
  store(table: Table, data: TableData): void;
  /** Puts another database in place of the present one: after a change of the schema. */
  replace(database: Database): void;
  nextRowVersion(): bigint;
  /** The table whose identity column takes explicit values: SET IDENTITY_INSERT. */
  identityInsert: number | undefined;
}

/** One joined row while a query runs. */
export interface Frame {
  /** A row of each source; `null` for the missing side of an outer join. */
  readonly rows: (Row | null)[];
  /** The row numbers of those that are tables. */
  readonly ids: number[];
  readonly up: Frame | undefined;
  readonly env: Env;
  /** Values of aggregates, of group keys, and of window functions. */
  aggregates: Value[];
  windows: Value[];
}

/** A compiled expression. */
export interface Bound {
  readonly type: SqlType;
  readonly isNullable: boolean;
  /** The literal NULL, which becomes any type. */
  readonly isNull: boolean;
  /** The sources of its own query that it reads, one bit each; -1: nobody knows. */
  readonly uses: number;
  run(frame: Frame): Value;
}

/** A compiled condition: true, false, or unknown. */
export interface BoundCondition {
  readonly uses: number;
  test(frame: Frame): boolean | null;
}

export interface OutputColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly isNullable: boolean;
  /** For SELECT INTO, which hands IDENTITY on. */
  readonly identity?: { readonly seed: bigint; readonly increment: bigint };
}

/** A compiled query. */
export interface BoundQuery {
  readonly columns: readonly OutputColumn[];
  run(env: Env, up: Frame | undefined): Row[];
}
