import type { BoundChange } from '../change/bound-change.ts';
import { compileInsert } from '../change/insert.ts';
import { compileMerge } from '../change/merge.ts';
import { compileUpdate } from '../change/update.ts';
import type { Schema } from '../data/schema.ts';
import type { Bound, BoundCondition, BoundQuery } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Compiler } from '../query/compiler.ts';
import { compileCondition, compileExpression } from '../query/expression.ts';
import { compileQuery } from '../query/query.ts';
import { newScope } from '../query/scope.ts';
import type { Condition, Expression, Query } from '../syntax/ast.ts';
import type { Change } from '../syntax/statements.ts';
import { compilerOf, type Runner } from './runner.ts';

/** What was compiled of a node of a batch, and for which schema and variables. */
interface Remembered {
  readonly schema: Schema;
  readonly signature: string;
  readonly plan: unknown;
}

const remembered = new WeakMap<object, Remembered>();

/** Compiles a node once for a schema and the types of the variables in sight. What it cannot compile it says as a compile-time error. */
function planOf<T>(runner: Runner, node: object, compile: (compiler: Compiler) => T): T {
  const compiler = compilerOf(runner);
  const signature = signatureOf(runner);
  const before = remembered.get(node);
  if (before !== undefined && before.schema === compiler.schema && before.signature === signature)
    return before.plan as T;
  const plan = atCompileTime(runner, () => compile(compiler));
  // Temporary tables are no part of the schema: what names them is compiled each time.
  if (compiler.temporary.size === 0) remembered.set(node, { schema: compiler.schema, signature, plan });
  return plan;
}

function atCompileTime<T>(runner: Runner, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof ContentProblem) error.compiledAt = runner.scope.level;
    throw error;
  }
}

function signatureOf(runner: Runner): string {
  let signature = `${runner.caller.database}/${runner.caller.server === undefined}`;
  for (const [name, type] of runner.scope.types)
    signature += `,${name} ${type.name} ${type.length} ${type.precision} ${type.scale}`;
  return signature;
}

export function planCondition(runner: Runner, of: Condition): BoundCondition {
  return planOf(runner, of, (compiler) => compileCondition(compiler, newScope(undefined), of));
}

export function planExpression(runner: Runner, of: Expression): Bound {
  return planOf(runner, of, (compiler) => compileExpression(compiler, newScope(undefined), of));
}

export function planQuery(runner: Runner, of: Query): BoundQuery {
  return planOf(runner, of, (compiler) => compileQuery(compiler, of, undefined));
}

type RowChange = Exclude<Change, { kind: 'select' | 'truncate' }>;

export function planChange(runner: Runner, of: RowChange): BoundChange {
  return planOf(runner, of, (compiler) => {
    switch (of.kind) {
      case 'insert':
        return compileInsert(compiler, of, runner.session.options.identityInsert);
      case 'update':
      case 'delete':
        return compileUpdate(compiler, of);
      case 'merge':
        return compileMerge(compiler, of);
    }
  });
}
