import { createHash } from 'node:crypto';
import type { TdsPart } from '../../tds/handler-contract.ts';
import { type Database, emptyTable, rolledBack, type TableData, withTable } from '../data/database.ts';
import type { Table, UserFunction } from '../data/schema.ts';
import type { Caller, OutputColumn, WritableEnv } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Compiler } from '../query/compiler.ts';
import { compileQuery } from '../query/query.ts';
import { type ContentSession, type Snapshot, snapshotOf } from '../session.ts';
import type { ContentStore } from '../store.ts';
import type { SqlType } from '../values/sql-type.ts';
import type { Row, Value } from '../values/value.ts';

/** A batch, or a procedure or text that it calls, while it runs. */
export interface Runner {
  readonly store: ContentStore;
  readonly session: ContentSession;
  readonly caller: Caller;
  readonly env: WritableEnv;
  readonly parts: TdsPart[];
  /** What belongs to the innermost batch, procedure or text. */
  scope: RunScope;
  /** Nesting levels whose TRY is running, innermost last. */
  readonly tries: number[];
  /** Throws 1222 when another session's transaction holds the content. */
  readonly requireLock: () => void;
  returnStatus: number;
  /** Takes the rows of results in place of the client: INSERT … EXEC. */
  capture: ((columns: readonly OutputColumn[], rows: readonly Row[]) => void) | undefined;
}

export interface RunScope {
  readonly level: number;
  /** Types of its variables by lower-case name. */
  readonly types: Map<string, SqlType>;
  /** Its table variables by `@name`. */
  readonly tables: Map<string, Table>;
  readonly tableData: Map<number, TableData>;
  /** Of a function: the type of its value, and what RETURN gave. */
  readonly returns: SqlType | undefined;
  returned: Value;
}

export function newScope(level: number, types: ReadonlyMap<string, SqlType>, returns?: SqlType): RunScope {
  return { level, types: new Map(types), tables: new Map(), tableData: new Map(), returns, returned: null };
}

export interface RunnerParts {
  readonly store: ContentStore;
  readonly session: ContentSession;
  readonly caller: Caller;
  readonly now: number;
  /** Makes NEWID and RAND the same in every run of a scenario. */
  readonly seed: string;
  readonly requireLock: () => void;
  readonly parts: TdsPart[];
  /** Runs a function's body; handed in, since running makes no runner. */
  readonly callFunction: (runner: Runner, called: UserFunction, args: readonly Value[]) => Value;
}

export function newRunner(of: RunnerParts): Runner {
  const { store, session, caller, now, seed, requireLock, parts } = of;
  let calls = 0;
  const database = () => session.working ?? store.committed(session.contentId);
  const replace = (next: Database) => {
    requireLock();
    session.working = next;
  };
  const env: WritableEnv = {
    caller,
    now,
    variables: {},
    database,
    get temporary() {
      return new Map([...session.temporary, ...runner.scope.tables]);
    },
    data(table) {
      if (table.home === 'session') return session.temporaryData.get(table.id) ?? emptyTable();
      if (table.home === 'batch') return runner.scope.tableData.get(table.id) ?? emptyTable();
      return database().tables.get(table.id) ?? emptyTable();
    },
    viewColumns(view) {
      try {
        const { columns } = compileQuery(compilerOf(runner), view.query, undefined);
        return view.shape.flatMap((name, place) => {
          const column = columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
          return column === undefined ? [] : [{ ...column, name: view.columns[place] ?? name }];
        });
      } catch (error) {
        if (error instanceof ContentProblem) return [];
        throw error;
      }
    },
    nextSequenceValue(id) {
      const present = database();
      const sequence = [...present.schema.objects.values()].find((one) => one.id === id);
      if (sequence?.kind !== 'sequence') throw new Error(`there is no sequence ${id}`);
      const last = present.sequences.get(id);
      const value = last === undefined ? sequence.start : last + sequence.increment;
      replace({ ...present, sequences: new Map([...present.sequences, [id, value]]) });
      return value;
    },
    callFunction: (called, args) => of.callFunction(runner, called, args),
    nextRandom() {
      calls += 1;
      return createHash('sha1').update(`${seed}/${calls}`).digest('hex');
    },
    state: {
      rowCount: 0,
      error: 0,
      identity: undefined,
      fetchStatus: -1,
      caught: undefined,
      procedure: undefined,
      nesting: 0,
    },
    transactionDepth: () => session.depth,
    transactionState: () => (session.depth === 0 ? 0 : session.isDoomed ? -1 : 1),
    store(table, data) {
      if (table.home === 'session') session.temporaryData = new Map([...session.temporaryData, [table.id, data]]);
      else if (table.home === 'batch') runner.scope.tableData.set(table.id, data);
      else replace(withTable(database(), table.id, data));
    },
    replace,
    nextRowVersion() {
      const present = database();
      replace({ ...present, rowVersion: present.rowVersion + 1n });
      return present.rowVersion + 1n;
    },
    get identityInsert() {
      return session.options.identityInsert;
    },
    set identityInsert(table) {
      session.options = { ...session.options, identityInsert: table };
    },
  };
  const runner: Runner = {
    store,
    session,
    caller,
    env,
    parts,
    scope: newScope(0, new Map()),
    tries: [],
    requireLock,
    returnStatus: 0,
    capture: undefined,
  };
  return runner;
}

/** A compiler for what the runner sees now. */
export function compilerOf(runner: Runner): Compiler {
  const { schema } = runner.env.database();
  return {
    schema,
    caller: runner.caller,
    variables: runner.scope.types,
    temporary: runner.env.temporary,
    common: new Map(),
    compileQuery,
    ownType: (name) => schema.types.get(name)?.type,
  };
}

/** Goes back to before a statement or a transaction; identity values that were used stay used. */
export function goBack(runner: Runner, to: Snapshot): void {
  const { session, store } = runner;
  const committed = store.committed(session.contentId);
  if (session.working !== undefined) {
    const back = rolledBack(to.working ?? committed, session.working);
    if (session.depth > 0 && to.working !== undefined) session.working = back;
    else {
      session.working = undefined;
      if (back !== committed) store.commit(session.contentId, back, runner.env.now);
    }
  }
  session.temporary = to.temporary;
  session.temporaryData = to.temporaryData;
}

/** Runs a statement whole or not at all; outside of a transaction it is committed at once. */
export function atomically<T>(runner: Runner, run: () => T): T {
  const before = snapshotOf(runner.session);
  const variables = runner.scope.tableData.size === 0 ? undefined : new Map(runner.scope.tableData);
  try {
    const result = run();
    commitAlone(runner);
    return result;
  } catch (error) {
    goBack(runner, before);
    if (variables !== undefined) for (const [id, data] of variables) runner.scope.tableData.set(id, data);
    throw error;
  }
}

function commitAlone(runner: Runner): void {
  const { session, store } = runner;
  if (session.depth > 0 || session.working === undefined) return;
  store.commit(session.contentId, session.working, runner.env.now);
  session.working = undefined;
}
