import type { UserFunction } from '../data/schema.ts';
import { ContentProblem, unknownSql } from '../problem.ts';
import { declaredType } from '../values/declared.ts';
import type { Value } from '../values/value.ts';
import type { RunStatements } from './execute.ts';
import { compilerOf, newScope, type Runner } from './runner.ts';

/** Runs the body of a scalar function. What fails in it fails the statement that called it. */
export function runFunction(
  runner: Runner,
  called: UserFunction,
  args: readonly Value[],
  runStatements: RunStatements,
): Value {
  if (called.returns === undefined) throw unknownSql('a table-valued function as a value');
  const { scope, env, tries } = runner;
  if (scope.level >= 32)
    throw new ContentProblem(
      217,
      'Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).',
      16,
      'batch',
    );
  const { ownType } = compilerOf(runner);
  const types = new Map(called.parameters.map((one) => [one.name, declaredType(one.type, 'declaration', ownType)]));
  const before = { variables: env.variables, rowCount: env.state.rowCount, tries: tries.length };
  runner.scope = newScope(scope.level + 1, types, declaredType(called.returns, 'declaration', ownType));
  env.variables = Object.fromEntries(called.parameters.map((one, place) => [one.name, args[place] ?? null]));
  tries.push(scope.level);
  try {
    runStatements(runner, called.body);
    return runner.scope.returned;
  } finally {
    tries.length = before.tries;
    runner.scope = scope;
    env.variables = before.variables;
    env.state.rowCount = before.rowCount;
  }
}
