import type { Index, Table } from '../data/schema.ts';
import type { Frame } from '../env.ts';
import type { Condition, Expression, TableSource } from '../syntax/ast.ts';
import { joinKeys, keyOf } from '../values/compare.ts';
import { familyOf } from '../values/sql-type.ts';
import { meeting } from './bound.ts';
import { type Compiler, findSource } from './compiler.ts';
import type { Side } from './equalities.ts';
import { compileExpression } from './expression.ts';
import type { Produce } from './produce.ts';
import { findColumn, type Scope } from './scope.ts';

/** Reads one row by a unique index instead of all, when a single table's WHERE says what its key equals. */
export function seek(
  compiler: Compiler,
  scope: Scope,
  from: readonly TableSource[],
  where: Condition,
): Produce | undefined {
  const [source, ...more] = from;
  if (source?.kind !== 'table' || source.args !== undefined || more.length > 0) return undefined;
  if (compiler.common.has((source.name[0] ?? '').toLowerCase())) return undefined;
  const table = findSource(compiler, source.name);
  return table?.kind === 'table' ? seekTable(compiler, scope, table, where) : undefined;
}

export function seekTable(compiler: Compiler, scope: Scope, table: Table, where: Condition): Produce | undefined {
  const sides = new Map<number, Side>();
  collect(compiler, scope, where, sides);
  const index = table.indexes.find((one) => isUsable(one) && one.columns.every(({ place }) => sides.has(place)));
  if (index === undefined) return undefined;
  const keys = index.columns.map(({ place }) => sides.get(place) as Side);
  return (frame: Frame, then) => {
    const parts: string[] = [];
    for (const side of keys) {
      const value = side.run(frame);
      if (value === null) return false;
      parts.push(side.key(value));
    }
    const data = frame.env.data(table);
    const id = data.indexes.get(index.id)?.get(joinKeys(parts));
    const row = id === undefined ? undefined : data.rows.get(id);
    if (id === undefined || row === undefined) return false;
    frame.rows[0] = row;
    frame.ids[0] = id;
    return then();
  };
}

function isUsable(index: Index): boolean {
  return index.isUnique && index.filter === undefined && !index.isDisabled;
}

/** Values that do not depend on the table, by the place of the column that equals them. */
function collect(compiler: Compiler, scope: Scope, of: Condition, sides: Map<number, Side>): void {
  if (of.kind === 'and') {
    collect(compiler, scope, of.left, sides);
    collect(compiler, scope, of.right, sides);
  } else if (of.kind === 'compare' && of.operator === '=') {
    consider(compiler, scope, of.left, of.right, sides);
    consider(compiler, scope, of.right, of.left, sides);
  }
}

function consider(
  compiler: Compiler,
  scope: Scope,
  column: Expression,
  value: Expression,
  sides: Map<number, Side>,
): void {
  if (column.kind !== 'column') return;
  const found = findColumn(scope, column.name);
  if (found.levels !== 0 || found.source !== 0) return;
  const [left, right] = [compileExpression(compiler, scope, column), compileExpression(compiler, scope, value)];
  if (right.uses !== 0) return;
  const met = meeting(left, right);
  // Only where the key of the common type is the key that the index has.
  const family = familyOf(met.type);
  if (family !== familyOf(left.type) || !['integer', 'text', 'guid'].includes(family)) return;
  sides.set(found.column.place, { run: met.right, key: keyOf(met.type) });
}
