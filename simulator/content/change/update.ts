import type { Table } from '../data/schema.ts';
import type { Frame, WritableEnv } from '../env.ts';
import { convertTo } from '../query/bound.ts';
import { type Compiler, findSource, splitName } from '../query/compiler.ts';
import { compileCondition, compileExpression } from '../query/expression.ts';
import { compileFrom, fromTable } from '../query/from.ts';
import type { Produce } from '../query/produce.ts';
import { withCommon } from '../query/query.ts';
import { newFrame, newScope, type Scope } from '../query/scope.ts';
import { seekTable } from '../query/seek.ts';
import type { TableSource, Target } from '../syntax/ast.ts';
import type { Change } from '../syntax/statements.ts';
import { BIGINT, FLOAT } from '../values/sql-type.ts';
import type { Row } from '../values/value.ts';
import { compileAssignments } from './assignments.ts';
import type { BoundChange } from './bound-change.ts';
import { compileOutput } from './output.ts';
import { deleteRows, updateRows } from './rows.ts';
import { requireTarget } from './target.ts';

type UpdateOrDelete = Change & { kind: 'update' | 'delete' };

/** Compiles UPDATE and DELETE, with FROM and without. */
export function compileUpdate(compiler: Compiler, statement: UpdateOrDelete): BoundChange {
  const inner = statement.with.length === 0 ? compiler : withCommon(compiler, statement.with);
  const scope = newScope(undefined);
  const found = compileTarget(inner, scope, statement);
  const { table, at } = found;
  const where = statement.where === undefined ? undefined : compileCondition(inner, scope, statement.where);
  const sought =
    statement.where !== undefined && scope.sources.length === 1
      ? seekTable(inner, scope, table, statement.where)
      : undefined;
  const produce = sought ?? found.produce;
  const names = scope.sources[at]?.names ?? [];
  const assign = compileAssignments(inner, scope, table, statement.set, names.slice(0, 1));
  const output =
    statement.output === undefined ? undefined : compileOutput(inner, statement.output, table, scope.sources);
  const top =
    statement.top === undefined
      ? undefined
      : convertTo(
          compileExpression(inner, newScope(undefined), statement.top.count),
          statement.top.isPercent ? FLOAT : BIGINT,
        );
  const verb = statement.kind === 'update' ? 'UPDATE' : 'DELETE';

  /** The rows to change, each once, with the frame in which it was found first. */
  const matching = (env: WritableEnv): { id: number; before: Row; frame: Frame }[] => {
    const seen = new Map<number, { id: number; before: Row; frame: Frame }>();
    const frame = newFrame(env, undefined, scope.sources.length);
    produce(frame, () => {
      const before = frame.rows[at];
      const id = frame.ids[at] ?? 0;
      if (before === null || before === undefined || seen.has(id)) return false;
      if (where === undefined || where.test(frame) === true)
        seen.set(id, { id, before, frame: { ...frame, rows: frame.rows.slice(), ids: frame.ids.slice() } });
      return false;
    });
    const all = [...seen.values()];
    if (top === undefined) return all;
    const wanted = Number(top(frame) ?? 0);
    return all.slice(0, statement.top?.isPercent ? Math.ceil((all.length * wanted) / 100) : wanted);
  };

  return {
    table,
    verb,
    run(env) {
      const rows = matching(env);
      const changed =
        verb === 'DELETE'
          ? deleteRows(env, inner, table, rows)
          : updateRows(
              env,
              inner,
              table,
              rows.map(({ id, before, frame }) => {
                const values = [...before];
                assign(env, frame, values);
                return { id, before, values };
              }),
            );
      if (output === undefined) return { count: changed.length };
      const given = changed.map((one) =>
        output.row(env, { before: one.before, after: one.after, action: verb, frame: rows[one.place]?.frame }),
      );
      return output.keep(env, given)
        ? { count: changed.length }
        : { count: changed.length, rows: { columns: output.columns, rows: given } };
    },
  };
}

function compileTarget(
  compiler: Compiler,
  scope: Scope,
  statement: UpdateOrDelete,
): { table: Table; at: number; produce: Produce } {
  if (statement.from.length === 0) {
    const table = requireTarget(compiler, statement.target);
    const names =
      statement.target.kind === 'variable'
        ? [`@${statement.target.name}`]
        : [table.name.toLowerCase(), table.schema.toLowerCase()];
    return { table, at: 0, produce: fromTable(scope, table, names) };
  }
  const named = sourceNamed(compiler, statement.target, statement.from);
  const produce = compileFrom(compiler, scope, statement.from);
  if (named === undefined) {
    // The target is not among the sources: every row of it meets every row of them.
    const table = requireTarget(compiler, statement.target);
    const own = fromTable(scope, table, [table.name.toLowerCase(), table.schema.toLowerCase()]);
    return { table, at: scope.sources.length - 1, produce: (frame, then) => produce(frame, () => own(frame, then)) };
  }
  const table = requireTarget(compiler, named.target);
  const at = scope.sources.findIndex((source) => source.names[0] === named.name);
  return { table, at, produce };
}

/** The source that a target's name or alias means. */
function sourceNamed(
  compiler: Compiler,
  target: Target,
  from: readonly TableSource[],
): { target: Target; name: string } | undefined {
  const all = from.flatMap(flat);
  if (target.kind === 'variable') {
    const found = all.find((one) => one.kind === 'variable' && one.name === target.name);
    return found?.kind === 'variable' ? { target, name: (found.alias ?? `@${found.name}`).toLowerCase() } : undefined;
  }
  const wanted = (target.name.at(-1) ?? '').toLowerCase();
  const byAlias =
    target.name.length === 1 ? all.find((one) => 'alias' in one && one.alias?.toLowerCase() === wanted) : undefined;
  if (byAlias?.kind === 'table') return { target: { kind: 'table', name: byAlias.name }, name: wanted };
  if (byAlias?.kind === 'variable') return { target: { kind: 'variable', name: byAlias.name }, name: wanted };
  const table = findSource(compiler, target.name);
  const byName = all.find(
    (one) =>
      one.kind === 'table' && one.args === undefined && table !== undefined && findSource(compiler, one.name) === table,
  );
  if (byName?.kind !== 'table') return undefined;
  return {
    target: { kind: 'table', name: byName.name },
    name: (byName.alias ?? splitName(compiler, byName.name).name).toLowerCase(),
  };
}

function flat(of: TableSource): TableSource[] {
  return of.kind === 'join' ? [...flat(of.left), ...flat(of.right)] : [of];
}
