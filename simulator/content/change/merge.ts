import type { Table } from '../data/schema.ts';
import type { BoundCondition, Frame, WritableEnv } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Compiler } from '../query/compiler.ts';
import { compileCondition, compileExpression } from '../query/expression.ts';
import { compileFrom, fromTable } from '../query/from.ts';
import { withCommon } from '../query/query.ts';
import { newFrame, newScope, type Scope } from '../query/scope.ts';
import type { MergeBranch } from '../syntax/ast.ts';
import type { Change } from '../syntax/statements.ts';
import type { Row, Value } from '../values/value.ts';
import { compileAssignments } from './assignments.ts';
import type { BoundChange } from './bound-change.ts';
import { compileOutput, type OutputChange } from './output.ts';
import { deleteRows, insertRows, type NewRow, updateRows } from './rows.ts';
import { storing } from './rules.ts';
import { columnsFor, requireTarget } from './target.ts';

type Merge = Change & { kind: 'merge' };

/** What a branch does with a row. */
interface BoundBranch {
  readonly when: MergeBranch['when'];
  readonly condition: BoundCondition | undefined;
  readonly kind: 'update' | 'delete' | 'insert';
  assign(env: WritableEnv, frame: Frame, values: Value[]): void;
  values(frame: Frame): NewRow;
}

interface Planned {
  readonly branch: BoundBranch;
  readonly id: number;
  readonly before: Row | null;
  readonly frame: Frame;
}

/** Compiles MERGE: rows are matched first, then changed. */
export function compileMerge(compiler: Compiler, statement: Merge): BoundChange {
  const inner = statement.with.length === 0 ? compiler : withCommon(compiler, statement.with);
  const table = requireTarget(inner, statement.target);
  const scope = newScope(undefined);
  const source = compileFrom(inner, scope, [statement.source]);
  const width = scope.sources.length;
  const own = fromTable(
    scope,
    table,
    statement.alias === undefined
      ? [table.name.toLowerCase(), table.schema.toLowerCase()]
      : [statement.alias.toLowerCase()],
  );
  const on = compileCondition(inner, scope, statement.on);
  const branches = statement.branches.map((one) =>
    compileBranch(inner, scope, table, one, scope.sources[width]?.names ?? []),
  );
  const output =
    statement.output === undefined ? undefined : compileOutput(inner, statement.output, table, scope.sources);

  const plan = (env: WritableEnv): Planned[] => {
    const frame = newFrame(env, undefined, scope.sources.length);
    const copy = (): Frame => ({ ...frame, rows: frame.rows.slice(), ids: frame.ids.slice() });
    const planned: Planned[] = [];
    const matched = new Set<number>();
    const choose = (when: MergeBranch['when'], id: number, before: Row | null) => {
      const branch = branches.find(
        (one) => one.when === when && (one.condition === undefined || one.condition.test(frame) === true),
      );
      if (branch !== undefined) planned.push({ branch, id, before, frame: copy() });
    };
    source(frame, () => {
      let isMatched = false;
      own(frame, () => {
        if (on.test(frame) !== true) return false;
        isMatched = true;
        const id = frame.ids[width] ?? 0;
        matched.add(id);
        choose('matched', id, frame.rows[width] ?? null);
        return false;
      });
      frame.rows[width] = null;
      if (!isMatched) choose('not matched', 0, null);
      return false;
    });
    for (let at = 0; at < width; at += 1) frame.rows[at] = null;
    own(frame, () => {
      const id = frame.ids[width] ?? 0;
      if (!matched.has(id)) choose('not matched by source', id, frame.rows[width] ?? null);
      return false;
    });
    return planned;
  };

  return {
    table,
    verb: 'UPDATE',
    run(env) {
      const planned = plan(env);
      const touched = planned.filter((one) => one.before !== null).map((one) => one.id);
      if (new Set(touched).size !== touched.length)
        throw new ContentProblem(
          8672,
          'The MERGE statement attempted to UPDATE or DELETE the same row more than once. This happens when a target row matches more than one source row. A MERGE statement cannot UPDATE/DELETE the same row of the target table multiple times. Refine the ON clause to ensure a target row matches at most one source row, or use the GROUP BY clause to group the source rows.',
        );
      const changes = apply(env, inner, table, planned);
      if (output === undefined) return { count: changes.length };
      const given = changes.map((one) => output.row(env, one));
      return output.keep(env, given)
        ? { count: changes.length }
        : { count: changes.length, rows: { columns: output.columns, rows: given } };
    },
  };
}

function apply(env: WritableEnv, compiler: Compiler, table: Table, planned: readonly Planned[]): OutputChange[] {
  const of = (kind: BoundBranch['kind']) => planned.filter((one) => one.branch.kind === kind);
  const [deleted, updated, inserted] = [of('delete'), of('update'), of('insert')];
  const rows = (all: readonly Planned[]) => all.flatMap(({ id, before }) => (before === null ? [] : [{ id, before }]));
  const done: OutputChange[] = [];
  const note = (
    all: readonly Planned[],
    action: string,
    changed: readonly { before: Row | null; after: Row | null; place: number }[],
  ) => {
    for (const one of changed)
      done.push({ before: one.before, after: one.after, action, frame: all[one.place]?.frame });
  };
  if (deleted.length > 0) note(deleted, 'DELETE', deleteRows(env, compiler, table, rows(deleted)));
  if (updated.length > 0)
    note(
      updated,
      'UPDATE',
      updateRows(
        env,
        compiler,
        table,
        updated.map(({ id, before, branch, frame }) => {
          const values = [...(before ?? [])];
          branch.assign(env, frame, values);
          return { id, before: before ?? [], values };
        }),
      ),
    );
  if (inserted.length > 0)
    note(
      inserted,
      'INSERT',
      insertRows(
        env,
        compiler,
        table,
        inserted.map(({ branch, frame }) => branch.values(frame)),
      ),
    );
  return done;
}

function compileBranch(
  compiler: Compiler,
  scope: Scope,
  table: Table,
  of: MergeBranch,
  alias: readonly string[],
): BoundBranch {
  const condition = of.condition === undefined ? undefined : compileCondition(compiler, scope, of.condition);
  const base = { when: of.when, condition, assign: () => undefined, values: () => [] };
  const { action } = of;
  if (action.kind === 'delete') return { ...base, kind: 'delete' };
  if (action.kind === 'update')
    return {
      ...base,
      kind: 'update',
      assign: compileAssignments(compiler, scope, table, action.set, alias.slice(0, 1)),
    };
  const columns = columnsFor(table, action.columns, action.values.length, undefined);
  const values = action.values.map((one, place) => {
    const column = columns[place];
    if (column === undefined || one.kind === 'default') return undefined;
    const bound = compileExpression(compiler, scope, one);
    const store = bound.isNull ? () => null : storing(compiler, table, column, bound.type);
    return (frame: Frame) => store(bound.run(frame));
  });
  return {
    ...base,
    kind: 'insert',
    values(frame) {
      const row: (Value | undefined)[] = [];
      for (const [place, column] of columns.entries()) row[column.place] = values[place]?.(frame);
      return row;
    },
  };
}
