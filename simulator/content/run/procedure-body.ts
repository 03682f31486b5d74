import type { Module } from '../syntax/statements.ts';
import { declaredType } from '../values/declared.ts';
import { precompile } from './precompile.ts';
import { compilerOf, newScope, type Runner } from './runner.ts';

/** Compiles the body of a procedure that is being made: 207 for a missing column of a table that is there. */
export function precompileBody(runner: Runner, module: Module): void {
  const { scope } = runner;
  const { variables } = runner.env;
  const types = new Map(
    module.parameters.map((one) => [one.name, declaredType(one.type, 'declaration', compilerOf(runner).ownType)]),
  );
  runner.scope = newScope(scope.level, types);
  runner.env.variables = {};
  try {
    precompile(runner, module.body);
  } finally {
    runner.scope = scope;
    runner.env.variables = variables;
  }
}
