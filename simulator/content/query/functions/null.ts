import type { Bound } from '../../env.ts';
import { ContentProblem } from '../../problem.ts';
import { converter } from '../../values/convert.ts';
import { INT } from '../../values/sql-type.ts';
import { both, comparison, convertTo, unified } from '../bound.ts';
import { argumentsOf, type Define } from '../function-contract.ts';

function usesOf(all: readonly Bound[]): number {
  return all.reduce((uses, one) => both(uses, one.uses), 0);
}

/** Functions about NULL and choice by upper-case name. */
export const NULL_FUNCTIONS: Readonly<Record<string, Define>> = {
  // The second takes the type of the first, cut to its length.
  ISNULL(of) {
    const [value, other] = argumentsOf(of, 2) as [Bound, Bound];
    const type = value.isNull ? other.type : value.type;
    const convert = other.isNull ? () => null : converter(other.type, type, { isExplicit: false });
    return {
      type,
      isNullable: value.isNullable && other.isNullable,
      isNull: false,
      uses: usesOf([value, other]),
      run: (frame) => value.run(frame) ?? convert(other.run(frame)),
    };
  },
  COALESCE(of) {
    const args = argumentsOf(of, 1, 254);
    if (args.every((one) => one.isNull))
      throw new ContentProblem(
        4127,
        'At least one of the arguments to COALESCE must be an expression that is not the NULL constant.',
        16,
        'scope',
      );
    const { type, converted } = unified(args);
    return {
      type,
      isNullable: args.every((one) => one.isNullable),
      isNull: false,
      uses: usesOf(args),
      run(frame) {
        for (const one of converted) {
          const value = one(frame);
          if (value !== null) return value;
        }
        return null;
      },
    };
  },
  NULLIF(of) {
    const [value, other] = argumentsOf(of, 2) as [Bound, Bound];
    if (value.isNull)
      throw new ContentProblem(
        4151,
        'The type of the first argument to NULLIF cannot be the NULL constant because the type of the first argument has to be known.',
        16,
        'scope',
      );
    const equal = comparison('=', value, other);
    return {
      type: value.type,
      isNullable: true,
      isNull: false,
      uses: usesOf([value, other]),
      run: (frame) => (equal.test(frame) === true ? null : value.run(frame)),
    };
  },
  CHOOSE(of) {
    const [index, ...values] = argumentsOf(of, 2, 254) as [Bound, ...Bound[]];
    const { type, converted } = unified(values);
    const place = convertTo(index, INT);
    return {
      type,
      isNullable: true,
      isNull: false,
      uses: usesOf([index, ...values]),
      run: (frame) => converted[Number(place(frame)) - 1]?.(frame) ?? null,
    };
  },
};
