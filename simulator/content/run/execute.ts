import { findObject, type Procedure } from '../data/schema.ts';
import type { OutputColumn } from '../env.ts';
import { ContentProblem, toProblem, unknownSql } from '../problem.ts';
import { splitName } from '../query/compiler.ts';
import { newFrame } from '../query/scope.ts';
import { asSyntaxError, parseBatch, readerOf } from '../syntax/batch.ts';
import { parseParameterList } from '../syntax/module.ts';
import type { Argument, Change, Execute, ParameterSyntax, Statement } from '../syntax/statements.ts';
import { converter } from '../values/convert.ts';
import { declaredType } from '../values/declared.ts';
import { INT, NVARCHAR_MAX, nameOf, type SqlType } from '../values/sql-type.ts';
import type { Row, Value } from '../values/value.ts';
import { Ended, fail } from './failure.ts';
import { planExpression } from './plan.ts';
import { compilerOf, newScope, type Runner } from './runner.ts';
import { callSystem, isSystemProcedure } from './system-procedures.ts';

/** Runs statements in the present scope; handed in, since statements call procedures. */
export type RunStatements = (runner: Runner, statements: readonly Statement[]) => void;

/** EXEC: a procedure, or text. */
export function execute(runner: Runner, call: Execute, runStatements: RunStatements): void {
  if (call.kind === 'text') {
    const text = String(converted(runner, { name: undefined, value: call.text, isOutput: false }, NVARCHAR_MAX) ?? '');
    counted(runner, () => inScope(runner, new Map(), {}, undefined, () => runStatements(runner, parseBatch(text))));
    return;
  }
  const name = (call.name.at(-1) ?? '').toLowerCase();
  if (name === 'sp_executesql') executeSql(runner, call.args, runStatements);
  else if (isSystemProcedure(name)) {
    callSystem(
      runner,
      name,
      call.args.map((one) => ({
        name: one.name,
        value: planExpression(runner, one.value).run(newFrame(runner.env, undefined, 0)),
      })),
    );
    runner.returnStatus = 0;
  } else callProcedure(runner, call, runStatements);
  if (call.result !== undefined) {
    const type = runner.scope.types.get(call.result);
    if (type === undefined) throw new ContentProblem(137, `Must declare the scalar variable "@${call.result}".`, 15);
    runner.env.variables[call.result] = converter(INT, type, { isExplicit: false })(runner.returnStatus);
  }
}

function converted(runner: Runner, argument: Argument, type: SqlType): Value {
  const bound = planExpression(runner, argument.value);
  const value = bound.run(newFrame(runner.env, undefined, 0));
  return value === null || bound.isNull ? null : converter(bound.type, type, { isExplicit: false })(value);
}

/** 8114 for an argument that is no value of its parameter's type. */
function argumentValue(runner: Runner, argument: Argument, type: SqlType): Value {
  try {
    return converted(runner, argument, type);
  } catch (error) {
    if (!(error instanceof ContentProblem) || ![241, 242, 244, 245, 248, 295, 8115, 8169].includes(error.fault.number))
      throw error;
    const from = planExpression(runner, argument.value).type;
    throw new ContentProblem(8114, `Error converting data type ${nameOf(from)} to ${nameOf(type)}.`, 16, 'statement');
  }
}

/** Runs something in a scope of its own: variables, table variables, temporary tables and SET options end with it. */
function inScope(
  runner: Runner,
  types: ReadonlyMap<string, SqlType>,
  values: Record<string, Value>,
  procedure: string | undefined,
  run: () => void,
): Record<string, Value> {
  const { scope, session, env } = runner;
  const { variables } = env;
  const before = {
    options: session.options,
    temporary: new Set(session.temporary.keys()),
    procedure: env.state.procedure,
    identity: env.state.identity,
  };
  if (scope.level >= 32)
    throw new ContentProblem(
      217,
      'Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).',
      16,
      'batch',
    );
  runner.scope = newScope(scope.level + 1, types);
  env.variables = { ...values };
  env.state.procedure = procedure ?? before.procedure;
  env.state.nesting += 1;
  runner.returnStatus = 0;
  let after: Record<string, Value> = {};
  try {
    toTheEnd(runner, run);
    after = env.variables;
  } catch (error) {
    after = env.variables;
    if (error instanceof ContentProblem) error.procedure ??= procedure;
    if (!(error instanceof Ended) || error.what !== 'scope') throw error;
    runner.returnStatus = -1;
  } finally {
    env.state.nesting -= 1;
    env.state.procedure = before.procedure;
    session.options = before.options;
    const left = new Map([...session.temporary].filter(([name]) => before.temporary.has(name)));
    session.temporary = left;
    runner.scope = scope;
    env.variables = variables;
  }
  return after;
}

/** Runs what a scope holds; text that cannot be read or compiled fails in the scope, not in its caller. */
function toTheEnd(runner: Runner, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (error instanceof Ended || (error instanceof ContentProblem && error.isCaught)) throw error;
    const problem = toProblem(error);
    problem.compiledAt ??= runner.scope.level;
    fail(runner, problem);
  }
}

function executeSql(runner: Runner, args: readonly Argument[], runStatements: RunStatements): void {
  const [statement, declaration, ...rest] = args;
  if (statement === undefined)
    throw new ContentProblem(
      201,
      "Procedure or function 'sp_executesql' expects parameter '@statement', which was not supplied.",
    );
  const statementType = planExpression(runner, statement.value).type;
  if (!statementType.name.startsWith('n'))
    throw new ContentProblem(
      214,
      "Procedure expects parameter '@statement' of type 'ntext/nchar/nvarchar'.",
      16,
      'scope',
    );
  const text = String(converted(runner, statement, NVARCHAR_MAX) ?? '');
  const parameters =
    declaration === undefined
      ? []
      : asSyntaxError(() => parseParameterList(readerOf(String(converted(runner, declaration, NVARCHAR_MAX) ?? ''))));
  counted(runner, () => call(runner, '', parameters, rest, () => runStatements(runner, parseBatch(text))));
}

function callProcedure(runner: Runner, of: Execute & { kind: 'procedure' }, runStatements: RunStatements): void {
  const parts = splitName(compilerOf(runner), of.name);
  const procedure: Procedure | undefined = findProcedure(runner, parts);
  if (procedure === undefined) {
    if (/^(sp|xp)_/i.test(parts.name)) throw unknownSql(`the procedure ${parts.name}`);
    throw new ContentProblem(2812, `Could not find stored procedure '${of.name.join('.')}'.`);
  }
  counted(runner, () =>
    call(runner, procedure.name, procedure.parameters, of.args, () => runStatements(runner, procedure.body)),
  );
}

function counted(runner: Runner, run: () => void): void {
  const before = runner.session.depth;
  run();
  requireCount(runner, before);
}

/** 266 for a procedure or text that leaves another number of open transactions than it found. */
export function requireCount(runner: Runner, before: number): void {
  const after = runner.session.depth;
  if (before === after) return;
  const counts = `Previous count = ${before}, current count = ${after}.`;
  throw new ContentProblem(
    266,
    `Transaction count after EXECUTE indicates a mismatching number of BEGIN and COMMIT statements. ${counts}`,
  );
}

function findProcedure(runner: Runner, parts: { schema: string; name: string }): Procedure | undefined {
  const found = findObject(runner.env.database().schema, parts.schema, parts.name);
  return found?.kind === 'procedure' ? found : undefined;
}

/** Binds arguments to parameters, runs, and hands OUTPUT values back. */
function call(
  runner: Runner,
  name: string,
  parameters: readonly ParameterSyntax[],
  args: readonly Argument[],
  run: () => void,
): void {
  const own = compilerOf(runner).ownType;
  const types = new Map(parameters.map((one) => [one.name, declaredType(one.type, 'declaration', own)]));
  const values: Record<string, Value> = {};
  const positional = args.filter((one) => one.name === undefined);
  if (positional.length > parameters.length)
    throw new ContentProblem(8144, `Procedure or function ${name} has too many arguments specified.`);
  for (const one of args)
    if (one.name !== undefined && !types.has(one.name))
      throw new ContentProblem(8145, `@${one.name} is not a parameter for procedure ${name}.`);
  const given = new Map<string, Argument>();
  for (const [place, one] of args.entries()) given.set(one.name ?? parameters[place]?.name ?? '', one);
  for (const parameter of parameters) {
    const argument = given.get(parameter.name);
    const type = types.get(parameter.name) as SqlType;
    if (argument !== undefined && argument.value.kind !== 'default') {
      if (argument.isOutput && !parameter.isOutput)
        throw new ContentProblem(
          8162,
          `The formal parameter "@${parameter.name}" was not declared as an OUTPUT parameter, but the actual parameter passed in requested output.`,
          16,
          'scope',
        );
      values[parameter.name] = argumentValue(runner, argument, type);
    } else if (parameter.default !== undefined)
      values[parameter.name] = converted(runner, { name: undefined, value: parameter.default, isOutput: false }, type);
    else if (name !== '')
      throw new ContentProblem(
        201,
        `Procedure or function '${name}' expects parameter '@${parameter.name}', which was not supplied.`,
      );
    else
      throw new ContentProblem(
        8178,
        `The parameterized query expects the parameter '@${parameter.name}', which was not supplied.`,
      );
  }
  const after = inScope(runner, types, values, name === '' ? undefined : name, run);
  for (const [parameter, argument] of given) {
    if (!argument.isOutput || argument.value.kind !== 'variable') continue;
    const to = runner.scope.types.get(argument.value.name);
    const from = types.get(parameter);
    if (to === undefined || from === undefined) continue;
    runner.env.variables[argument.value.name] = converter(from, to, { isExplicit: false })(after[parameter] ?? null);
  }
}

/** The rows that EXEC gives to INSERT. */
export function rowsOf(
  runner: Runner,
  of: Change & { kind: 'insert' },
  runStatements: RunStatements,
): { columns: readonly OutputColumn[]; rows: readonly Row[] } {
  if (typeof of.source === 'string' || of.source.kind === 'query') throw new Error('an INSERT without EXEC');
  const captured: { columns: readonly OutputColumn[]; rows: readonly Row[] }[] = [];
  const before = runner.capture;
  runner.capture = (columns, rows) => captured.push({ columns, rows });
  try {
    execute(runner, of.source, runStatements);
  } finally {
    runner.capture = before;
  }
  const [first] = captured;
  if (first === undefined) return { columns: [], rows: [] };
  if (captured.some((one) => one.columns.length !== first.columns.length))
    throw new ContentProblem(213, 'Column name or number of supplied values does not match table definition.');
  return { columns: first.columns, rows: captured.flatMap((one) => one.rows) };
}
