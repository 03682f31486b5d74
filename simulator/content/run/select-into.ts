import { insertRows } from '../change/rows.ts';
import { createTable } from '../define/create-table.ts';
import type { OutputColumn } from '../env.ts';
import { ContentProblem, definitionProblem } from '../problem.ts';
import { findSource } from '../query/compiler.ts';
import { compileQuery } from '../query/query.ts';
import type { Query, TypeSyntax } from '../syntax/ast.ts';
import type { ColumnSyntax } from '../syntax/statements.ts';
import { familyOf, type SqlType } from '../values/sql-type.ts';
import { definerOf } from './definer.ts';
import { compilerOf, type Runner } from './runner.ts';

/** SELECT … INTO: a table with the columns of the query, and its rows. */
export function selectInto(runner: Runner, query: Query): number {
  const { body } = query;
  if (body.kind !== 'select' || body.into === undefined) throw new Error('a SELECT without INTO');
  const plan = compileQuery(compilerOf(runner), query, undefined);
  const rows = plan.run(runner.env, undefined);
  if (findSource(compilerOf(runner), body.into) !== undefined)
    throw definitionProblem(2714, `There is already an object named '${body.into.at(-1)}' in the database.`);
  const columns = plan.columns.map((column, place) => columnSyntax(column, place));
  createTable(definerOf(runner), body.into, { columns, constraints: [], indexes: [] });
  const table = findSource(compilerOf(runner), body.into);
  if (table?.kind !== 'table') throw new Error('the table of SELECT INTO is gone');
  insertRows(runner.env, compilerOf(runner), table, rows);
  return rows.length;
}

function columnSyntax(column: OutputColumn, place: number): ColumnSyntax {
  if (column.name === '')
    throw new ContentProblem(
      1038,
      `An object or column name is missing or empty. For SELECT INTO statements, verify each column has a name. For other statements, look for empty alias names. Aliases defined as "" or [] are not allowed. Change the alias to a valid name. (column ${place + 1})`,
      15,
      'scope',
    );
  return {
    name: column.name,
    type: typeSyntax(column.type),
    computed: undefined,
    isNullable: column.isNullable,
    identity: column.identity,
    default: undefined,
    collation: undefined,
    constraints: [],
  };
}

function typeSyntax(type: SqlType): TypeSyntax {
  const { name, length, precision, scale } = type;
  const family = familyOf(type);
  if (name === 'rowversion') return { name: 'binary', args: [8], schema: undefined };
  const args =
    family === 'text' || family === 'binary'
      ? [length]
      : family === 'decimal'
        ? [precision, scale]
        : ['datetime2', 'time', 'datetimeoffset'].includes(name)
          ? [scale]
          : [];
  return { name, args, schema: undefined };
}
