import type { Bound, Frame } from '../env.ts';
import { compareNullable, comparerOf, joinKeys, keyOf } from '../values/compare.ts';

export interface BoundOrdering {
  readonly bound: Bound;
  readonly isDescending: boolean;
}

/** Order of frames. */
export function sorter(orders: readonly BoundOrdering[]): (left: Frame, right: Frame) => number {
  const all = orders.map(({ bound, isDescending }) => ({
    bound,
    sign: isDescending ? -1 : 1,
    compare: comparerOf(bound.type),
  }));
  return (left, right) => {
    for (const { bound, sign, compare } of all) {
      const order = compareNullable(compare, bound.run(left), bound.run(right));
      if (order !== 0) return sign * order;
    }
    return 0;
  };
}

/** A key that is equal for equal values of all expressions. */
export function keyer(all: readonly Bound[]): (frame: Frame) => string {
  const keys = all.map((one) => keyOf(one.type));
  return (frame) => joinKeys(all.map((one, place) => keys[place]?.(one.run(frame)) ?? ''));
}
