import type { BoundCondition, Frame } from '../env.ts';
import type { Condition } from '../syntax/ast.ts';
import type { Row } from '../values/value.ts';
import type { Compiler } from './compiler.ts';
import { equalities, hashKey } from './equalities.ts';
import type { Produce } from './produce.ts';
import type { Scope } from './scope.ts';

/** What of the right side meets nothing is left away; what of the left meets nothing gets NULL. */
function setNull(frame: Frame, from: number, to: number): void {
  for (let at = from; at < to; at += 1) frame.rows[at] = null;
}

export function leftJoin(left: Produce, match: Produce, from: number, to: number): Produce {
  return (frame, then) =>
    left(frame, () => {
      let isMatched = false;
      const isDone = match(frame, () => {
        isMatched = true;
        return then();
      });
      if (isDone || isMatched) return isDone;
      setNull(frame, from, to);
      return then();
    });
}

/** A left join, and then what of the right side met nothing. */
export function fullJoin(
  left: Produce,
  match: Produce,
  right: Produce,
  mirrored: Produce,
  first: number,
  middle: number,
  last: number,
): Produce {
  const whole = leftJoin(left, match, middle, last);
  return (frame, then) => {
    if (whole(frame, then)) return true;
    return right(frame, () => {
      let isMatched = false;
      mirrored(frame, () => {
        isMatched = true;
        return true;
      });
      if (isMatched) return false;
      setNull(frame, first, middle);
      return then();
    });
  };
}

/** Rows of one side by the key of their equalities. */
type Buckets = Map<string, { readonly rows: (Row | null)[]; readonly ids: number[] }[]>;

/** The rows of one side that meet what the frame holds of the other: by hash where the condition has equalities. */
export function matcher(
  compiler: Compiler,
  scope: Scope,
  condition: Condition,
  on: BoundCondition,
  side: Produce,
  from: number,
  to: number,
): Produce {
  const pairs = equalities(compiler, scope, condition, from, to);
  if (pairs.length === 0) return (frame, then) => side(frame, () => (on.test(frame) === true ? then() : false));
  const inside = hashKey(pairs.map((pair) => pair.inside));
  const outside = hashKey(pairs.map((pair) => pair.outside));
  // One table of hashes for each run of the query, which has a frame of its own.
  const built = new WeakMap<Frame, Buckets>();
  return (frame, then) => {
    let table = built.get(frame);
    if (table === undefined) {
      const filled: Buckets = new Map();
      const saved = frame.rows.slice();
      side(frame, () => {
        const key = inside(frame);
        if (key === undefined) return false;
        const entry = { rows: frame.rows.slice(from, to), ids: frame.ids.slice(from, to) };
        const bucket = filled.get(key);
        if (bucket === undefined) filled.set(key, [entry]);
        else bucket.push(entry);
        return false;
      });
      for (const [at, row] of saved.entries()) frame.rows[at] = row;
      built.set(frame, filled);
      table = filled;
    }
    const key = outside(frame);
    if (key === undefined) return false;
    for (const entry of table.get(key) ?? []) {
      for (let at = from; at < to; at += 1) {
        frame.rows[at] = entry.rows[at - from] ?? null;
        frame.ids[at] = entry.ids[at - from] ?? 0;
      }
      if (on.test(frame) === true && then()) return true;
    }
    return false;
  };
}
