import { findObject, type UserFunction } from '../data/schema.ts';
import type { Bound, Frame } from '../env.ts';
import { ContentProblem, unknownSql } from '../problem.ts';
import type { Expression, TableSource } from '../syntax/ast.ts';
import { declaredType } from '../values/declared.ts';
import { INT, nvarchar, typeOf } from '../values/sql-type.ts';
import type { Row } from '../values/value.ts';
import { convertTo } from './bound.ts';
import { type Compiler, splitName } from './compiler.ts';
import { compileExpression } from './expression.ts';
import type { Scope, SourceColumn } from './scope.ts';
import { argumentValues } from './user-function.ts';

/** Functions that stand in FROM. */
export function tableFunction(
  compiler: Compiler,
  scope: Scope,
  of: TableSource & { kind: 'table' },
  args: readonly Expression[],
): (frame: Frame, then: () => boolean) => boolean {
  const name = (of.name.at(-1) ?? '').toLowerCase();
  const outer = scope.up ?? scope;
  const compiled = args.map((one) => compileExpression(compiler, outer, one));
  const inOuter = (frame: Frame) => (scope.up === undefined ? frame : (frame.up ?? frame));
  const parts = splitName(compiler, of.name);
  const own = findObject(compiler.schema, parts.schema, parts.name);
  if (own?.kind === 'function') return ownTable(compiler, scope, of, own, compiled, inOuter);
  const [first, second, third] = compiled;
  const column = (columnName: string, place: number, type = nvarchar(4000)): SourceColumn => ({
    name: columnName,
    type,
    isNullable: true,
    place,
  });
  const push = (columns: readonly SourceColumn[]) =>
    scope.sources.push({ names: [(of.alias ?? name).toLowerCase()], columns }) - 1;
  if (name === 'string_split' && first !== undefined && second !== undefined) {
    const at = push(
      third === undefined ? [column('value', 0)] : [column('value', 0), column('ordinal', 1, typeOf('bigint'))],
    );
    const [text, separator] = [convertTo(first, nvarchar(-1)), convertTo(second, nvarchar(1))];
    return each(at, (frame) => {
      const value = text(inOuter(frame));
      if (value === null) return [];
      return String(value)
        .split(String(separator(inOuter(frame))))
        .map((one, place) => [one, BigInt(place + 1)]);
    });
  }
  if (name === 'fn_listextendedproperty') {
    const at = push([column('objtype', 0), column('objname', 1), column('name', 2), column('value', 3)]);
    return each(at, () => []);
  }
  if (name === 'generate_series' && first !== undefined && second !== undefined) {
    const at = push([column('value', 0, INT)]);
    return each(at, (frame) => {
      const [from, to] = [Number(first.run(inOuter(frame))), Number(second.run(inOuter(frame)))];
      return Array.from({ length: Math.max(0, to - from + 1) }, (_, place) => [from + place]);
    });
  }
  throw unknownSql(`the table function ${of.name.join('.')}`);
}

/** A table-valued function of the database's own: its query, with its parameters as variables. */
function ownTable(
  compiler: Compiler,
  scope: Scope,
  of: TableSource & { kind: 'table' },
  called: UserFunction,
  args: readonly Bound[],
  inOuter: (frame: Frame) => Frame,
) {
  if (called.query === undefined) throw new ContentProblem(208, `Invalid object name '${of.name.join('.')}'.`);
  const values = argumentValues(compiler, called, args);
  const variables = new Map(
    called.parameters.map((one) => [one.name, declaredType(one.type, 'declaration', compiler.ownType)]),
  );
  const query = compiler.compileQuery(
    { ...compiler, variables, temporary: new Map(), common: new Map() },
    called.query,
    undefined,
  );
  const names = [(of.alias ?? called.name).toLowerCase()];
  const at = scope.sources.push({ names, columns: query.columns.map((column, place) => ({ ...column, place })) }) - 1;
  return each(at, (frame) => {
    const given = values(inOuter(frame));
    const own = Object.fromEntries(called.parameters.map((one, place) => [one.name, given[place] ?? null]));
    return query.run({ ...frame.env, variables: own }, undefined);
  });
}

function each(at: number, rows: (frame: Frame) => readonly Row[]) {
  return (frame: Frame, then: () => boolean): boolean => {
    for (const row of rows(frame)) {
      frame.rows[at] = row;
      if (then()) return true;
    }
    return false;
  };
}
