import type { Bound, BoundQuery, Env, Frame, OutputColumn } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Expression, Ordering, Select } from '../syntax/ast.ts';
import { compareNullable, comparerOf } from '../values/compare.ts';
import type { Row, Value } from '../values/value.ts';
import { bestRows } from './best-rows.ts';
import { canonical } from './canonical.ts';
import { clusteredOrder } from './clustered.ts';
import type { Compiler } from './compiler.ts';
import { compileCondition, compileExpression } from './expression.ts';
import { compileFrom } from './from.ts';
import { isGrouped } from './grouped.ts';
import { compileItems, type Item } from './items.ts';
import { keyer } from './order.ts';
import type { Page } from './page.ts';
import { rowKeyOf } from './row-key.ts';
import { type Grouping, newFrame, newScope, type Scope } from './scope.ts';
import { seek } from './seek.ts';
import { compileTop } from './top.ts';

/** Compiles SELECT … FROM … WHERE … GROUP BY … HAVING … ORDER BY. */
export function compileSelect(
  compiler: Compiler,
  select: Select,
  order: readonly Ordering[],
  page: Page,
  up: Scope | undefined,
): BoundQuery {
  const scope = newScope(up);
  const scan = compileFrom(compiler, scope, select.from);
  const where = select.where === undefined ? undefined : compileCondition(compiler, scope, select.where);
  const produce = (select.where === undefined ? undefined : seek(compiler, scope, select.from, select.where)) ?? scan;
  const group = select.group.map((one) => ({
    bound: compileExpression(compiler, scope, one),
    key: canonical(one, scope),
  }));
  const grouping: Grouping | undefined = isGrouped(select, order)
    ? { keys: group.map((one) => one.key), aggregates: [], isInside: false, clause: 'select list' }
    : undefined;
  scope.grouping = grouping;
  scope.windows = [];
  const items = compileItems(compiler, scope, select.items);
  if (grouping !== undefined) grouping.clause = 'HAVING clause';
  const having = select.having === undefined ? undefined : compileCondition(compiler, scope, select.having);
  if (grouping !== undefined) grouping.clause = 'ORDER BY clause';
  const orders = order.map((one) => compileOrdering(compiler, scope, one, items, select.isDistinct));
  const limits = select.top === undefined ? undefined : compileTop(compiler, select.top, order.length > 0);
  const top = limits?.limit;
  const { windows } = scope;
  scope.grouping = undefined;
  scope.windows = undefined;
  const columns = items.map(
    ({ name, bound, identity }): OutputColumn => ({
      name,
      type: bound.type,
      isNullable: bound.isNullable,
      ...(identity === undefined ? {} : { identity }),
    }),
  );
  const groupKey = keyer(group.map((one) => one.bound));
  const distinctKey = rowKeyOf(columns.map((one) => one.type));
  const isPlain = grouping === undefined && windows.length === 0;

  const frames = (env: Env, above: Frame | undefined): Frame[] => {
    const frame = newFrame(env, above, scope.sources.length);
    const found: Frame[] = [];
    produce(frame, () => {
      if (where === undefined || where.test(frame) === true)
        found.push({ ...frame, rows: frame.rows.slice(), ids: frame.ids.slice() });
      return false;
    });
    return found;
  };

  const grouped = (all: Frame[], env: Env, above: Frame | undefined): Frame[] => {
    if (grouping === undefined) return all;
    const groups = new Map<string, Frame[]>();
    for (const frame of all) {
      const key = groupKey(frame);
      const members = groups.get(key);
      if (members === undefined) groups.set(key, [frame]);
      else members.push(frame);
    }
    // Without GROUP BY there is one group, even of no rows.
    if (groups.size === 0 && group.length === 0) groups.set('', []);
    const result: Frame[] = [];
    for (const members of groups.values()) {
      const first = members[0] ?? newFrame(env, above, scope.sources.length);
      const frame = { ...first, aggregates: grouping.aggregates.map((one) => one.compute(members)) };
      if (having === undefined || having.test(frame) === true) result.push(frame);
    }
    return result;
  };

  const compare = sortOf(orders);
  const clustered = clusteredOrder(compiler, select.from);
  const rowOf = (frame: Frame): Row => items.map(({ bound }) => bound.run(frame));
  // Rows are made before they are sorted only where DISTINCT or a value that may differ each time needs it.
  const isEarly = select.isDistinct || orders.some(({ bound, isItem }) => isItem && bound.uses === -1);

  return {
    columns,
    run(env, above) {
      if (
        isPlain &&
        orders.length === 0 &&
        !select.isDistinct &&
        page.offset === undefined &&
        page.fetch === undefined
      ) {
        return plainRows(env, above);
      }
      const start = page.offset?.(env) ?? 0;
      const count = page.fetch?.(env);
      const wanted = countOf(env, start, count);
      if (wanted !== undefined) return firstRows(env, above, wanted).slice(start);
      const all = grouped(frames(env, above), env, above);
      for (const [place, window] of windows.entries()) {
        const values = window.compute(all);
        for (const [at, frame] of all.entries())
          frame.windows = place === 0 ? [values[at] ?? null] : [...frame.windows, values[at] ?? null];
      }
      let made = all.map((frame): Made => ({ frame, row: isEarly ? rowOf(frame) : undefined, keys: [] }));
      if (select.isDistinct) made = distinct(made, (one) => distinctKey(one.row ?? []));
      for (const one of made) one.keys = orders.map(({ read }) => read(one.frame, one.row));
      if (orders.length > 0) made.sort((a, b) => compare(a.keys, b.keys));
      const limited = top === undefined ? made : top(env, made, (a, b) => compare(a.keys, b.keys));
      return limited
        .slice(start, count === undefined ? undefined : start + count)
        .map((one) => one.row ?? rowOf(one.frame));
    },
  };

  /** How many of the first rows are wanted, where that can be known before all are there. */
  function countOf(env: Env, start: number, count: number | undefined): number | undefined {
    if (!isPlain || isEarly || orders.length === 0) return undefined;
    if (count !== undefined) return start + count;
    return select.top === undefined || select.top.isPercent || select.top.withTies ? undefined : limits?.count(env);
  }

  function firstRows(env: Env, above: Frame | undefined, wanted: number): Row[] {
    const frame = newFrame(env, above, scope.sources.length);
    const copy = (): Frame => ({ ...frame, rows: frame.rows.slice(), ids: frame.ids.slice() });
    return bestRows(wanted, compare, (offer) => {
      produce(frame, () => {
        if (where !== undefined && where.test(frame) !== true) return false;
        offer(
          orders.map(({ read }) => read(frame, undefined)),
          copy,
        );
        return false;
      });
    }).map(rowOf);
  }

  function inKeyOrder(frame: Frame, order: (left: Row, right: Row) => number, limit: number): Row[] {
    const found: { readonly base: Row; readonly frame: Frame }[] = [];
    produce(frame, () => {
      const [base] = frame.rows;
      if (base && (where === undefined || where.test(frame) === true))
        found.push({ base, frame: { ...frame, rows: [base], ids: [...frame.ids] } });
      return false;
    });
    found.sort((a, b) => order(a.base, b.base));
    return found.slice(0, limit).map((one) => rowOf(one.frame));
  }

  /** The commonest kind: nothing to sort or to group, so rows are made as they come and TOP ends early. */
  function plainRows(env: Env, above: Frame | undefined): Row[] {
    const frame = newFrame(env, above, scope.sources.length);
    const rows: Row[] = [];
    const limit = top === undefined || select.top?.isPercent ? Number.POSITIVE_INFINITY : (limits?.count(env) ?? 0);
    if (limit === 0) return rows;
    if (clustered !== undefined) rows.push(...inKeyOrder(frame, clustered, limit));
    else
      produce(frame, () => {
        if (where === undefined || where.test(frame) === true) rows.push(rowOf(frame));
        return rows.length >= limit;
      });
    return select.top?.isPercent && top !== undefined ? top(env, rows, () => 0) : rows;
  }
}

interface BoundOrder {
  readonly bound: Bound;
  readonly sign: number;
  /** It is an item of the select list. */
  readonly isItem: boolean;
  read(frame: Frame, row: Row | undefined): Value;
}

/** A row on its way to the client. */
interface Made {
  readonly frame: Frame;
  readonly row: Row | undefined;
  keys: Value[];
}

function distinct(rows: readonly Made[], key: (row: Made) => string): Made[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const one = key(row);
    return seen.has(one) ? false : seen.add(one) !== undefined;
  });
}

/** ORDER BY sees aliases first, then ordinals, then columns of the sources. */
function compileOrdering(
  compiler: Compiler,
  scope: Scope,
  ordering: Ordering,
  items: readonly Item[],
  isDistinct: boolean,
): BoundOrder {
  const { of } = ordering;
  const sign = ordering.isDescending ? -1 : 1;
  const place = placeOf(of, items, scope);
  if (place >= 0) {
    const bound = (items[place] as Item).bound;
    return {
      bound,
      sign,
      isItem: true,
      read: (frame, row) => (row === undefined ? bound.run(frame) : (row[place] ?? null)),
    };
  }
  if (isDistinct)
    throw new ContentProblem(
      145,
      'ORDER BY items must appear in the select list if SELECT DISTINCT is specified.',
      15,
      'scope',
    );
  const bound = compileExpression(compiler, scope, of);
  return { bound, sign, isItem: false, read: (frame) => bound.run(frame) };
}

function placeOf(of: Expression, items: readonly Item[], scope: Scope): number {
  if (of.kind === 'number') {
    const place = Number(of.text) - 1;
    if (items[place] === undefined)
      throw new ContentProblem(
        108,
        `The ORDER BY position number ${of.text} is out of range of the number of items in the select list.`,
        15,
        'scope',
      );
    return place;
  }
  if (of.kind === 'column' && of.name.length === 1) {
    const wanted = (of.name[0] ?? '').toLowerCase();
    const named = items.findIndex((item) => item.name.toLowerCase() === wanted);
    if (named >= 0) return named;
  }
  const key = canonical(of, scope);
  return items.findIndex((item) => item.key === key);
}

function sortOf(orders: readonly BoundOrder[]): (left: readonly Value[], right: readonly Value[]) => number {
  const all = orders.map(({ bound, sign }) => ({ sign, compare: comparerOf(bound.type) }));
  return (left, right) => {
    for (const [place, { sign, compare }] of all.entries()) {
      const order = compareNullable(compare, left[place] ?? null, right[place] ?? null);
      if (order !== 0) return sign * order;
    }
    return 0;
  };
}
