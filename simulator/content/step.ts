import { readOnlyMessage } from '../model/sql/faults.ts';
import type { Token } from '../model/sql/tokens.ts';
import type { TdsPart, TdsValue } from '../tds/handler-contract.ts';
import { type ContentFile, logChanges } from './content-file.ts';
import type { Step } from './plan.ts';
import { ContentProblem } from './problem.ts';
import type { Run } from './run.ts';
import { runTransaction } from './transaction.ts';
import { translate } from './translate.ts';
import { castTo, columnType, guessType, toSqlite } from './types.ts';

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

/** Whether a condition holds. */
export function isTrue(run: Run, condition: readonly Token[]): boolean {
  const sql = `SELECT CASE WHEN ${translate(condition)} THEN 1 ELSE 0 END`;
  const file = fileOf(run);
  prepareContext(run, file);
  const rows = file.prepare(sql).all(parametersOf(run, sql)) as unknown as number[][];
  return rows[0]?.[0] === 1;
}

/** The CREATE statement of a table. */
export function tableSql(run: Run, table: string): string | undefined {
  const rows = fileOf(run)
    .prepare("SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = @table COLLATE NOCASE")
    .all({ table }) as unknown as string[][];
  return rows[0]?.[0];
}

function lastRowId(file: ContentFile): number {
  const rows = file.prepare('SELECT last_insert_rowid()').all() as unknown as number[][];
  return rows[0]?.[0] ?? 0;
}
