import type { Bound, BoundCondition } from '../env.ts';
import { type Compare, commonType, comparerOf } from '../values/compare.ts';
import { converter } from '../values/convert.ts';
import { INT, type SqlType } from '../values/sql-type.ts';
import type { Value } from '../values/value.ts';

export function constant(type: SqlType, value: Value): Bound {
  return { type, isNullable: value === null, isNull: false, uses: 0, run: () => value };
}

/** The literal NULL. */
export const NULL: Bound = { ...constant(INT, null), isNull: true, isNullable: true };

/** A value from another, NULL from NULL. */
export function lift(of: Bound, type: SqlType, body: (value: NonNullable<Value>) => Value): Bound {
  return {
    type,
    isNullable: of.isNullable,
    isNull: false,
    uses: of.uses,
    run(frame) {
      const value = of.run(frame);
      return value === null ? null : body(value);
    },
  };
}

export function both(left: number, right: number): number {
  return left === -1 || right === -1 ? -1 : left | right;
}

/** The common type of several expressions, and each of them in it. */
export function unified(all: readonly Bound[]): { type: SqlType; converted: Bound['run'][] } {
  const typed = all.filter((one) => !one.isNull);
  const type = typed.map((one) => one.type).reduce((one, other) => commonType(one, other), typed[0]?.type ?? INT);
  return { type, converted: all.map((one) => convertTo(one, type)) };
}

/** An expression's value in another type, by implicit conversion. */
export function convertTo(of: Bound, type: SqlType): Bound['run'] {
  if (of.isNull) return () => null;
  const convert = converter(of.type, type, { isExplicit: false });
  return (frame) => convert(of.run(frame));
}

export const TESTS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
};

/** How two expressions meet for comparison. */
export function meeting(
  left: Bound,
  right: Bound,
): { type: SqlType; left: Bound['run']; right: Bound['run']; compare: Compare } {
  const type = left.isNull ? right.type : right.isNull ? left.type : commonType(left.type, right.type);
  return { type, left: convertTo(left, type), right: convertTo(right, type), compare: comparerOf(type) };
}

export function comparison(operator: string, left: Bound, right: Bound): BoundCondition {
  const test = TESTS[operator];
  if (test === undefined) throw new SyntaxError(operator);
  const met = meeting(left, right);
  return {
    uses: both(left.uses, right.uses),
    test(frame) {
      const a = met.left(frame);
      if (a === null) return null;
      const b = met.right(frame);
      return b === null ? null : test(met.compare(a, b));
    },
  };
}
