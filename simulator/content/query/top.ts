import type { Env } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Top } from '../syntax/ast.ts';
import { BIGINT, FLOAT } from '../values/sql-type.ts';
import { convertTo } from './bound.ts';
import type { Compiler } from './compiler.ts';
import { compileExpression } from './expression.ts';
import { newFrame, newScope } from './scope.ts';

type Limit = <T>(env: Env, rows: T[], compare: (a: T, b: T) => number) => T[];

/** TOP, or the rows that FETCH asks for: how many, of how many, and with ties or without. */
export function compileTop(
  compiler: Compiler,
  top: Top,
  isOrdered: boolean,
): { limit: Limit; count: (env: Env) => number } {
  if (top.withTies && !isOrdered)
    throw new ContentProblem(
      1062,
      'The TOP N WITH TIES clause is not allowed without a corresponding ORDER BY clause.',
      15,
      'scope',
    );
  const value = convertTo(compileExpression(compiler, newScope(undefined), top.count), top.isPercent ? FLOAT : BIGINT);
  const count = (env: Env) => {
    const result = Number(value(newFrame(env, undefined, 0)) ?? 0);
    if (result < 0)
      throw new ContentProblem(
        1060,
        'The number of rows provided for a TOP or FETCH clauses row count parameter must be an integer.',
        15,
      );
    return result;
  };
  const limit: Limit = (env, rows, compare) => {
    const wanted = top.isPercent ? Math.ceil((rows.length * count(env)) / 100) : count(env);
    let end = Math.min(rows.length, wanted);
    const last = rows[end - 1];
    while (
      top.withTies &&
      last !== undefined &&
      end < rows.length &&
      compare(rows[end] as (typeof rows)[number], last) === 0
    )
      end += 1;
    return rows.slice(0, end);
  };
  return { limit, count };
}
