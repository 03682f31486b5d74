import type { Bound, BoundCondition, Frame } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Call, Condition, Expression } from '../syntax/ast.ts';
import { converter } from '../values/convert.ts';
import type { SqlType } from '../values/sql-type.ts';
import type { Value } from '../values/value.ts';
import { both } from './bound.ts';
import type { Compiler } from './compiler.ts';
import type { Scope } from './scope.ts';

/** A call that is being compiled. */
export interface FunctionCall {
  readonly compiler: Compiler;
  readonly scope: Scope;
  readonly call: Call;
  compile(of: Expression): Bound;
  condition(of: Condition): BoundCondition;
}

export type Define = (of: FunctionCall) => Bound;

/** The compiled arguments; 174 when there are too few or too many. */
export function argumentsOf(of: FunctionCall, least: number, most = least): Bound[] {
  const { args, name } = of.call;
  if (args.length < least || args.length > most) {
    const count = least === most ? String(least) : `${least} to ${most}`;
    throw new ContentProblem(174, `The ${name.toLowerCase()} function requires ${count} argument(s).`, 15, 'scope');
  }
  return args.map((one) => of.compile(one));
}

/** A function that is NULL when an argument is; `wants` are the types that its arguments become first. */
export function strict(
  least: number,
  most: number,
  describe: (args: readonly Bound[]) => {
    readonly type: SqlType;
    readonly wants: readonly (SqlType | undefined)[];
    readonly body: (values: readonly NonNullable<Value>[], frame: Frame) => Value;
  },
): Define {
  return (of) => {
    const args = argumentsOf(of, least, most);
    const { type, wants, body } = describe(args);
    const converted = args.map((one, place) => {
      const wanted = wants[place];
      return wanted === undefined || one.isNull ? one.run : asArgument(one, wanted);
    });
    return {
      type,
      isNullable: true,
      isNull: false,
      uses: args.reduce((all, one) => both(all, one.uses), 0),
      run(frame) {
        const values: NonNullable<Value>[] = [];
        for (const run of converted) {
          const value = run(frame);
          if (value === null) return null;
          values.push(value);
        }
        return body(values, frame);
      },
    };
  };
}

/** Functions take what CAST takes: LEN(5) is 1. */
function asArgument(of: Bound, type: SqlType): Bound['run'] {
  const convert = converter(of.type, type, { isExplicit: true });
  return (frame) => convert(of.run(frame));
}

/** A function of nothing but where and when it runs. */
export function fromFrame(type: SqlType, run: (frame: Frame) => Value): Define {
  return (of) => {
    argumentsOf(of, 0, 0);
    return { type, isNullable: true, isNull: false, uses: -1, run };
  };
}
