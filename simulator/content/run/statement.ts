import { readOnlyMessage } from '../../model/sql/faults.ts';
import { compileInsertExecute } from '../change/insert.ts';
import type { Table } from '../data/schema.ts';
import { define } from '../define/define.ts';
import { truncate } from '../define/drop.ts';
import type { BoundQuery, OutputColumn } from '../env.ts';
import { ContentProblem, unknownSql } from '../problem.ts';
import { findSource } from '../query/compiler.ts';
import { newFrame } from '../query/scope.ts';
import type { Expression, Query } from '../syntax/ast.ts';
import type { Change, Definition } from '../syntax/statements.ts';
import { converter } from '../values/convert.ts';
import type { Row, Value } from '../values/value.ts';
import { toColumn, toTds } from './boundary.ts';
import { definerOf } from './definer.ts';
import { planChange, planExpression, planQuery } from './plan.ts';
import { precompileBody } from './procedure-body.ts';
import { compilerOf, type Runner } from './runner.ts';
import { selectInto } from './select-into.ts';

/** The value of an expression now. */
export function valueNow(runner: Runner, of: Expression): Value {
  return planExpression(runner, of).run(newFrame(runner.env, undefined, 0));
}

/** Runs SELECT, INSERT, UPDATE, DELETE, MERGE or TRUNCATE. */
export function runChange(
  runner: Runner,
  of: Change,
  rowsOfExecute: (of: Change & { kind: 'insert' }) => { columns: readonly OutputColumn[]; rows: readonly Row[] },
): void {
  const { state } = runner.env;
  if (of.kind === 'select') {
    const isInto = of.query.body.kind === 'select' && of.query.body.into !== undefined;
    if (isInto) {
      requireSchemaRight(runner, of.query);
      state.rowCount = selectInto(runner, of.query);
      count(runner, state.rowCount);
    } else state.rowCount = select(runner, of.query);
    return;
  }
  if (of.kind === 'truncate') {
    const table = findSource(compilerOf(runner), of.table);
    if (table?.kind === 'table') requireRight(runner, table, 'DELETE');
    truncate(definerOf(runner), of.table);
    state.rowCount = 0;
    return;
  }
  if (of.kind === 'insert' && typeof of.source !== 'string' && of.source.kind !== 'query') {
    const insert = compileInsertExecute(compilerOf(runner), of);
    const { columns, rows } = rowsOfExecute(of);
    state.rowCount = insert(runner.env, columns, rows);
    count(runner, state.rowCount);
    return;
  }
  const change = planChange(runner, of);
  requireRight(runner, change.table, change.verb);
  const result = change.run(runner.env);
  state.rowCount = result.count;
  if (result.rows !== undefined) pushRows(runner, result.rows.columns, result.rows.rows);
  else count(runner, result.count);
}

function count(runner: Runner, rows: number): void {
  runner.parts.push({ kind: 'count', count: runner.session.options.isNoCount ? undefined : rows });
}

function select(runner: Runner, query: Query): number {
  const plan = planQuery(runner, query);
  const assigned = query.body.kind === 'select' ? query.body.items.filter((item) => item.kind === 'assign') : [];
  if (assigned.length === 0) {
    const rows = plan.run(runner.env, undefined);
    pushRows(runner, plan.columns, rows);
    return rows.length;
  }
  return assign(runner, query, plan);
}

/** `SELECT @a = …`: the last row's values stay; a variable that is built up row by row takes them in order. */
function assign(runner: Runner, query: Query, plan: BoundQuery): number {
  const items = query.body.kind === 'select' ? query.body.items : [];
  if (items.some((item) => item.kind !== 'assign'))
    throw new ContentProblem(
      141,
      'A SELECT statement that assigns a value to a variable must not be combined with data-retrieval operations.',
      15,
      'scope',
    );
  const rows = plan.run(runner.env, undefined);
  const last = rows.at(-1);
  if (last === undefined) return 0;
  for (const [place, item] of items.entries()) {
    if (item.kind !== 'assign' || isBuiltUp(item)) continue;
    runner.env.variables[item.variable] = inVariable(runner, item.variable, plan.columns[place], last[place] ?? null);
  }
  if (items.some((item) => item.kind === 'assign' && isBuiltUp(item)) && query.order.length > 0)
    throw unknownSql('SELECT @x = @x + … ORDER BY');
  return rows.length;
}

function isBuiltUp(item: { readonly variable: string; readonly operator: string; readonly of: Expression }): boolean {
  return item.operator !== '=' || JSON.stringify(item.of).includes(`{"kind":"variable","name":"${item.variable}"}`);
}

function inVariable(runner: Runner, name: string, column: OutputColumn | undefined, value: Value): Value {
  const type = runner.scope.types.get(name);
  if (type === undefined) throw new ContentProblem(137, `Must declare the scalar variable "@${name}".`, 15);
  return value === null || column === undefined ? null : converter(column.type, type, { isExplicit: false })(value);
}

export function pushRows(runner: Runner, columns: readonly OutputColumn[], rows: readonly Row[]): void {
  if (runner.capture !== undefined) {
    runner.capture(columns, rows);
    return;
  }
  runner.parts.push({
    kind: 'rows',
    columns: columns.map((column) => toColumn(column.name, column.type)),
    rows: rows.map((row) => row.map((value, place) => toTds(value, (columns[place] as OutputColumn).type))),
  });
}

/** 3906, 229: a READ_ONLY database, and a user without db_datawriter or better. */
function requireRight(runner: Runner, table: Table, verb: string): void {
  if (table.home !== 'content') return;
  const { caller, session } = runner;
  if (caller.isReadOnly) throw new ContentProblem(3906, readOnlyMessage(caller.database));
  if (caller.rights !== undefined && !caller.rights.write)
    throw new ContentProblem(
      229,
      `The ${verb} permission was denied on the object '${table.name}', database '${caller.database}', schema '${table.schema}'.`,
      14,
    );
  if (session.isDoomed)
    throw new ContentProblem(
      3930,
      'The current transaction cannot be committed and cannot support operations that write to the log file. Roll back the transaction.',
    );
}

/** Runs CREATE, ALTER or DROP. */
export function runDefinition(runner: Runner, of: Definition): void {
  if (!isTemporary(of)) requireSchemaRight(runner, of);
  define(definerOf(runner), of, (module) => precompileBody(runner, module));
  runner.env.state.rowCount = 0;
}

function isTemporary(of: Definition): boolean {
  const names =
    of.kind === 'drop'
      ? of.names
      : of.kind === 'create-index' || of.kind === 'alter-index'
        ? [of.table]
        : of.kind === 'create-table' || of.kind === 'alter-table'
          ? [of.name]
          : of.kind === 'drop-index'
            ? of.indexes.map((one) => one.table)
            : [];
  return names.length > 0 && names.every((name) => (name.at(-1) ?? '').startsWith('#'));
}

/** 3906, 262: a READ_ONLY database, and a user without db_ddladmin or better. */
export function requireSchemaRight(runner: Runner, of: Definition | Query): void {
  if (of.kind === 'query' && of.body.kind === 'select' && (of.body.into?.at(-1) ?? '').startsWith('#')) return;
  const { caller, session } = runner;
  if (caller.isReadOnly) throw new ContentProblem(3906, readOnlyMessage(caller.database));
  if (caller.rights !== undefined && !caller.rights.schema)
    throw new ContentProblem(262, `CREATE TABLE permission denied in database '${caller.database}'.`, 14);
  if (session.isDoomed)
    throw new ContentProblem(
      3930,
      'The current transaction cannot be committed and cannot support operations that write to the log file. Roll back the transaction.',
    );
}
