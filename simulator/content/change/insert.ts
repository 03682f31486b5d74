import type { Column, Table } from '../data/schema.ts';
import type { OutputColumn, WritableEnv } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import { convertTo } from '../query/bound.ts';
import type { Compiler } from '../query/compiler.ts';
import { compileExpression } from '../query/expression.ts';
import { compileQuery, withCommon } from '../query/query.ts';
import { newFrame, newScope } from '../query/scope.ts';
import { compileValues } from '../query/values.ts';
import type { Expression, Query } from '../syntax/ast.ts';
import type { Change } from '../syntax/statements.ts';
import { BIGINT } from '../values/sql-type.ts';
import type { Row, Value } from '../values/value.ts';
import type { BoundChange } from './bound-change.ts';
import { compileOutput } from './output.ts';
import { insertRows, type NewRow } from './rows.ts';
import { storing } from './rules.ts';
import { columnsFor, requireTarget } from './target.ts';

type Insert = Change & { kind: 'insert' };

/** Compiles INSERT. `identityInsert` is the table that SET IDENTITY_INSERT is on for. */
export function compileInsert(compiler: Compiler, statement: Insert, identityInsert: number | undefined): BoundChange {
  const inner = statement.with.length === 0 ? compiler : withCommon(compiler, statement.with);
  const table = requireTarget(inner, statement.target);
  const source = compileSource(inner, statement, table, identityInsert);
  const output = statement.output === undefined ? undefined : compileOutput(inner, statement.output, table, []);
  const top =
    statement.top === undefined
      ? undefined
      : convertTo(compileExpression(inner, newScope(undefined), statement.top.count), BIGINT);
  return {
    table,
    verb: 'INSERT',
    run(env) {
      source.require?.(env);
      let rows = source.rows(env);
      if (top !== undefined) rows = rows.slice(0, Number(top(newFrame(env, undefined, 0)) ?? 0));
      const changed = insertRows(env, inner, table, rows);
      if (output === undefined) return { count: changed.length };
      const given = changed.map((one) => output.row(env, { ...one, action: 'INSERT', frame: undefined }));
      return output.keep(env, given)
        ? { count: changed.length }
        : { count: changed.length, rows: { columns: output.columns, rows: given } };
    },
  };
}

/** How rows of EXEC get into a table. */
export function compileInsertExecute(
  compiler: Compiler,
  statement: Insert,
): (env: WritableEnv, columns: readonly OutputColumn[], rows: readonly Row[]) => number {
  const table = requireTarget(compiler, statement.target);
  return (env, from, rows) => {
    const columns = columnsFor(table, statement.columns, from.length, env.identityInsert);
    requireCount(columns.length, from.length);
    requireIdentity(table, columns, statement.columns, env);
    return insertRows(env, compiler, table, placed(compiler, table, columns, from, rows)).length;
  };
}

interface Source {
  require?(env: WritableEnv): void;
  rows(env: WritableEnv): readonly NewRow[];
}

function compileSource(
  compiler: Compiler,
  statement: Insert,
  table: Table,
  identityInsert: number | undefined,
): Source {
  const { source } = statement;
  if (source === 'default') return { rows: () => [[]], require: (env) => requireIdentity(table, [], ['-'], env) };
  if (source.kind !== 'query') throw new Error('INSERT … EXEC is compiled elsewhere');
  const values = source.body.kind === 'values' ? source.body.rows : undefined;
  const width = values?.[0]?.length;
  const query =
    values === undefined || !values.some((row) => row.some((one) => one.kind === 'default'))
      ? queryOf(compiler, source, values)
      : undefined;
  const count = query?.columns.length ?? width ?? 0;
  const columns = columnsFor(table, statement.columns, count, identityInsert);
  if (statement.columns.length > 0) requireCount(columns.length, count, values !== undefined);
  const require = (env: WritableEnv) => requireIdentity(table, columns, statement.columns, env);
  if (query !== undefined) {
    const converters = columns.map((column, place) =>
      isNullColumn(values, place)
        ? () => null
        : storing(compiler, table, column, query.columns[place]?.type ?? column.type),
    );
    return {
      require,
      rows: (env) =>
        query.run(env, undefined).map((row) =>
          place(
            columns,
            row.map((value, at) => converters[at]?.(value) ?? null),
          ),
        ),
    };
  }
  const scope = newScope(undefined);
  const compiled = (values ?? []).map((row) =>
    row.map((one, at) => {
      if (one.kind === 'default') return undefined;
      const bound = compileExpression(compiler, scope, one);
      const column = columns[at];
      const convert = bound.isNull || column === undefined ? () => null : storing(compiler, table, column, bound.type);
      return (env: WritableEnv) => convert(bound.run(newFrame(env, undefined, 0)));
    }),
  );
  return {
    require,
    rows: (env) =>
      compiled.map((row) =>
        place(
          columns,
          row.map((one) => one?.(env)),
        ),
      ),
  };
}

function queryOf(compiler: Compiler, source: Query, values: readonly (readonly Expression[])[] | undefined) {
  return values === undefined ? compileQuery(compiler, source, undefined) : compileValues(compiler, values, undefined);
}

/** A column of VALUES that holds nothing but NULL fits every type. */
function isNullColumn(values: readonly (readonly Expression[])[] | undefined, at: number): boolean {
  return values?.every((row) => row[at]?.kind === 'null') ?? false;
}

function place(columns: readonly Column[], values: readonly (Value | undefined)[]): NewRow {
  const row: (Value | undefined)[] = [];
  for (const [at, column] of columns.entries()) row[column.place] = values[at];
  return row;
}

function placed(
  compiler: Compiler,
  table: Table,
  columns: readonly Column[],
  from: readonly OutputColumn[],
  rows: readonly Row[],
): NewRow[] {
  const converters = columns.map((column, at) => storing(compiler, table, column, from[at]?.type ?? column.type));
  return rows.map((row) =>
    place(
      columns,
      row.map((value, at) => converters[at]?.(value) ?? null),
    ),
  );
}

function requireCount(columns: number, values: number, isValues = true): void {
  if (columns === values) return;
  const [more, fewer] = isValues ? [109, 110] : [120, 121];
  const text = isValues
    ? `There are ${columns > values ? 'more' : 'fewer'} columns in the INSERT statement than values specified in the VALUES clause. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.`
    : `The select list for the INSERT statement contains ${columns > values ? 'fewer' : 'more'} items than the insert list. The number of SELECT values must match the number of INSERT columns.`;
  throw new ContentProblem(columns > values ? more : fewer, text, 15, 'scope');
}

/** 544 and 545: SET IDENTITY_INSERT decides whether a value may, and must, be given. */
function requireIdentity(table: Table, columns: readonly Column[], names: readonly string[], env: WritableEnv): void {
  const identity = table.columns.find((column) => column.identity !== undefined);
  if (identity === undefined) return;
  const isGiven = columns.includes(identity);
  const isOn = env.identityInsert === table.id;
  if (isGiven && !isOn)
    throw new ContentProblem(
      544,
      `Cannot insert explicit value for identity column in table '${table.name}' when IDENTITY_INSERT is set to OFF.`,
    );
  if (!isGiven && isOn && names.length > 0)
    throw new ContentProblem(
      545,
      `Explicit value must be specified for identity column in table '${table.name}' either when IDENTITY_INSERT is set to ON or when a replication user is inserting into a NOT FOR REPLICATION identity column.`,
    );
}
