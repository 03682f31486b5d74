import type { Frame } from '../env.ts';
import type { Value } from '../values/value.ts';

interface Kept {
  readonly keys: readonly Value[];
  readonly frame: Frame;
}

/**
 * The first rows of an order, without sorting all of them: TOP 20 of many is what applications ask most. `offer` gets
 * each row's keys, and copies its frame only when it is among the best so far.
 */
export function bestRows(
  limit: number,
  compare: (left: readonly Value[], right: readonly Value[]) => number,
  feed: (offer: (keys: readonly Value[], copy: () => Frame) => void) => void,
): Frame[] {
  const kept: Kept[] = [];
  feed((keys, copy) => {
    const last = kept[limit - 1];
    if (limit === 0 || (last !== undefined && compare(keys, last.keys) >= 0)) return;
    // Behind those that are equal: rows keep the order in which they come.
    let [low, high] = [0, kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare((kept[middle] as Kept).keys, keys) <= 0) low = middle + 1;
      else high = middle;
    }
    kept.splice(low, 0, { keys, frame: copy() });
    if (kept.length > limit) kept.pop();
  });
  return kept.map((one) => one.frame);
}
