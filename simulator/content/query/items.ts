import type { Bound } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Expression, SelectItem } from '../syntax/ast.ts';
import { converter } from '../values/convert.ts';
import { canonical } from './canonical.ts';
import type { Compiler } from './compiler.ts';
import { compileExpression } from './expression.ts';
import { findColumn, matches, type Scope } from './scope.ts';

/** An item of the select list. */
export interface Item {
  /** Empty for an expression without alias. */
  readonly name: string;
  readonly bound: Bound;
  /** Its canonical text, by which ORDER BY finds it. */
  readonly key: string;
  readonly identity?: { readonly seed: bigint; readonly increment: bigint } | undefined;
}

/** Compiles the items of SELECT or OUTPUT; `*` becomes the columns that it stands for. */
export function compileItems(compiler: Compiler, scope: Scope, items: readonly SelectItem[]): Item[] {
  return items.flatMap((item): Item[] => {
    if (item.kind === 'star') return star(compiler, scope, item.of);
    const written: Expression =
      item.kind === 'assign' && item.operator !== '='
        ? {
            kind: 'binary-operator',
            operator: item.operator.slice(0, -1),
            left: { kind: 'variable', name: item.variable },
            right: item.of,
          }
        : item.of;
    const bound = compileExpression(compiler, scope, written);
    const key = canonical(item.of, scope);
    if (item.kind === 'assign') return [{ name: '', bound: assigning(compiler, item, bound), key }];
    // A column is called as it is written, not as it was made.
    const own = item.of.kind === 'column' ? (item.of.name.at(-1) ?? '') : '';
    const identity = item.of.kind === 'column' ? findColumn(scope, item.of.name).column.identity : undefined;
    return [{ name: item.alias ?? own, bound, key, identity }];
  });
}

/** A variable that is built up row by row takes each value as it is computed. */
function assigning(compiler: Compiler, item: SelectItem & { kind: 'assign' }, bound: Bound): Bound {
  const type = compiler.variables.get(item.variable);
  if (type === undefined) throw new ContentProblem(137, `Must declare the scalar variable "@${item.variable}".`, 15);
  if (bound.isNull) return { ...bound, type };
  const convert = converter(bound.type, type, { isExplicit: false });
  return {
    ...bound,
    type,
    run(frame) {
      const value = convert(bound.run(frame));
      frame.env.variables[item.variable] = value;
      return value;
    },
  };
}

function star(compiler: Compiler, scope: Scope, qualifier: readonly string[]): Item[] {
  const wanted = qualifier.map((part) => part.toLowerCase());
  const sources = scope.sources
    .map((source, place) => ({ source, place }))
    .filter(({ source }) => wanted.length === 0 || matches(source.names, wanted));
  if (sources.length === 0) {
    if (wanted.length === 0) throw new ContentProblem(263, 'Must specify table to select from.', 16, 'scope');
    throw new ContentProblem(
      107,
      `The column prefix '${qualifier.join('.')}' does not match with a table name or alias name used in the query.`,
      15,
      'scope',
    );
  }
  return sources.flatMap(({ source, place }) =>
    source.columns.map((column) => {
      if (scope.grouping !== undefined && source.names[0] !== undefined) {
        const name = [...source.names]
          .reverse()
          .concat(column.name)
          .slice(source.names.length > 1 ? 1 : 0);
        return {
          ...compileItems(compiler, scope, [{ kind: 'item', of: { kind: 'column', name }, alias: undefined }])[0],
        } as Item;
      }
      const bound: Bound = {
        type: column.type,
        isNullable: column.isNullable,
        isNull: false,
        uses: 1 << place,
        run: (frame) => frame.rows[place]?.[column.place] ?? null,
      };
      return { name: column.name, bound, key: `#0.${place}.${column.place}`, identity: column.identity };
    }),
  );
}
