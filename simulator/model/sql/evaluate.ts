import type { SqlValue } from '../../../src/ports.ts';
import { Unmodelled } from '../world.ts';
import type { SqlContext } from './context.ts';
import type { Expression } from './expression.ts';
import { FUNCTIONS } from './functions.ts';
import { binary, compare, compareForEquality } from './operators.ts';
import { SqlProblem } from './sql-problem.ts';
import type { ViewRow } from './views.ts';

/** One joined row: each source's row by its alias; `null` for the missing side of a LEFT JOIN. */
export type Joined = Readonly<Record<string, ViewRow | null>>;

const AGGREGATES = ['COUNT', 'COUNT_BIG', 'MIN', 'MAX', 'SUM'];

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

function variable(context: SqlContext, name: string): SqlValue {
  if (name.startsWith('@')) return FUNCTIONS[`@${name}`.toUpperCase()]?.(context, []) ?? null;
  const value = context.variables[name.toLowerCase()];
  if (value === undefined) throw new SqlProblem(137, 15, `Must declare the scalar variable "@${name}".`);
  return value;
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

/** Whether it can only be said of a group of rows. */
export function hasAggregate(of: Expression): boolean {
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
