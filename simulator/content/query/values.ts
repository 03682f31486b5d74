import type { BoundQuery, OutputColumn } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Expression } from '../syntax/ast.ts';
import { commonType } from '../values/compare.ts';
import { BIGINT } from '../values/sql-type.ts';
import { convertTo } from './bound.ts';
import type { Compiler } from './compiler.ts';
import { compileExpression } from './expression.ts';
import { newFrame, newScope, type Scope } from './scope.ts';

/** `VALUES (…), (…)`: each column takes the type that all its values meet in. */
export function compileValues(
  compiler: Compiler,
  rows: readonly (readonly Expression[])[],
  up: Scope | undefined,
): BoundQuery {
  const scope = newScope(up);
  const bound = rows.map((row) => row.map((one) => compileExpression(compiler, scope, one)));
  const width = bound[0]?.length ?? 0;
  if (bound.some((row) => row.length !== width))
    throw new ContentProblem(
      10709,
      'The number of columns for each row in a table value constructor must be the same.',
      15,
    );
  const columns = Array.from({ length: width }, (_, place): OutputColumn => {
    const typed = bound.flatMap((row) => (row[place] === undefined || row[place].isNull ? [] : [row[place].type]));
    const type = typed.reduce((one, other) => commonType(one, other), typed[0] ?? BIGINT);
    return { name: '', type, isNullable: true };
  });
  const converted = bound.map((row) => row.map((one, place) => convertTo(one, columns[place]?.type ?? one.type)));
  return {
    columns,
    run(env, above) {
      const frame = newFrame(env, above, 0);
      return converted.map((row) => row.map((one) => one(frame)));
    },
  };
}
