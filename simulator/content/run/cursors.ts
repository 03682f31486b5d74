import { ContentProblem } from '../problem.ts';
import type { Query } from '../syntax/ast.ts';
import type { Statement } from '../syntax/statements.ts';
import { converter } from '../values/convert.ts';
import { planQuery } from './plan.ts';
import type { Runner } from './runner.ts';
import { pushRows } from './statement.ts';

/** What each declared cursor reads. */
const queries = new WeakMap<object, Query>();

export function declareCursor(runner: Runner, of: Statement & { kind: 'declare-cursor' }): void {
  if (runner.session.cursors.has(of.name))
    throw new ContentProblem(16915, `A cursor with the name '${of.name}' already exists.`);
  const cursor = { rows: undefined, place: 0 };
  queries.set(cursor, of.query);
  runner.session.cursors.set(of.name, cursor);
}

function requireCursor(runner: Runner, name: string) {
  const cursor = runner.session.cursors.get(name);
  const query = cursor === undefined ? undefined : queries.get(cursor);
  if (cursor === undefined || query === undefined)
    throw new ContentProblem(16916, `A cursor with the name '${name}' does not exist.`);
  return { cursor, query };
}

/** Reads all rows at once, as a STATIC cursor does. */
export function openCursor(runner: Runner, name: string): void {
  const { cursor, query } = requireCursor(runner, name);
  if (cursor.rows !== undefined) throw new ContentProblem(16905, 'The cursor is already open.');
  cursor.rows = planQuery(runner, query).run(runner.env, undefined);
  cursor.place = 0;
}

export function closeCursor(runner: Runner, name: string, does: 'CLOSE' | 'DEALLOCATE'): void {
  const { cursor } = requireCursor(runner, name);
  if (does === 'DEALLOCATE') {
    runner.session.cursors.delete(name);
    return;
  }
  if (cursor.rows === undefined) throw new ContentProblem(16917, 'Cursor is not open.');
  cursor.rows = undefined;
}

/** FETCH NEXT: `@@FETCH_STATUS` is -1 behind the last row. */
export function fetch(runner: Runner, of: Statement & { kind: 'fetch' }): void {
  const { cursor, query } = requireCursor(runner, of.name);
  if (cursor.rows === undefined) throw new ContentProblem(16917, 'Cursor is not open.');
  const row = cursor.rows[cursor.place];
  const { columns } = planQuery(runner, query);
  runner.env.state.fetchStatus = row === undefined ? -1 : 0;
  if (row === undefined) return;
  cursor.place += 1;
  if (of.into.length === 0) {
    pushRows(runner, columns, [row]);
    return;
  }
  if (of.into.length !== columns.length)
    throw new ContentProblem(
      16924,
      'Cursorfetch: The number of variables declared in the INTO list must match that of selected columns.',
    );
  for (const [place, name] of of.into.entries()) {
    const type = runner.scope.types.get(name);
    const column = columns[place];
    if (type === undefined || column === undefined)
      throw new ContentProblem(137, `Must declare the scalar variable "@${name}".`, 15);
    runner.env.variables[name] = converter(column.type, type, { isExplicit: false })(row[place] ?? null);
  }
}
