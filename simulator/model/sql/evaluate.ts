import type { SqlValue } from '../../../src/ports.ts';
import { Unmodelled } from '../world.ts';
import type { SqlContext } from './context.ts';
import type { Expression } from './expression.ts';
import { FUNCTIONS } from './functions.ts';
import type { Select } from './select.ts';
import type { SqlColumn } from './sessions.ts';
import { VIEWS, type ViewRow } from './views.ts';

export interface RowSet {
  readonly columns: readonly SqlColumn[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** One joined row: each source's row by its alias; `null` for the missing side of a LEFT JOIN. */
type Joined = Readonly<Record<string, ViewRow | null>>;

const AGGREGATES = ['COUNT', 'COUNT_BIG', 'MIN', 'MAX', 'SUM'];

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

/** The value of an expression over a group of rows (one row, unless there are aggregates). */
export function evaluate(context: SqlContext, of: Expression, group: readonly Joined[]): SqlValue {
  switch (of.kind) {
    case 'value':
      return of.value;
    case 'variable':
      return variable(context, of.name);
    case 'column':
      return column(group[0] ?? {}, of.table, of.name);
    case 'not': {
      const value = evaluate(context, of.of, group);
      return value === null ? null : value !== true;
    }
    case 'minus':
      return -Number(evaluate(context, of.of, group));
    case 'null':
      return (evaluate(context, of.of, group) === null) !== of.isNot;
    case 'in': {
      const value = evaluate(context, of.of, group);
      if (value === null) return null;
      return of.list.some((one) => compareForEquality(value, evaluate(context, one, group))) !== of.isNot;
    }
    case 'case':
      for (const [when, then] of of.branches)
        if (evaluate(context, when, group) === true) return evaluate(context, then, group);
      return evaluate(context, of.otherwise, group);
    case 'binary':
      return binary(of.operator, evaluate(context, of.left, group), () => evaluate(context, of.right, group));
    case 'call':
      return AGGREGATES.includes(of.name) ? aggregate(context, of, group) : call(context, of, group);
  }
}

function call(context: SqlContext, of: Expression & { kind: 'call' }, group: readonly Joined[]): SqlValue {
  const body = FUNCTIONS[of.name];
  if (body === undefined) throw new Unmodelled(`the function ${of.name} in a question about the server`);
  return body(
    context,
    of.args.map((one) => evaluate(context, one, group)),
  );
}

function aggregate(context: SqlContext, of: Expression & { kind: 'call' }, group: readonly Joined[]): SqlValue {
  const [argument] = of.args;
  if (of.isStar || argument === undefined) return group.length;
  const values = group.map((row) => evaluate(context, argument, [row])).filter((value) => value !== null);
  if (of.name.startsWith('COUNT')) return values.length;
  if (values.length === 0) return null;
  if (of.name === 'SUM') return values.reduce<number>((sum, value) => sum + Number(value), 0);
  const sorted = [...values].sort(compare);
  return (of.name === 'MIN' ? sorted[0] : sorted.at(-1)) ?? null;
}

function binary(operator: string, left: SqlValue, right: () => SqlValue): SqlValue {
  if (operator === 'AND') return left === false ? false : and(left, right());
  if (operator === 'OR') return left === true ? true : right() === true ? true : left === null ? null : false;
  const other = right();
  if (left === null || other === null) return null;
  switch (operator) {
    case '=':
      return compareForEquality(left, other);
    case '<>':
      return !compareForEquality(left, other);
    case '<':
      return compare(left, other) < 0;
    case '>':
      return compare(left, other) > 0;
    case '<=':
      return compare(left, other) <= 0;
    case '>=':
      return compare(left, other) >= 0;
    case 'LIKE':
      return like(String(left), String(other));
    case '+':
      return typeof left === 'string' || typeof other === 'string' ? `${left}${other}` : Number(left) + Number(other);
    case '-':
      return Number(left) - Number(other);
    case '*':
      return Number(left) * Number(other);
    case '/':
      return Math.trunc(Number(left) / Number(other));
    default:
      return Number(left) % Number(other);
  }
}

function and(left: SqlValue, right: SqlValue): SqlValue {
  if (right === false) return false;
  return left === null || right === null ? null : left === true && right === true;
}

/** Names compare without regard to case, as in the default collation; trailing blanks do not count. */
function compareForEquality(left: SqlValue, right: SqlValue): boolean {
  return left !== null && right !== null && compare(left, right) === 0;
}

function compare(left: SqlValue, right: SqlValue): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1;
  if (typeof left === 'string' && typeof right === 'string') {
    const [a, b] = [left.toLowerCase().trimEnd(), right.toLowerCase().trimEnd()];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const [a, b] = [asNumber(left), asNumber(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function asNumber(value: SqlValue): number {
  return value instanceof Date
    ? value.getTime()
    : typeof value === 'string' && Number.isNaN(Number(value))
      ? Date.parse(value)
      : Number(value);
}

function like(text: string, pattern: string): boolean {
  const source = [...pattern]
    .map((one) => (one === '%' ? '[\\s\\S]*' : one === '_' ? '[\\s\\S]' : one.replace(/[\\^$.*+?()[\]{}|]/, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`, 'i').test(text);
}

function variable(context: SqlContext, name: string): SqlValue {
  if (name.startsWith('@')) return FUNCTIONS[`@${name}`.toUpperCase()]?.(context, []) ?? null;
  const value = context.variables[name.toLowerCase()];
  if (value === undefined) throw new SqlProblem(137, 15, `Must declare the scalar variable "@${name}".`);
  return value;
}

/** Becomes the fault that answers the statement. */
export class SqlProblem extends Error {
  readonly number: number;
  readonly class: number;
  constructor(number: number, severity: number, message: string) {
    super(message);
    this.name = 'SqlProblem';
    this.number = number;
    this.class = severity;
  }
}

function column(row: Joined, table: string | undefined, name: string): SqlValue {
  // This is the innermost loop of every question, hence no Object.entries.
  for (const alias in row) {
    if (table !== undefined && table !== alias) continue;
    const source = row[alias];
    if (source === null || source === undefined) return null;
    const value = source[name];
    if (value !== undefined) return value;
  }
  throw new SqlProblem(207, 16, `Invalid column name '${name}'.`);
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

function hasAggregate(of: Expression): boolean {
  switch (of.kind) {
    case 'call':
      return AGGREGATES.includes(of.name) || of.args.some(hasAggregate);
    case 'not':
    case 'minus':
    case 'null':
      return hasAggregate(of.of);
    case 'binary':
      return hasAggregate(of.left) || hasAggregate(of.right);
    case 'case':
      return of.branches.some((pair) => pair.some(hasAggregate)) || hasAggregate(of.otherwise);
    default:
      return false;
  }
}

function typeOf(values: readonly (readonly SqlValue[])[], place: number): SqlColumn['type'] {
  const value = values.find((row) => row[place] !== null && row[place] !== undefined)?.[place];
  if (value instanceof Date) return 'datetime2';
  if (typeof value === 'boolean') return 'bit';
  if (typeof value === 'bigint') return 'bigint';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return 'nvarchar';
}
