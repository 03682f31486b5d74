import type { Bound, BoundQuery, Env, Frame, OutputColumn } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { CommonTable, Expression, Query, QueryBody } from '../syntax/ast.ts';
import { commonType, compareNullable, comparerOf } from '../values/compare.ts';
import { converter } from '../values/convert.ts';
import { BIGINT } from '../values/sql-type.ts';
import type { Row, Value } from '../values/value.ts';
import { convertTo } from './bound.ts';
import type { Compiler } from './compiler.ts';
import { compileExpression } from './expression.ts';
import type { Page } from './page.ts';
import { rowKeyOf } from './row-key.ts';
import { newFrame, newScope, type Scope } from './scope.ts';
import { compileSelect } from './select.ts';
import { compileValues } from './values.ts';

/** Compiles a query. Queries contain queries: this is the one function that expressions are handed for them. */
export function compileQuery(compiler: Compiler, query: Query, up: Scope | undefined): BoundQuery {
  const inner = query.with.length === 0 ? compiler : withCommon(compiler, query.with);
  requireOrderIsUseful(query, up);
  const page = pageOf(inner, query);
  if (query.body.kind === 'select') return compileSelect(inner, query.body, query.order, page, up);
  const body = compileBody(inner, query.body, up);
  return ordered(inner, body, query, page);
}

function pageOf(compiler: Compiler, query: Query): Page {
  const count = (of: Expression | undefined) => {
    if (of === undefined) return undefined;
    const value = convertTo(compileExpression(compiler, newScope(undefined), of), BIGINT);
    return (env: Env) => {
      const result = Number(value(newFrame(env, undefined, 0)) ?? 0);
      if (result < 0)
        throw new ContentProblem(10742, 'The offset specified in a OFFSET clause may not be negative.', 15);
      return result;
    };
  };
  return { offset: count(query.offset), fetch: count(query.fetch) };
}

/** 1033: a subquery has no order of its own, unless TOP or OFFSET makes it count. */
function requireOrderIsUseful(query: Query, up: Scope | undefined): void {
  if (query.order.length === 0 || query.offset !== undefined || up === undefined) return;
  if (query.body.kind === 'select' && query.body.top !== undefined) return;
  throw orderIsUseless();
}

export function orderIsUseless(): ContentProblem {
  return new ContentProblem(
    1033,
    'The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified.',
    15,
  );
}

/** The compiler that also knows common table expressions. */
export function withCommon(compiler: Compiler, tables: readonly CommonTable[]): Compiler {
  let inner = compiler;
  for (const table of tables) {
    const common = new Map(inner.common);
    const { query } = table;
    const isRecursive =
      query.body.kind === 'set' && query.body.operator === 'UNION ALL' && names(query.body.right, table.name);
    const bound = isRecursive ? recursive(inner, table) : compileQuery(inner, query, newScope(undefined));
    common.set(table.name.toLowerCase(), { query: renamed(bound, table), rows: undefined });
    inner = { ...inner, common };
  }
  return inner;
}

function names(body: QueryBody, name: string): boolean {
  return JSON.stringify(body, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
    .toLowerCase()
    .includes(`"name":["${name.toLowerCase()}"]`);
}

function renamed(query: BoundQuery, table: CommonTable): BoundQuery {
  if (table.columns.length === 0) return query;
  if (table.columns.length !== query.columns.length)
    throw new ContentProblem(
      table.columns.length > query.columns.length ? 8159 : 8158,
      `'${table.name}' has ${table.columns.length > query.columns.length ? 'fewer' : 'more'} columns than were specified in the column list.`,
    );
  return {
    ...query,
    columns: query.columns.map((column, place) => ({ ...column, name: table.columns[place] ?? column.name })),
  };
}

/** Rounds of the recursive member over the rows of the round before, until one has none. */
function recursive(compiler: Compiler, table: CommonTable): BoundQuery {
  const { body } = table.query;
  if (body.kind !== 'set') throw new Error('a recursive member without UNION ALL');
  const anchor = compileBody(compiler, body.left, undefined);
  let last: readonly Row[] = [];
  const common = new Map(compiler.common);
  common.set(table.name.toLowerCase(), { query: renamed(anchor, table), rows: () => last });
  const member = compileBody({ ...compiler, common }, body.right, undefined);
  requireSameWidth(anchor, member);
  const convert = member.columns.map((column, place) =>
    converter(column.type, anchor.columns[place]?.type ?? column.type, { isExplicit: false }),
  );
  return {
    columns: anchor.columns.map((column) => ({ ...column, isNullable: true })),
    run(env, up) {
      const all: Row[] = [];
      last = anchor.run(env, up);
      for (let round = 0; last.length > 0; round += 1) {
        if (round > 100)
          throw new ContentProblem(
            530,
            'The statement terminated. The maximum recursion 100 has been exhausted before statement completion.',
          );
        all.push(...last);
        last = member.run(env, up).map((row) => row.map((value, place) => convert[place]?.(value) ?? null));
      }
      return all;
    },
  };
}

function compileBody(compiler: Compiler, body: QueryBody, up: Scope | undefined): BoundQuery {
  switch (body.kind) {
    case 'select':
      return compileSelect(compiler, body, [], { offset: undefined, fetch: undefined }, up);
    case 'nested':
      return compileQuery(compiler, body.query, up);
    case 'values':
      return compileValues(compiler, body.rows, up);
    case 'set':
      return compileSet(compiler, body, up);
  }
}

function requireSameWidth(left: BoundQuery, right: BoundQuery): void {
  if (left.columns.length === right.columns.length) return;
  throw new ContentProblem(
    205,
    'All queries combined using a UNION, INTERSECT or EXCEPT operator must have an equal number of expressions in their target lists.',
    16,
    'scope',
  );
}

function compileSet(compiler: Compiler, body: QueryBody & { kind: 'set' }, up: Scope | undefined): BoundQuery {
  const [left, right] = [compileBody(compiler, body.left, up), compileBody(compiler, body.right, up)];
  requireSameWidth(left, right);
  const columns = left.columns.map((column, place): OutputColumn => {
    const other = right.columns[place] ?? column;
    return {
      name: column.name,
      type: commonType(column.type, other.type),
      isNullable: column.isNullable || other.isNullable,
    };
  });
  const rowsOf = (query: BoundQuery) => {
    const convert = query.columns.map((column, place) =>
      converter(column.type, columns[place]?.type ?? column.type, { isExplicit: false }),
    );
    return (env: Env, above: Frame | undefined): Row[] =>
      query.run(env, above).map((row) => row.map((value, place) => convert[place]?.(value) ?? null));
  };
  const [first, second] = [rowsOf(left), rowsOf(right)];
  const key = rowKeyOf(columns.map((one) => one.type));
  return {
    columns,
    run(env, above) {
      const [a, b] = [first(env, above), second(env, above)];
      if (body.operator === 'UNION ALL') return [...a, ...b];
      if (body.operator === 'UNION') return unique([...a, ...b], key);
      const others = new Set(b.map(key));
      return unique(a, key).filter((row) => others.has(key(row)) === (body.operator === 'INTERSECT'));
    },
  };
}

function unique(rows: readonly Row[], key: (row: Row) => string): Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const one = key(row);
    if (seen.has(one)) return false;
    seen.add(one);
    return true;
  });
}

/** ORDER BY over the columns of a set operation. */
function ordered(compiler: Compiler, body: BoundQuery, query: Query, page: Page): BoundQuery {
  if (query.order.length === 0) return body;
  const scope = newScope(undefined);
  scope.sources.push({ names: [], columns: body.columns.map((column, place) => ({ ...column, place })) });
  const orders = query.order.map(({ of, isDescending }) => {
    const bound = ordinal(of, body) ?? compileExpression(compiler, scope, of);
    return { bound, sign: isDescending ? -1 : 1, compare: comparerOf(bound.type) };
  });
  return {
    columns: body.columns,
    run(env, up) {
      const frame = newFrame(env, up, 1);
      const keyed = body.run(env, up).map((row) => {
        frame.rows[0] = row;
        return { row, keys: orders.map(({ bound }): Value => bound.run(frame)) };
      });
      keyed.sort((a, b) => {
        for (const [place, { sign, compare }] of orders.entries()) {
          const order = compareNullable(compare, a.keys[place] ?? null, b.keys[place] ?? null);
          if (order !== 0) return sign * order;
        }
        return 0;
      });
      return paged(
        keyed.map((one) => one.row),
        env,
        page,
      );
    },
  };
}

/** `ORDER BY 2`. */
function ordinal(of: Expression, body: BoundQuery): Bound | undefined {
  if (of.kind !== 'number') return undefined;
  const place = Number(of.text) - 1;
  const column = body.columns[place];
  if (column === undefined) throw ordinalOutOfRange(of.text);
  return {
    type: column.type,
    isNullable: true,
    isNull: false,
    uses: -1,
    run: (frame) => frame.rows[0]?.[place] ?? null,
  };
}

function ordinalOutOfRange(text: string): ContentProblem {
  return new ContentProblem(
    108,
    `The ORDER BY position number ${text} is out of range of the number of items in the select list.`,
    15,
    'scope',
  );
}

function paged<T>(rows: readonly T[], env: Env, page: Page): T[] {
  const start = page.offset?.(env) ?? 0;
  const count = page.fetch?.(env);
  return rows.slice(start, count === undefined ? undefined : start + count);
}
