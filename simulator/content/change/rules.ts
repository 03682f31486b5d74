import type { Check, Column, Index, Table } from '../data/schema.ts';
import type { Bound, BoundCondition, Env } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Compiler } from '../query/compiler.ts';
import { compileCondition, compileExpression } from '../query/expression.ts';
import { sourceOf } from '../query/from.ts';
import { newFrame, newScope } from '../query/scope.ts';
import { converter } from '../values/convert.ts';
import type { SqlType } from '../values/sql-type.ts';
import type { Row, Value } from '../values/value.ts';

/** What a table's definition asks of its rows, compiled. */
export interface Rules {
  /** Values of defaults by place. */
  readonly defaults: ReadonlyMap<number, (env: Env) => Value>;
  readonly computed: readonly { readonly column: Column; readonly run: (env: Env, row: Row) => Value }[];
  readonly checks: readonly { readonly check: Check; readonly test: (env: Env, row: Row) => boolean | null }[];
  readonly filters: ReadonlyMap<number, (env: Env, row: Row) => boolean>;
}

const known = new WeakMap<Table, Rules>();

/** The rules of a table. They depend on the table alone: defaults, checks and computed columns see nothing else. */
export function rulesOf(compiler: Compiler, table: Table): Rules {
  const before = known.get(table);
  if (before !== undefined) return before;
  const alone: Compiler = { ...compiler, variables: new Map(), temporary: new Map(), common: new Map() };
  const scope = newScope(undefined);
  scope.sources.push(sourceOf(table, [table.name.toLowerCase(), table.schema.toLowerCase()]));
  const onRow = (bound: Bound) => (env: Env, row: Row) => {
    const frame = newFrame(env, undefined, 1);
    frame.rows[0] = row;
    return bound.run(frame);
  };
  const testRow = (bound: BoundCondition) => (env: Env, row: Row) => {
    const frame = newFrame(env, undefined, 1);
    frame.rows[0] = row;
    return bound.test(frame);
  };
  const rules: Rules = {
    defaults: new Map(
      table.columns.flatMap((column) => {
        if (column.default === undefined) return [];
        const bound = compileExpression(alone, newScope(undefined), column.default.of);
        const convert = storing(alone, table, column, bound.isNull ? column.type : bound.type);
        return [[column.place, (env: Env) => convert(bound.run(newFrame(env, undefined, 0)))] as const];
      }),
    ),
    computed: table.columns.flatMap((column) => {
      if (column.computed === undefined) return [];
      const bound = compileExpression(alone, scope, column.computed.of);
      const convert = converter(bound.type, column.type, { isExplicit: true });
      const run = onRow(bound);
      return [{ column, run: (env: Env, row: Row) => convert(run(env, row)) }];
    }),
    checks: table.checks
      .filter((check) => check.isEnabled)
      .map((check) => ({ check, test: testRow(compileCondition(alone, scope, check.of)) })),
    filters: new Map(
      table.indexes.flatMap((index: Index) => {
        if (index.filter === undefined) return [];
        const test = testRow(compileCondition(alone, scope, index.filter.of));
        return [[index.id, (env: Env, row: Row) => test(env, row) === true] as const];
      }),
    ),
  };
  known.set(table, rules);
  return rules;
}

/** How a value gets into a column: by implicit conversion, and 2628 when it is too long. */
export function storing(
  compiler: Pick<Compiler, 'caller'>,
  table: Table,
  column: Column,
  from: SqlType,
): (value: Value) => Value {
  const where = table.home === 'content' ? `${compiler.caller.database}.${table.schema}` : 'tempdb.dbo';
  return converter(from, column.type, {
    isExplicit: false,
    tooLong: (value) => {
      const shown = typeof value === 'string' ? value.slice(0, Math.max(0, column.type.length)) : '';
      return new ContentProblem(
        2628,
        `String or binary data would be truncated in table '${where}.${table.name}', column '${column.name}'. Truncated value: '${shown}'.`,
      );
    },
  });
}

/** Computes what is computed, and checks NOT NULL and the checks of a row that is going to be stored. */
export function finishRow(env: Env, table: Table, rules: Rules, values: Value[], verb: 'INSERT' | 'UPDATE'): Row {
  for (const { column, run } of rules.computed) values[column.place] = run(env, values);
  for (const column of table.columns) {
    if (!column.isNullable && (values[column.place] ?? null) === null) throw notNull(env, table, column, verb);
  }
  for (const { check, test } of rules.checks)
    if (test(env, values) === false) throw checkFailed(env, table, check, verb);
  return values;
}

export function notNull(env: Env, table: Table, column: Column, verb: string): ContentProblem {
  const where = table.home === 'content' ? `${env.caller.database}.${table.schema}` : 'tempdb.dbo';
  return new ContentProblem(
    515,
    `Cannot insert the value NULL into column '${column.name}', table '${where}.${table.name}'; column does not allow nulls. ${verb} fails.`,
  );
}

/** 547 of a check; a check on one column names it. */
export function checkFailed(env: Env, table: Table, check: Check, verb: string): ContentProblem {
  const column = check.uses.length === 1 ? table.columns.find((one) => one.place === check.uses[0]) : undefined;
  const rest = column === undefined ? '' : `, column '${column.name}'`;
  return new ContentProblem(
    547,
    `The ${verb} statement conflicted with the CHECK constraint "${check.name}". The conflict occurred in database "${env.caller.database}", table "${table.schema}.${table.name}"${rest}.`,
  );
}
