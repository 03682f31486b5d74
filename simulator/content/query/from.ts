import { catalogueView } from '../catalogue/views.ts';
import type { Table, View } from '../data/schema.ts';
import type { BoundQuery, Frame, OutputColumn } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { TableSource } from '../syntax/ast.ts';
import type { Row } from '../values/value.ts';
import { type Compiler, findSource, missingObject, splitName } from './compiler.ts';
import { compileCondition } from './expression.ts';
import { fullJoin, leftJoin, matcher } from './join.ts';
import { crossed, NOTHING, type Produce } from './produce.ts';
import { newFrame, newScope, type Scope, type Source } from './scope.ts';
import { tableFunction } from './table-function.ts';

/** Compiles the sources of FROM into the scope; a comma joins as CROSS JOIN does. */
export function compileFrom(compiler: Compiler, scope: Scope, from: readonly TableSource[]): Produce {
  return from.map((one) => compileSource(compiler, scope, one)).reduce((left, right) => crossed(left, right), NOTHING);
}

function compileSource(compiler: Compiler, scope: Scope, of: TableSource): Produce {
  switch (of.kind) {
    case 'table':
      return compileNamed(compiler, scope, of);
    case 'variable': {
      const table = compiler.temporary.get(`@${of.name}`);
      if (table === undefined) throw new ContentProblem(1087, `Must declare the table variable "@${of.name}".`, 15);
      return fromTable(scope, table, [(of.alias ?? `@${of.name}`).toLowerCase()]);
    }
    case 'derived': {
      const query = compiler.compileQuery(compiler, of.query, scope.up ?? newScope(undefined));
      return fromQuery(scope, query, of.alias, of.columns);
    }
    case 'join':
      return compileJoin(compiler, scope, of);
  }
}

function compileNamed(compiler: Compiler, scope: Scope, of: TableSource & { kind: 'table' }): Produce {
  const { name, alias } = of;
  if (of.args !== undefined) return tableFunction(compiler, scope, of, of.args);
  const common = name.length === 1 ? compiler.common.get((name[0] ?? '').toLowerCase()) : undefined;
  if (common !== undefined) {
    const produce = fromQuery(scope, common.query, alias ?? name[0] ?? '', []);
    const { rows } = common;
    if (rows === undefined) return produce;
    const place = scope.sources.length - 1;
    return (frame, then) => eachRow(frame, place, rows(frame) as readonly Row[], then);
  }
  const parts = splitName(compiler, name);
  const names = alias === undefined ? [parts.name.toLowerCase(), parts.schema.toLowerCase()] : [alias.toLowerCase()];
  const found = findSource(compiler, name);
  if (found?.kind === 'table') return fromTable(scope, found, names);
  if (found?.kind === 'view') return fromView(compiler, scope, found, names);
  const view = catalogueView(compiler.caller, parts.schema, parts.name);
  if (view === undefined) throw missingObject(name);
  scope.sources.push({ names, columns: view.columns.map((column, place) => ({ ...column, place })) });
  const at = scope.sources.length - 1;
  return (frame, then) => eachRow(frame, at, view.rows(frame.env), then);
}

function eachRow(frame: Frame, place: number, rows: readonly Row[], then: () => boolean): boolean {
  for (const row of rows) {
    frame.rows[place] = row;
    if (then()) return true;
  }
  return false;
}

/** Ends a walk through a tree. */
const STOP = { break: true } as const;

/** A stored table; its row numbers go into the frame too. */
export function fromTable(scope: Scope, table: Table, names: readonly string[]): Produce {
  const at = scope.sources.push(sourceOf(table, names)) - 1;
  return (frame, then) => {
    const stopped = frame.env.data(table).rows.forEachPair<true>((id, row) => {
      frame.rows[at] = row;
      frame.ids[at] = id;
      return then() ? STOP : undefined;
    });
    return stopped === true;
  };
}

export function sourceOf(table: Table, names: readonly string[]): Source {
  return {
    names,
    columns: table.columns.map((column) => ({
      name: column.name,
      type: column.type,
      isNullable: column.isNullable,
      place: column.place,
      ...(column.identity === undefined ? {} : { identity: column.identity }),
    })),
  };
}

function fromView(compiler: Compiler, scope: Scope, view: View, names: readonly string[]): Produce {
  const inner: Compiler = { ...compiler, variables: new Map(), temporary: new Map(), common: new Map() };
  const query = asMade(compiler.compileQuery(inner, view.query, undefined), view);
  return fromQuery(scope, query, view.name, view.columns, names);
}

/** A view's columns are those that it was made with, even when its tables have got more. */
function asMade(query: BoundQuery, view: View): BoundQuery {
  if (query.columns.length === view.shape.length) return query;
  const places = view.shape.map((name) =>
    query.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase()),
  );
  if (places.includes(-1))
    throw new ContentProblem(
      4502,
      `View or function '${view.schema}.${view.name}' has more column names specified than columns defined.`,
      16,
      'scope',
    );
  return {
    columns: places.map((place) => query.columns[place] as OutputColumn),
    run: (env, up) => query.run(env, up).map((row) => places.map((place) => row[place] ?? null)),
  };
}

function fromQuery(
  scope: Scope,
  query: BoundQuery,
  alias: string,
  columns: readonly string[],
  names: readonly string[] = [alias.toLowerCase()],
): Produce {
  if (columns.length > 0 && columns.length !== query.columns.length)
    throw new ContentProblem(
      columns.length > query.columns.length ? 8159 : 8158,
      `'${alias}' has ${columns.length > query.columns.length ? 'fewer' : 'more'} columns than were specified in the column list.`,
    );
  const named = query.columns.map((column, place) => ({ ...column, name: columns[place] ?? column.name, place }));
  for (const [place, column] of named.entries()) {
    if (column.name === '')
      throw new ContentProblem(8155, `No column name was specified for column ${place + 1} of '${alias}'.`);
    if (named.findIndex((one) => one.name.toLowerCase() === column.name.toLowerCase()) !== place)
      throw new ContentProblem(
        8156,
        `The column '${column.name}' was specified multiple times for '${alias}'.`,
        16,
        'scope',
      );
  }
  const at = scope.sources.push({ names, columns: named }) - 1;
  return (frame, then) => eachRow(frame, at, query.run(frame.env, frame.up), then);
}

function compileJoin(compiler: Compiler, scope: Scope, of: TableSource & { kind: 'join' }): Produce {
  const first = scope.sources.length;
  const left = compileSource(compiler, scope, of.left);
  const middle = scope.sources.length;
  if (of.how.endsWith('APPLY')) return compileApply(compiler, scope, of, left);
  const right = compileSource(compiler, scope, of.right);
  const last = scope.sources.length;
  if (of.how === 'CROSS' || of.on === undefined) return crossed(left, right);
  const on = compileCondition(compiler, scope, of.on);
  const match = matcher(compiler, scope, of.on, on, right, middle, last);
  if (of.how === 'INNER') return (frame, then) => left(frame, () => match(frame, then));
  if (of.how === 'LEFT') return leftJoin(left, match, middle, last);
  const mirrored = matcher(compiler, scope, of.on, on, left, first, middle);
  if (of.how === 'RIGHT') return leftJoin(right, mirrored, first, middle);
  return fullJoin(left, match, right, mirrored, first, middle, last);
}

/** The right side of APPLY sees the left one: it is compiled as a query below it. */
function compileApply(compiler: Compiler, scope: Scope, of: TableSource & { kind: 'join' }, left: Produce): Produce {
  const inner = newScope(scope);
  const produce = compileFrom(compiler, inner, [of.right]);
  const [source] = inner.sources;
  if (source === undefined) throw new SyntaxError('APPLY');
  const at = scope.sources.push(source) - 1;
  const right: Produce = (frame, then) => {
    const below = newFrame(frame.env, frame, inner.sources.length);
    return produce(below, () => {
      frame.rows[at] = below.rows[0] ?? null;
      return then();
    });
  };
  if (of.how === 'CROSS APPLY') return crossed(left, right);
  return leftJoin(left, right, at, at + 1);
}
