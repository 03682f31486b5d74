import type { Bound, Frame } from '../env.ts';
import type { Condition } from '../syntax/ast.ts';
import { joinKeys, keyOf } from '../values/compare.ts';
import type { Value } from '../values/value.ts';
import { meeting } from './bound.ts';
import type { Compiler } from './compiler.ts';
import { compileExpression } from './expression.ts';
import type { Scope } from './scope.ts';

export interface Side {
  run(frame: Frame): Value;
  key(value: Value): string;
}

/** The equalities of a condition between sources `from` to `to` and the others: what a hash join needs. */
export function equalities(
  compiler: Compiler,
  scope: Scope,
  of: Condition,
  from: number,
  to: number,
): { inside: Side; outside: Side }[] {
  if (of.kind === 'and')
    return [...equalities(compiler, scope, of.left, from, to), ...equalities(compiler, scope, of.right, from, to)];
  if (of.kind !== 'compare' || of.operator !== '=') return [];
  const [left, right] = [compileExpression(compiler, scope, of.left), compileExpression(compiler, scope, of.right)];
  const mask = ((1 << to) - 1) & ~((1 << from) - 1);
  const isInside = (one: Bound) => one.uses > 0 && (one.uses & ~mask) === 0;
  const isOutside = (one: Bound) => one.uses !== -1 && (one.uses & mask) === 0;
  const met = meeting(left, right);
  const key = keyOf(met.type);
  const [a, b] = [
    { run: met.left, key },
    { run: met.right, key },
  ];
  if (isInside(left) && isOutside(right)) return [{ inside: a, outside: b }];
  if (isInside(right) && isOutside(left)) return [{ inside: b, outside: a }];
  return [];
}

/** One key of all; `undefined` when one is NULL, which equals nothing. */
export function hashKey(sides: readonly Side[]): (frame: Frame) => string | undefined {
  return (frame) => {
    const keys: string[] = [];
    for (const side of sides) {
      const value = side.run(frame);
      if (value === null) return undefined;
      keys.push(side.key(value));
    }
    return joinKeys(keys);
  };
}
