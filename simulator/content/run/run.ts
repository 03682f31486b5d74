import { tokenize } from '../../model/sql/tokens.ts';
import type { UserFunction } from '../data/schema.ts';
import { ContentProblem, toProblem, unknownSql } from '../problem.ts';
import { newFrame } from '../query/scope.ts';
import type { Expression } from '../syntax/ast.ts';
import { parseBatch } from '../syntax/batch.ts';
import type { Statement } from '../syntax/statements.ts';
import { converter } from '../values/convert.ts';
import { nvarchar, type SqlType } from '../values/sql-type.ts';
import type { Value } from '../values/value.ts';
import { checkIdentity } from './check-identity.ts';
import { closeCursor, declareCursor, fetch, openCursor } from './cursors.ts';
import { execute, requireCount, rowsOf } from './execute.ts';
import { Ended, fail } from './failure.ts';
import { runFunction } from './function.ts';
import { setOption } from './options.ts';
import { planCondition, planExpression } from './plan.ts';
import { precompile } from './precompile.ts';
import { raise, rethrow, throwError } from './raise.ts';
import { atomically, type Runner } from './runner.ts';
import { runChange, runDefinition, valueNow } from './statement.ts';
import { endTransaction, runTransaction } from './transaction.ts';

type Signal = 'next' | 'break' | 'continue' | 'return';

/**
 * Runs a batch from its text: parsed and compiled as a whole, then statement by statement. What a client calls by RPC, as sp_executesql,
 * must leave as many open transactions as it found (266): https://github.com/tediousjs/tedious/issues/891
 */
export function runText(runner: Runner, sql: string, isCall: boolean): void {
  const before = runner.session.depth;
  try {
    if (runner.session.options.quotesAreText && hasDoubleQuotes(sql))
      throw unknownSql('double quotes while QUOTED_IDENTIFIER is OFF');
    runStatements(runner, parseBatch(sql));
    const isTold = runner.parts.some((part) => part.kind === 'fault' && part.number === 266);
    if (isCall && !isTold) requireCount(runner, before);
  } catch (error) {
    if (error instanceof Ended) return;
    try {
      fail(runner, compiled(runner, error));
    } catch (again) {
      if (!(again instanceof Ended)) throw again;
    }
  } finally {
    endDoomed(runner);
  }
}

function hasDoubleQuotes(sql: string): boolean {
  return sql.includes('"') && tokenize(sql).some((token) => token.text.startsWith('"'));
}

/** Runs statements in the runner's present scope. Throws {@link Ended}, or a problem that an outer TRY catches. */
function runStatements(runner: Runner, statements: readonly Statement[]): void {
  precompile(runner, statements);
  runList(runner, statements);
}

function compiled(runner: Runner, error: unknown): ContentProblem {
  const problem = toProblem(error);
  problem.compiledAt ??= runner.scope.level;
  return problem;
}

/** 3998: a transaction that can only be rolled back does not outlive its batch. */
function endDoomed(runner: Runner): void {
  if (!runner.session.isDoomed) return;
  endTransaction(runner);
  runner.parts.push(
    new ContentProblem(
      3998,
      'Uncommittable transaction is detected at the end of the batch. The transaction is rolled back.',
    ).fault,
  );
}

function runList(runner: Runner, statements: readonly Statement[]): Signal {
  for (const statement of statements) {
    const signal = runStatement(runner, statement);
    if (signal !== 'next') return signal;
  }
  return 'next';
}

function runStatement(runner: Runner, of: Statement): Signal {
  switch (of.kind) {
    case 'block':
      return runList(runner, of.body);
    case 'if': {
      const holds = guarded(runner, () => planCondition(runner, of.condition).test(newFrame(runner.env, undefined, 0)));
      if (holds === true) return runStatement(runner, of.then);
      return of.otherwise === undefined || holds === undefined ? 'next' : runStatement(runner, of.otherwise);
    }
    case 'while':
      for (
        let rounds = 0;
        guarded(runner, () => planCondition(runner, of.condition).test(newFrame(runner.env, undefined, 0))) === true;
        rounds += 1
      ) {
        if (rounds > 1_000_000) throw unknownSql('WHILE of more than a million rounds');
        const signal = runStatement(runner, of.body);
        if (signal === 'break') break;
        if (signal === 'return') return signal;
      }
      return 'next';
    case 'try':
      return runTry(runner, of);
    case 'jump':
      return of.to;
    case 'return':
      if (of.value !== undefined) {
        const { value } = of;
        guarded(runner, () => {
          const { returns } = runner.scope;
          if (returns === undefined) runner.returnStatus = Number(valueNow(runner, value) ?? 0);
          else runner.scope.returned = returnedValue(runner, value, returns);
        });
      }
      return 'return';
    default:
      guarded(runner, () => runSimple(runner, of));
      return 'next';
  }
}

function returnedValue(runner: Runner, of: Expression, type: SqlType): Value {
  const bound = planExpression(runner, of);
  const value = bound.run(newFrame(runner.env, undefined, 0));
  return value === null || bound.isNull ? null : converter(bound.type, type, { isExplicit: false })(value);
}

/** Calls a function of the database's own. */
export function callFunction(runner: Runner, called: UserFunction, args: readonly Value[]): Value {
  return runFunction(runner, called, args, runStatements);
}

/** Runs one statement; its failure ends it, or more. */
function guarded<T>(runner: Runner, run: () => T): T | undefined {
  try {
    const result = run();
    runner.env.state.error = 0;
    return result;
  } catch (error) {
    if (error instanceof Ended) throw error;
    fail(runner, toProblem(error));
    return undefined;
  }
}

function runTry(runner: Runner, of: Statement & { kind: 'try' }): Signal {
  const { level } = runner.scope;
  const { env, tries } = runner;
  const { scope } = runner;
  tries.push(level);
  const depth = tries.length;
  try {
    const signal = runList(runner, of.body);
    tries.length = depth - 1;
    return signal;
  } catch (error) {
    tries.length = depth - 1;
    if (!(error instanceof ContentProblem) || (error.compiledAt !== undefined && error.compiledAt <= level))
      throw error;
    runner.scope = scope;
    const before = env.state.caught;
    const { number, class: severity, state, message } = error.fault;
    env.state.caught = { number, severity, state, message, procedure: error.procedure };
    env.state.error = number;
    const signal = runList(runner, of.handler);
    env.state.caught = before;
    return signal;
  }
}

type Simple = Exclude<Statement, { kind: 'block' | 'if' | 'while' | 'try' | 'jump' | 'return' }>;

function runSimple(runner: Runner, of: Simple): void {
  const { env, scope } = runner;
  switch (of.kind) {
    case 'declare':
      env.variables[of.name] = of.value === undefined ? null : assigned(runner, of.name, of.value, '=');
      return;
    case 'declare-table': {
      const table = scope.tables.get(`@${of.name}`);
      if (table !== undefined) scope.tableData.delete(table.id);
      return;
    }
    case 'set':
      env.variables[of.name] = assigned(runner, of.name, of.value, of.operator);
      env.state.rowCount = 1;
      return;
    case 'option':
      setOption(runner, of);
      return;
    case 'transaction':
      runTransaction(runner, of.does, of.name);
      return;
    case 'print': {
      const bound = planExpression(runner, of.value);
      const text = converter(bound.type, nvarchar(4000), { isExplicit: true })(valueNow(runner, of.value));
      runner.parts.push({ kind: 'message', text: text === null ? ' ' : String(text) });
      return;
    }
    case 'raiserror':
      raise(runner, of);
      return;
    case 'throw':
      of.args.length === 0 ? rethrow(runner) : throwError(runner, of.args);
      return;
    case 'execute':
      execute(runner, of.call, runStatements);
      return;
    case 'use':
      if (of.database.toLowerCase() === runner.caller.database.toLowerCase()) return;
      throw new ContentProblem(
        40508,
        'USE statement is not supported to switch between databases. Use a new connection to connect to a different database.',
        16,
        'scope',
      );
    case 'declare-cursor':
      declareCursor(runner, of);
      return;
    case 'cursor':
      of.does === 'OPEN' ? openCursor(runner, of.name) : closeCursor(runner, of.name, of.does);
      return;
    case 'fetch':
      fetch(runner, of);
      return;
    case 'check-identity':
      checkIdentity(runner, of);
      return;
    case 'nothing':
      return;
    case 'select':
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
    case 'truncate':
      atomically(runner, () => runChange(runner, of, (insert) => rowsOf(runner, insert, runStatements)));
      return;
    case 'create-schema':
      atomically(runner, () => {
        runDefinition(runner, of);
        runList(runner, of.body);
      });
      return;
    default:
      atomically(runner, () => runDefinition(runner, of));
      return;
  }
}

function assigned(runner: Runner, name: string, value: Parameters<typeof valueNow>[1], operator: string) {
  const type = runner.scope.types.get(name);
  if (type === undefined) throw new ContentProblem(137, `Must declare the scalar variable "@${name}".`, 15);
  const of =
    operator === '='
      ? value
      : {
          kind: 'binary-operator' as const,
          operator: operator.slice(0, -1),
          left: { kind: 'variable' as const, name },
          right: value,
        };
  const bound = planExpression(runner, of);
  const result = bound.run(newFrame(runner.env, undefined, 0));
  return result === null || bound.isNull ? null : converter(bound.type, type, { isExplicit: false })(result);
}
