import { columnNamed, type Table } from '../data/schema.ts';
import type { Frame, WritableEnv } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Compiler } from '../query/compiler.ts';
import { compileExpression } from '../query/expression.ts';
import type { Scope } from '../query/scope.ts';
import type { Assignment, Expression } from '../syntax/ast.ts';
import { converter } from '../values/convert.ts';
import type { Value } from '../values/value.ts';
import { rulesOf, storing } from './rules.ts';
import { computedColumn } from './target.ts';

/** Compiles SET: writes the new values of a row, seen from its frame, into `values`. */
export function compileAssignments(
  compiler: Compiler,
  scope: Scope,
  table: Table,
  set: readonly Assignment[],
  alias: readonly string[],
) {
  const seen = new Set<string>();
  const all = set.map((one) => compileOne(compiler, scope, table, one, alias, seen));
  return (env: WritableEnv, frame: Frame, values: Value[]): void => {
    for (const assign of all) assign(env, frame, values);
  };
}

function compileOne(
  compiler: Compiler,
  scope: Scope,
  table: Table,
  of: Assignment,
  alias: readonly string[],
  seen: Set<string>,
) {
  const column = of.column === undefined ? undefined : columnNamed(table, of.column);
  if (of.column !== undefined) {
    if (column === undefined) throw new ContentProblem(207, `Invalid column name '${of.column}'.`);
    if (column.identity !== undefined)
      throw new ContentProblem(8102, `Cannot update identity column '${column.name}'.`, 16, 'scope');
    if (column.computed !== undefined) throw computedColumn(column.name);
    if (column.type.name === 'rowversion')
      throw new ContentProblem(272, 'Cannot update a timestamp column.', 16, 'scope');
    if (seen.has(column.name))
      throw new ContentProblem(
        264,
        `The column name '${column.name}' is specified more than once in the SET clause or column list of an INSERT. A column cannot be assigned more than one value in the same clause. Modify the clause to make sure that a column is updated only once. If this statement updates or inserts columns into a view, column aliasing can conceal the duplication in your code.`,
        16,
        'scope',
      );
    seen.add(column.name);
  }
  if (of.value.kind === 'default' && column !== undefined) {
    const byDefault = rulesOf(compiler, table).defaults.get(column.place);
    return (env: WritableEnv, _frame: Frame, values: Value[]) => {
      values[column.place] = byDefault?.(env) ?? null;
    };
  }
  const bound = compileExpression(compiler, scope, writtenOut(of, alias));
  const store =
    column === undefined ? undefined : bound.isNull ? () => null : storing(compiler, table, column, bound.type);
  const variable =
    of.variable === undefined
      ? undefined
      : variableSetter(compiler, of.variable, column?.type ?? bound.type, bound.isNull);
  return (env: WritableEnv, frame: Frame, values: Value[]) => {
    const raw = bound.run(frame);
    const stored = store === undefined ? raw : store(raw);
    if (column !== undefined) values[column.place] = stored;
    if (variable !== undefined && of.variable !== undefined)
      env.variables[of.variable] = variable(column === undefined ? raw : stored);
  };
}

function variableSetter(compiler: Compiler, name: string, from: Parameters<typeof converter>[0], isNull: boolean) {
  const type = compiler.variables.get(name);
  if (type === undefined) throw new ContentProblem(137, `Must declare the scalar variable "@${name}".`, 15);
  return isNull ? () => null : converter(from, type, { isExplicit: false });
}

/** `a += 1` is `a = a + 1`. */
function writtenOut(of: Assignment, alias: readonly string[]): Expression {
  if (of.operator === '=') return of.value;
  const left: Expression =
    of.column !== undefined
      ? { kind: 'column', name: [...alias, of.column] }
      : { kind: 'variable', name: of.variable ?? '' };
  return { kind: 'binary-operator', operator: of.operator.slice(0, -1), left, right: of.value };
}
