import type { Table } from '../data/schema.ts';
import type { Frame, OutputColumn, WritableEnv } from '../env.ts';
import type { Compiler } from '../query/compiler.ts';
import { sourceOf } from '../query/from.ts';
import { compileItems } from '../query/items.ts';
import { newFrame, newScope, type Source } from '../query/scope.ts';
import type { Output, Target } from '../syntax/ast.ts';
import { nvarchar } from '../values/sql-type.ts';
import type { Row } from '../values/value.ts';
import { insertRows, type NewRow } from './rows.ts';
import { storing } from './rules.ts';
import { columnsFor, requireTarget } from './target.ts';

/** What OUTPUT gives for each changed row. */
export interface BoundOutput {
  readonly columns: readonly OutputColumn[];
  row(env: WritableEnv, change: OutputChange): Row;
  /** Puts the rows into OUTPUT INTO's table; answers false when there is none and the client gets them. */
  keep(env: WritableEnv, rows: readonly Row[]): boolean;
}

export interface OutputChange {
  readonly before: Row | null;
  readonly after: Row | null;
  readonly action: string;
  /** The frame of the statement's own sources. */
  readonly frame: Frame | undefined;
}

/** Compiles OUTPUT: INSERTED, DELETED, `$action`, and the columns of the statement's other sources. */
export function compileOutput(
  compiler: Compiler,
  output: Output,
  table: Table,
  sources: readonly Source[],
): BoundOutput {
  const scope = newScope(undefined);
  scope.sources.push(
    { ...sourceOf(table, ['inserted']), needsName: true },
    { ...sourceOf(table, ['deleted']), needsName: true },
    { names: [], columns: [{ name: '$action', type: nvarchar(10), isNullable: false, place: 0 }] },
    ...sources.map((source) => ({ ...source, needsName: true })),
  );
  const items = compileItems(compiler, scope, output.items);
  const columns = items.map(({ name, bound }) => ({ name, type: bound.type, isNullable: bound.isNullable }));
  return {
    columns,
    row(env, { before, after, action, frame }) {
      const own = newFrame(env, undefined, 0);
      own.rows.push(after, before, [action], ...(frame?.rows ?? []));
      return items.map(({ bound }) => bound.run(own));
    },
    keep: output.into === undefined ? () => false : keeper(compiler, output.into, output.columns, columns),
  };
}

function keeper(compiler: Compiler, target: Target, names: readonly string[], from: readonly OutputColumn[]) {
  const table = requireTarget(compiler, target);
  const columns = columnsFor(table, names, from.length, undefined);
  const converters = columns.map((column, place) => storing(compiler, table, column, from[place]?.type ?? column.type));
  return (env: WritableEnv, rows: readonly Row[]): boolean => {
    const fresh = rows.map((row) => {
      const values: NewRow[number][] = [];
      for (const [place, column] of columns.entries())
        values[column.place] = converters[place]?.(row[place] ?? null) ?? null;
      return values;
    });
    insertRows(env, compiler, table, fresh);
    return true;
  };
}
