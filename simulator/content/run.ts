import type { Token } from '../model/sql/tokens.ts';
import type { TdsPart, TdsValue } from '../tds/handler-contract.ts';
import type { Statement } from './batch.ts';
import type { Caller, ContentSession } from './engine.ts';
import { runExecute } from './execute.ts';
import { planStatement, type Step } from './plan.ts';
import { ContentProblem, toProblem } from './problem.ts';
import { evaluate, fileOf, isTrue, runStep, tableSql } from './step.ts';
import type { ContentStore } from './store.ts';
import { runTransaction } from './transaction.ts';

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
