import { columnAt } from '../data/schema.ts';
import type { TableSource } from '../syntax/ast.ts';
import { compareNullable, comparerOf } from '../values/compare.ts';
import type { Row } from '../values/value.ts';
import { type Compiler, findSource } from './compiler.ts';

/**
 * The order in which SQL Server reads a table without being asked for one: that of its clustered index. Nothing
 * promises it, and much relies on it.
 */
export function clusteredOrder(
  compiler: Compiler,
  from: readonly TableSource[],
): ((left: Row, right: Row) => number) | undefined {
  const [source, ...more] = from;
  if (source?.kind !== 'table' || source.args !== undefined || more.length > 0) return undefined;
  if (compiler.common.has((source.name[0] ?? '').toLowerCase())) return undefined;
  const table = findSource(compiler, source.name);
  const index = table?.kind === 'table' ? table.indexes.find((one) => one.isClustered) : undefined;
  if (table?.kind !== 'table' || index === undefined) return undefined;
  const keys = index.columns.map(({ place, isDescending }) => ({
    place,
    sign: isDescending ? -1 : 1,
    compare: comparerOf(columnAt(table, place).type),
  }));
  return (left, right) => {
    for (const { place, sign, compare } of keys) {
      const order = compareNullable(compare, left[place] ?? null, right[place] ?? null);
      if (order !== 0) return sign * order;
    }
    return 0;
  };
}
