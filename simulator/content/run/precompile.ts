import { buildTable } from '../define/create-table.ts';
import { ContentProblem } from '../problem.ts';
import type { Statement } from '../syntax/statements.ts';
import { declaredType } from '../values/declared.ts';
import { definerOf } from './definer.ts';
import { planChange, planCondition, planExpression, planQuery } from './plan.ts';
import { compilerOf, type Runner } from './runner.ts';

/**
 * Compiles a batch before any of it runs, as SQL Server does: variables are declared in the order of the text, and
 * a statement whose tables are all there must compile. One whose tables are missing waits until it is its turn.
 */
export function precompile(runner: Runner, statements: readonly Statement[]): void {
  for (const statement of statements) precompileOne(runner, statement);
}

function precompileOne(runner: Runner, of: Statement): void {
  switch (of.kind) {
    case 'block':
      precompile(runner, of.body);
      return;
    case 'if':
      tryCompile(() => planCondition(runner, of.condition));
      precompileOne(runner, of.then);
      if (of.otherwise !== undefined) precompileOne(runner, of.otherwise);
      return;
    case 'while':
      tryCompile(() => planCondition(runner, of.condition));
      precompileOne(runner, of.body);
      return;
    case 'try':
      precompile(runner, of.body);
      precompile(runner, of.handler);
      return;
    case 'declare':
      if (of.value !== undefined) {
        const { value } = of;
        tryCompile(() => planExpression(runner, value));
      }
      declare(runner, of.name, of);
      return;
    case 'declare-table':
      declareTable(runner, of);
      return;
    case 'set':
    case 'print':
      tryCompile(() => planExpression(runner, of.value));
      return;
    case 'return':
      if (of.value !== undefined) {
        const { value } = of;
        tryCompile(() => planExpression(runner, value));
      }
      return;
    case 'select':
      if (of.query.body.kind === 'select' && of.query.body.into !== undefined) return;
      tryCompile(() => planQuery(runner, of.query));
      return;
    case 'insert':
      if (typeof of.source !== 'string' && of.source.kind !== 'query') return;
      tryCompile(() => planChange(runner, of));
      return;
    case 'update':
    case 'delete':
    case 'merge':
      tryCompile(() => planChange(runner, of));
      return;
    default:
      return;
  }
}

/** 208 waits: the table may be made before the statement runs. */
function tryCompile(compile: () => unknown): void {
  try {
    compile();
  } catch (error) {
    if (error instanceof ContentProblem && error.fault.number === 208) return;
    throw error;
  }
}

function declare(runner: Runner, name: string, of: Statement & { kind: 'declare' }): void {
  if (runner.scope.types.has(name) || runner.scope.tables.has(`@${name}`))
    throw new ContentProblem(
      134,
      `The variable name '@${name}' has already been declared. Variable names must be unique within a query batch or stored procedure.`,
      15,
      'scope',
    );
  runner.scope.types.set(name, declaredType(of.type, 'declaration', compilerOf(runner).ownType));
  runner.env.variables[name] = null;
}

function declareTable(runner: Runner, of: Statement & { kind: 'declare-table' }): void {
  if (runner.scope.types.has(of.name) || runner.scope.tables.has(`@${of.name}`))
    throw new ContentProblem(
      134,
      `The variable name '@${of.name}' has already been declared. Variable names must be unique within a query batch or stored procedure.`,
      15,
      'scope',
    );
  runner.scope.tables.set(`@${of.name}`, buildTable(definerOf(runner), 'dbo', `@${of.name}`, 'batch', of.table));
}
