import type { SqlValue } from '../../../src/ports.ts';
import { Unmodelled } from '../world.ts';
import type { SqlContext } from './context.ts';
import { evaluate, hasAggregate, type Joined } from './evaluate.ts';
import type { Expression } from './expression.ts';
import { compare } from './operators.ts';
import type { Select } from './select.ts';
import type { SqlColumn } from './statement-result.ts';
import { VIEWS } from './views.ts';

export interface RowSet {
  readonly columns: readonly SqlColumn[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** Evaluates a SELECT over the server's views. `SELECT @x = …` sets variables and answers nothing. */
export function evaluateSelect(context: SqlContext, select: Select): RowSet | undefined {
  const rows = joined(context, select).filter(
    (row) => select.where === undefined || evaluate(context, select.where, [row]) === true,
  );
  const items = expand(context, select);
  const isGrouped = select.groupBy.length > 0 || items.some((item) => hasAggregate(item.of));
  let groups: Joined[][] = isGrouped ? grouped(context, select, rows) : rows.map((row) => [row]);
  for (const order of [...select.orderBy].reverse()) {
    const by = orderTarget(order.by, items);
    const sign = order.isDescending ? -1 : 1;
    groups = groups
      .map((group) => ({ group, key: evaluate(context, by, group) }))
      .sort((a, b) => sign * compare(a.key, b.key))
      .map((one) => one.group);
  }
  if (select.top !== undefined) groups = groups.slice(0, select.top);
  let values = groups.map((group) => items.map((item) => evaluate(context, item.of, group)));
  if (select.isDistinct) values = [...new Map(values.map((row) => [JSON.stringify(row), row])).values()];
  if (items.every((item) => item.assigns !== undefined)) {
    const last = values.at(-1);
    if (last !== undefined)
      for (const [place, item] of items.entries()) context.variables[item.assigns ?? ''] = last[place] ?? null;
    return undefined;
  }
  return { columns: items.map((item, place) => ({ name: item.name, type: typeOf(values, place) })), rows: values };
}

function joined(context: SqlContext, select: Select): Joined[] {
  if (select.sources.length === 0) return [{}];
  let rows: Joined[] = [{}];
  for (const source of select.sources) {
    const view = VIEWS[source.name];
    if (view === undefined) throw new Unmodelled(`the view ${source.name}`);
    const added = view(context);
    if (rows.length === 1 && source.join === 'first') {
      rows = added.map((one): Joined => ({ [source.alias]: one }));
      continue;
    }
    rows = rows.flatMap((row) => {
      const matching = added
        .map((one): Joined => ({ ...row, [source.alias]: one }))
        .filter((one) => source.on === undefined || evaluate(context, source.on, [one]) === true);
      return matching.length === 0 && source.join === 'left' ? [{ ...row, [source.alias]: null }] : matching;
    });
  }
  return rows;
}

function grouped(context: SqlContext, select: Select, rows: readonly Joined[]): Joined[][] {
  if (select.groupBy.length === 0) return [[...rows]];
  const groups = new Map<string, Joined[]>();
  for (const row of rows) {
    const key = JSON.stringify(select.groupBy.map((one) => evaluate(context, one, [row])));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

interface Item {
  readonly of: Expression;
  readonly name: string;
  readonly assigns?: string;
}

function expand(context: SqlContext, select: Select): Item[] {
  return select.items.flatMap((item): Item[] => {
    if (item.kind === 'item') return [item];
    return select.sources
      .filter((source) => item.table === undefined || item.table === source.alias)
      .flatMap((source) =>
        Object.keys(VIEWS[source.name]?.(context)[0] ?? {}).map(
          (name): Item => ({ of: { kind: 'column', table: source.alias, name }, name }),
        ),
      );
  });
}

function orderTarget(by: Expression, items: readonly Item[]): Expression {
  if (by.kind === 'value' && typeof by.value === 'number') return items[by.value - 1]?.of ?? by;
  if (by.kind !== 'column' || by.table !== undefined) return by;
  return items.find((item) => item.name.toLowerCase() === by.name)?.of ?? by;
}

function typeOf(values: readonly (readonly SqlValue[])[], place: number): SqlColumn['type'] {
  const value = values.find((row) => row[place] !== null && row[place] !== undefined)?.[place];
  if (value instanceof Date) return 'datetime2';
  if (typeof value === 'boolean') return 'bit';
  if (typeof value === 'bigint') return 'bigint';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return 'nvarchar';
}
