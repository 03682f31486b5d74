import { readOnlyMessage } from '../model/sql/faults.ts';
import type { Token } from '../model/sql/tokens.ts';
import type { TdsPart, TdsValue } from '../tds/handler-contract.ts';
import type { Statement } from './batch.ts';
import { type ContentFile, logChanges } from './content-file.ts';
import type { Caller, ContentSession } from './engine.ts';
import { runExecute } from './execute.ts';
import { planStatement, type Step } from './plan.ts';
import { ContentProblem, toProblem } from './problem.ts';
import type { ContentStore } from './store.ts';
import { runTransaction } from './transaction.ts';
import { translate } from './translate.ts';
import { castTo, columnType, guessType, toSqlite } from './types.ts';

/** One batch while it runs. */
export interface Run {
  readonly store: ContentStore;
  readonly session: ContentSession;
  readonly caller: Caller;
  readonly now: number;
  readonly seed: string;
  readonly parts: TdsPart[];
  /** Parameters and variables by lower-case name without `@`. */
  variables: Record<string, TdsValue>;
  isXactAbort: boolean;
  returnStatus?: number;
}

type Flow = 'next' | 'break' | 'continue' | 'return';

/** Runs statements until one fails (throws), returns, or leaves a loop. */
export function runStatements(run: Run, statements: readonly Statement[]): Flow {
  for (const statement of statements) {
    const flow = runOne(run, statement);
    if (flow !== 'next') return flow;
  }
  return 'next';
}

function runOne(run: Run, statement: Statement): Flow {
  switch (statement.kind) {
    case 'block':
      return runStatements(run, statement.body);
    case 'if':
      if (isTrue(run, statement.condition)) return runOne(run, statement.then);
      return statement.otherwise === undefined ? 'next' : runOne(run, statement.otherwise);
    case 'while':
      return runLoop(run, statement);
    case 'try':
      return runTry(run, statement);
    case 'declare':
      run.variables[statement.name] =
        statement.value === undefined ? null : evaluate(run, statement.value, statement.type);
      return 'next';
    case 'assign':
      run.variables[statement.name] = evaluate(run, statement.value);
      return 'next';
    case 'print':
      run.parts.push({ kind: 'message', text: String(evaluate(run, statement.value) ?? '') });
      return 'next';
    case 'raise':
      return raise(run, statement);
    case 'transaction':
      runTransaction(run, statement.does, statement.name);
      return 'next';
    case 'execute':
      runExecute(run, statement.tokens);
      return 'next';
    case 'option':
      setOption(run, statement.tokens);
      return 'next';
    case 'jump':
      return statement.to;
    case 'procedure':
      changeProcedure(run, statement);
      return 'next';
    case 'sql':
      runSql(run, statement.tokens);
      return 'next';
  }
}

function runLoop(run: Run, statement: Statement & { kind: 'while' }): Flow {
  for (let round = 0; isTrue(run, statement.condition); round += 1) {
    if (round > 100_000) throw new ContentProblem(50000, 'a WHILE loop ran 100000 times');
    const flow = runOne(run, statement.body);
    if (flow === 'return') return flow;
    if (flow === 'break') break;
  }
  return 'next';
}

function runTry(run: Run, statement: Statement & { kind: 'try' }): Flow {
  try {
    return runOne(run, statement.body);
  } catch (error) {
    const { fault } = toProblem(error, run.caller.database);
    const globals = {
      ERROR_NUMBER: fault.number,
      ERROR_MESSAGE: fault.message,
      ERROR_SEVERITY: fault.class,
      ERROR_STATE: fault.state,
      ERROR_LINE: 1,
      XACT_STATE: run.session.depth > 0 ? 1 : 0,
    };
    Object.assign(fileOf(run).context.globals, globals);
    return runOne(run, statement.handler);
  }
}

function raise(run: Run, statement: Statement & { kind: 'raise' }): Flow {
  const values = statement.args.map((one) => evaluate(run, one));
  if (statement.isThrow) {
    const { globals } = fileOf(run).context;
    if (values.length === 0)
      throw new ContentProblem(Number(globals.ERROR_NUMBER ?? 50000), String(globals.ERROR_MESSAGE ?? ''));
    throw new ContentProblem(Number(values[0]), String(values[1]));
  }
  const severity = Number(values[1] ?? 16);
  const rest = values.slice(3);
  const text = String(values[0]).replace(/%[sdi]/g, () => String(rest.shift() ?? '(null)'));
  if (severity > 10) throw new ContentProblem(50000, text, severity);
  run.parts.push({ kind: 'message', text });
  return 'next';
}

/** SET options that change nothing here are taken as said; IDENTITY_INSERT is always on. */
function setOption(run: Run, tokens: readonly Token[]): void {
  const words = tokens.map((token) => token.value.toUpperCase());
  if (words[0] === 'USE') {
    if (words[1] !== run.caller.database.toUpperCase())
      throw new ContentProblem(
        40508,
        'USE statement is not supported to switch between databases. Use a new connection to connect to a different database.',
      );
  } else if (words[1] === 'XACT_ABORT') run.isXactAbort = words[2] === 'ON';
}

function changeProcedure(run: Run, statement: Statement & { kind: 'procedure' }): void {
  const name = `'${statement.name.replaceAll("'", "''")}'`;
  const source = `'${statement.source.replaceAll("'", "''")}'`;
  const sql = {
    create: `INSERT INTO _procedures (name, source) VALUES (${name}, ${source})`,
    alter: `REPLACE INTO _procedures (name, source) VALUES (${name}, ${source})`,
    drop: `DELETE FROM _procedures WHERE name = ${name}`,
  }[statement.does];
  runStep(run, { sql, does: 'schema', returns: false, isTemporary: false });
}

/** Plans that do not depend on the schema, by the tokens of their statement. */
const plans = new WeakMap<readonly Token[], readonly Step[]>();

function runSql(run: Run, tokens: readonly Token[]): void {
  let steps = plans.get(tokens);
  if (steps === undefined) {
    steps = planStatement(tokens, (table) => tableSql(run, table));
    if (steps.every((step) => step.does !== 'schema')) plans.set(tokens, steps);
  }
  for (const [place, step] of steps.entries()) {
    const count = runStep(run, step);
    if (place === steps.length - 1 && !step.returns)
      run.parts.push({ kind: 'count', count: step.does === 'write' ? count : undefined });
  }
}

/** Runs one SQLite statement and logs it when it changed the content. Returns the number of rows changed. */
export function runStep(run: Run, step: Step): number {
  if (step.isTemporary) run.session.hasTemporary = true;
  const file = fileOf(run);
  if (step.does === 'read') return read(run, file, step);
  if (run.caller.isReadOnly && !step.isTemporary) throw new ContentProblem(3906, readOnlyMessage(run.caller.database));
  if (!step.isTemporary) requireRight(run, step);
  if (run.session.depth > 0 && !run.session.isWriting) {
    file.db.exec('BEGIN IMMEDIATE');
    run.session.isWriting = true;
  }
  const isAlone = !run.session.isWriting;
  if (isAlone) file.db.exec('BEGIN IMMEDIATE');
  else file.db.exec('SAVEPOINT _statement');
  try {
    const count = write(run, file, step);
    file.db.exec(isAlone ? 'COMMIT' : 'RELEASE _statement');
    return count;
  } catch (error) {
    if (file.db.isTransaction) file.db.exec(isAlone ? 'ROLLBACK' : 'ROLLBACK TO _statement; RELEASE _statement');
    if (run.isXactAbort && run.session.depth > 0) runTransaction(run, 'rollback', '');
    throw error;
  }
}

/** 229 and 262: a user without db_datawriter, db_ddladmin or better. */
function requireRight(run: Run, step: Step): void {
  const { rights, database } = run.caller;
  if (rights === undefined) return;
  if (step.does === 'schema' && !rights.schema) {
    throw new ContentProblem(262, `CREATE TABLE permission denied in database '${database}'.`, 14);
  }
  if (step.does === 'write' && !rights.write) {
    const [, verb = 'INSERT', , table = ''] = /^(INSERT|UPDATE|DELETE)( INTO| FROM)? "([^"]+)"/.exec(step.sql) ?? [];
    const where = `on the object '${table}', database '${database}', schema 'dbo'`;
    throw new ContentProblem(229, `The ${verb} permission was denied ${where}.`, 14);
  }
}

function write(run: Run, file: ContentFile, step: Step): number {
  const parameters = parametersOf(run, step.sql);
  const seed = prepareContext(run, file);
  const statement = file.prepare(step.sql);
  let count = 0;
  if (step.returns) {
    const rows = statement.all(parameters) as unknown as TdsValue[][];
    count = rows.length;
    run.parts.push(rowsPart(file, step.sql, rows));
    file.context.globals.IDENTITY = lastRowId(file);
  } else {
    const result = statement.run(parameters);
    count = Number(result.changes);
    if (/^INSERT/i.test(step.sql)) file.context.globals.IDENTITY = Number(result.lastInsertRowid);
  }
  if (step.does === 'schema') file.forget();
  file.context.globals.ROWCOUNT = count;
  if (!step.isTemporary) {
    const change = { at: run.now, now: run.now, sql: step.sql, parameters, seed };
    if (run.session.isWriting) run.session.changes.push(change);
    else logChanges(file, [change], run.now);
  }
  return count;
}

function read(run: Run, file: ContentFile, step: Step): number {
  prepareContext(run, file);
  const rows = file.prepare(step.sql).all(parametersOf(run, step.sql)) as unknown as TdsValue[][];
  file.context.globals.ROWCOUNT = rows.length;
  const last = rows.at(-1);
  if (step.assigns === undefined) run.parts.push(rowsPart(file, step.sql, rows));
  else if (last !== undefined)
    for (const [place, name] of step.assigns.entries()) run.variables[name] = last[place] ?? null;
  return rows.length;
}

function rowsPart(file: ContentFile, sql: string, rows: TdsValue[][]): TdsPart {
  const columns = file
    .prepare(sql)
    .columns()
    .map((column, place) => {
      const type = columnType(column.type) ?? guessType(rows.map((row) => row[place]));
      // An expression without alias has no name in T-SQL; SQLite gives it its text.
      const isUnnamed = column.column === null && /[^\w$#@ ]/.test(column.name);
      return { name: isUnnamed ? '' : column.name, ...type };
    });
  return { kind: 'rows', columns, rows };
}

/** The connection that a session's statements use now. */
export function fileOf(run: Run): ContentFile {
  const { session, store } = run;
  if (session.own === undefined && session.depth === 0 && !session.hasTemporary) return store.open(session.contentId);
  session.own ??= store.openOwn(session.contentId);
  return session.own;
}

let calls = 0;

function prepareContext(run: Run, file: ContentFile): string {
  calls += 1;
  const seed = `${run.seed}/${calls}`;
  const { context } = file;
  const { caller } = run;
  Object.assign(context, {
    now: run.now,
    seed,
    calls: 0,
    database: caller.database,
    login: caller.login,
    user: caller.user,
    hostName: caller.hostName,
    programName: caller.programName,
  });
  context.globals.SPID = caller.sessionId;
  context.globals.TRANCOUNT = run.session.depth;
  context.globals.ERROR = 0;
  context.globals.VERSION = 'Microsoft SQL Azure (RTM) - 12.0.2000.8';
  return seed;
}

/** The parameters that a statement names; 137 when one is not declared. */
function parametersOf(run: Run, sql: string): Record<string, null | number | bigint | string | Uint8Array> {
  const parameters: Record<string, null | number | bigint | string | Uint8Array> = {};
  for (const [, name = ''] of sql.replace(/'(?:[^']|'')*'/g, '').matchAll(/@([\w$#]+)/g)) {
    const value = run.variables[name];
    if (value === undefined) throw new ContentProblem(137, `Must declare the scalar variable "@${name}".`, 15);
    parameters[name] = toSqlite(value);
  }
  return parameters;
}

/** The value of an expression, converted to a type when one is given. */
export function evaluate(run: Run, tokens: readonly Token[], type?: string): TdsValue {
  const value = translate(tokens);
  const sql = `SELECT ${type === undefined ? value : castTo([{ kind: 'word', text: type, value: type, start: 0, end: 0 }], value, undefined)}`;
  const file = fileOf(run);
  prepareContext(run, file);
  const rows = file.prepare(sql).all(parametersOf(run, sql)) as unknown as TdsValue[][];
  return rows[0]?.[0] ?? null;
}

function isTrue(run: Run, condition: readonly Token[]): boolean {
  const sql = `SELECT CASE WHEN ${translate(condition)} THEN 1 ELSE 0 END`;
  const file = fileOf(run);
  prepareContext(run, file);
  const rows = file.prepare(sql).all(parametersOf(run, sql)) as unknown as number[][];
  return rows[0]?.[0] === 1;
}

function tableSql(run: Run, table: string): string | undefined {
  const rows = fileOf(run)
    .prepare("SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = @table COLLATE NOCASE")
    .all({ table }) as unknown as string[][];
  return rows[0]?.[0];
}

function lastRowId(file: ContentFile): number {
  const rows = file.prepare('SELECT last_insert_rowid()').all() as unknown as number[][];
  return rows[0]?.[0] ?? 0;
}
