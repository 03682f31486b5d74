import type { Bound, Env, Frame } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Name } from '../syntax/ast.ts';
import type { SqlType } from '../values/sql-type.ts';
import type { Value } from '../values/value.ts';

/** The sources of one query, and what its grouping collects. */
export interface Scope {
  readonly sources: Source[];
  readonly up: Scope | undefined;
  /** Set once the query is known to be grouped. */
  grouping: Grouping | undefined;
  /** Set while the items and the ORDER BY are compiled. */
  windows: WindowSpec[] | undefined;
}

export interface Source {
  /** What columns may be qualified with, in lower case: `[alias]` or `[name, schema]`, last part first. */
  readonly names: readonly string[];
  readonly columns: readonly SourceColumn[];
  /** An OUTPUT's INSERTED and DELETED: only found by their names. */
  readonly needsName?: boolean;
}

export interface SourceColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly isNullable: boolean;
  readonly place: number;
  readonly identity?: { readonly seed: bigint; readonly increment: bigint };
}

export interface Grouping {
  /** Keys of GROUP BY as canonical text, see {@link ./canonical.ts}. */
  readonly keys: readonly string[];
  readonly aggregates: AggregateSpec[];
  /** Inside an aggregate's argument every column may be read. */
  isInside: boolean;
  /** Where the expression stands, for messages. */
  clause: 'select list' | 'HAVING clause' | 'ORDER BY clause';
}

export interface AggregateSpec {
  readonly key: string;
  compute(frames: readonly Frame[]): Value;
}

export interface WindowSpec {
  /** The values for all frames of a result, in their order. */
  compute(frames: readonly Frame[]): Value[];
}

export function newScope(up: Scope | undefined): Scope {
  return { sources: [], up, grouping: undefined, windows: undefined };
}

export function newFrame(env: Env, up: Frame | undefined, sources: number): Frame {
  return { rows: new Array(sources).fill(null), ids: new Array(sources).fill(0), up, env, aggregates: [], windows: [] };
}

/** Where a column is: so many queries up, in a source, at a place of its rows. */
export interface Found {
  readonly levels: number;
  readonly scope: Scope;
  readonly source: number;
  readonly column: SourceColumn;
}

/** Finds a column: 207 when there is none, 209 when several could be meant, 4104 for an unknown qualifier. */
export function findColumn(scope: Scope, name: Name): Found {
  const wanted = (name.at(-1) ?? '').toLowerCase();
  const qualifier = name.slice(0, -1).map((part) => part.toLowerCase());
  let isQualifierKnown = false;
  let levels = 0;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.up, levels += 1) {
    const found: Found[] = [];
    for (const [place, source] of at.sources.entries()) {
      if (qualifier.length === 0 ? source.needsName === true : !matches(source.names, qualifier)) continue;
      if (qualifier.length > 0) isQualifierKnown = true;
      const column = source.columns.find((one) => one.name.toLowerCase() === wanted);
      if (column !== undefined) found.push({ levels, scope: at, source: place, column });
    }
    if (found.length > 1) throw new ContentProblem(209, `Ambiguous column name '${name.at(-1)}'.`);
    if (found[0] !== undefined) return found[0];
    if (isQualifierKnown) break;
  }
  if (qualifier.length > 0 && !isQualifierKnown)
    throw new ContentProblem(4104, `The multi-part identifier "${name.join('.')}" could not be bound.`, 16, 'scope');
  throw new ContentProblem(207, `Invalid column name '${name.at(-1)}'.`);
}

/** `dbo.t` means `t` of the schema dbo; an alias hides the name. */
export function matches(names: readonly string[], qualifier: readonly string[]): boolean {
  const reversed = [...qualifier].reverse();
  return reversed.every((part, place) => (place >= names.length ? place > 1 : part === '' || names[place] === part));
}

/** The bound column. */
export function boundColumn(found: Found): Bound {
  const { levels, source, column } = found;
  const { place, type } = column;
  const isNullable = true;
  const base = { type, isNullable: column.isNullable && isNullable, isNull: false };
  if (levels === 0) return { ...base, uses: 1 << source, run: (frame) => frame.rows[source]?.[place] ?? null };
  if (levels === 1) return { ...base, uses: 0, run: (frame) => frame.up?.rows[source]?.[place] ?? null };
  return {
    ...base,
    uses: 0,
    run(frame) {
      let at: Frame | undefined = frame;
      for (let level = 0; level < levels; level += 1) at = at?.up;
      return at?.rows[source]?.[place] ?? null;
    },
  };
}
