import type { Bound, Frame } from '../env.ts';
import { ContentProblem, unknownSql } from '../problem.ts';
import type { Call } from '../syntax/ast.ts';
import { BIGINT, type SqlType } from '../values/sql-type.ts';
import type { Value } from '../values/value.ts';
import { aggregateOf, isAggregate } from './aggregate.ts';
import { convertTo } from './bound.ts';
import type { Compiler } from './compiler.ts';
import type { CompileExpression } from './condition.ts';
import { keyer, sorter } from './order.ts';
import type { Scope } from './scope.ts';

/** Compiles a function with OVER; its values are computed for the whole result, before items are. */
export function compileWindow(compiler: Compiler, scope: Scope, call: Call, compile: CompileExpression): Bound {
  const { over } = call;
  if (scope.windows === undefined || over === undefined)
    throw new ContentProblem(
      4108,
      'Windowed functions can only appear in the SELECT or ORDER BY clauses.',
      15,
      'scope',
    );
  if (over.hasFrame) throw unknownSql('OVER … ROWS');
  const partition = keyer(over.partition.map((one) => compile(compiler, scope, one)));
  const orders = over.order.map((one) => ({ bound: compile(compiler, scope, one.of), isDescending: one.isDescending }));
  if (!isAggregate(call) && orders.length === 0)
    throw new ContentProblem(4112, `The function '${call.name}' must have an OVER clause with ORDER BY.`, 15, 'scope');
  const compare = sorter(orders);
  const { type, values } = windowOf(compiler, scope, call, compile, compare, orders.length > 0);
  const place =
    scope.windows.push({
      compute(frames) {
        const groups = new Map<string, number[]>();
        for (const [at, frame] of frames.entries()) {
          const key = partition(frame);
          const group = groups.get(key);
          if (group === undefined) groups.set(key, [at]);
          else group.push(at);
        }
        const result: Value[] = new Array(frames.length).fill(null);
        for (const group of groups.values()) {
          const frameAt = (at: number) => frames[at] as Frame;
          const sorted = [...group].sort((a, b) => compare(frameAt(a), frameAt(b)));
          const computed = values(sorted.map(frameAt));
          for (const [order, at] of sorted.entries()) result[at] = computed[order] ?? null;
        }
        return result;
      },
    }) - 1;
  return { type, isNullable: true, isNull: false, uses: -1, run: (frame) => frame.windows[place] ?? null };
}

type Values = (sorted: readonly Frame[]) => Value[];
type CompareFrames = (left: Frame, right: Frame) => number;

function windowOf(
  compiler: Compiler,
  scope: Scope,
  call: Call,
  compile: CompileExpression,
  compare: CompareFrames,
  isOrdered: boolean,
): { type: SqlType; values: Values } {
  if (isAggregate(call)) {
    const { type, compute } = aggregateOf(compiler, scope, call, compile);
    if (!isOrdered) return { type, values: (sorted) => new Array(sorted.length).fill(compute(sorted)) };
    // With an order each row sees those up to its peers.
    return {
      type,
      values: (sorted) => sorted.map((frame) => compute(sorted.filter((other) => compare(other, frame) <= 0))),
    };
  }
  switch (call.name) {
    case 'ROW_NUMBER':
      return { type: BIGINT, values: (sorted) => sorted.map((_, place) => BigInt(place + 1)) };
    case 'RANK':
    case 'DENSE_RANK':
      return { type: BIGINT, values: (sorted) => ranks(sorted, compare, call.name === 'DENSE_RANK') };
    case 'LAG':
    case 'LEAD': {
      const [of, distance, otherwise] = call.args.map((one) => compile(compiler, scope, one));
      if (of === undefined)
        throw new ContentProblem(174, `The ${call.name} function requires 1 to 3 argument(s).`, 15, 'scope');
      const fallback = otherwise === undefined ? () => null : convertTo(otherwise, of.type);
      const sign = call.name === 'LAG' ? -1 : 1;
      const values: Values = (sorted) =>
        sorted.map((frame, place) => {
          const other = sorted[place + sign * Number(distance?.run(frame) ?? 1)];
          return other === undefined ? fallback(frame) : of.run(other);
        });
      return { type: of.type, values };
    }
    default:
      throw unknownSql(`${call.name} OVER`);
  }
}

function ranks(sorted: readonly Frame[], compare: CompareFrames, isDense: boolean): Value[] {
  let rank = 0;
  return sorted.map((frame, place) => {
    const before = sorted[place - 1];
    if (before === undefined || compare(before, frame) !== 0) rank = isDense ? rank + 1 : place + 1;
    return BigInt(rank);
  });
}
