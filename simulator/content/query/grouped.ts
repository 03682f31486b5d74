import type { Expression, Ordering, Select } from '../syntax/ast.ts';
import { isAggregate } from './aggregate.ts';

/** Whether a SELECT makes groups: by GROUP BY, by HAVING, or by an aggregate outside of subqueries. */
export function isGrouped(select: Select, order: readonly Ordering[]): boolean {
  if (select.group.length > 0 || select.having !== undefined) return true;
  return (
    select.items.some((item) => item.kind !== 'star' && hasAggregate(item.of)) ||
    order.some((one) => hasAggregate(one.of))
  );
}

function hasAggregate(of: Expression): boolean {
  if (of.kind === 'call' && of.over === undefined && isAggregate(of)) return true;
  let found = false;
  JSON.stringify(of, (_key, value: unknown) => {
    if (found || typeof value !== 'object' || value === null || !('kind' in value) || value === of) return value;
    if (value.kind === 'subquery' || value.kind === 'query') return undefined;
    const node = value as Expression;
    if (node.kind === 'call' && node.over === undefined && isAggregate(node)) found = true;
    return value;
  });
  return found;
}
