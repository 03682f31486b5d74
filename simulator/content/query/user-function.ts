import type { UserFunction } from '../data/schema.ts';
import type { Bound, Frame } from '../env.ts';
import { ContentProblem, unknownSql } from '../problem.ts';
import { declaredType } from '../values/declared.ts';
import type { Value } from '../values/value.ts';
import { both, convertTo } from './bound.ts';
import type { Compiler } from './compiler.ts';

/** A call of a scalar function that the database made. */
export function userCall(compiler: Compiler, called: UserFunction, args: readonly (Bound | undefined)[]): Bound {
  if (called.returns === undefined) throw unknownSql('a table-valued function as a value');
  const values = argumentValues(compiler, called, args);
  return {
    type: declaredType(called.returns, 'declaration', compiler.ownType),
    isNullable: true,
    isNull: false,
    uses: args.reduce((all, one) => both(all, one?.uses ?? 0), 0),
    run: (frame) => frame.env.callFunction(called, values(frame)),
  };
}

/** The arguments in their parameters' types. 313 and 8144 for too few and too many. */
export function argumentValues(
  compiler: Compiler,
  called: UserFunction,
  args: readonly (Bound | undefined)[],
): (frame: Frame) => Value[] {
  const name = `${called.schema}.${called.name}`;
  if (args.length < called.parameters.length)
    throw new ContentProblem(
      313,
      `An insufficient number of arguments were supplied for the procedure or function ${name}.`,
      16,
      'scope',
    );
  if (args.length > called.parameters.length)
    throw new ContentProblem(8144, `Procedure or function ${name} has too many arguments specified.`, 16, 'scope');
  const all = called.parameters.map((parameter, place) => {
    const given = args[place];
    if (given === undefined) throw unknownSql('DEFAULT as an argument of a function');
    return convertTo(given, declaredType(parameter.type, 'declaration', compiler.ownType));
  });
  return (frame) => all.map((one) => one(frame));
}
