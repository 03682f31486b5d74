import { findObject, type Schema, type Table, type View } from '../data/schema.ts';
import type { BoundQuery, Caller, Frame } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Name, Query } from '../syntax/ast.ts';
import type { OwnType } from '../values/declared.ts';
import type { SqlType } from '../values/sql-type.ts';
import type { Scope } from './scope.ts';

/** What compiling a statement needs to know. */
export interface Compiler {
  readonly schema: Schema;
  readonly caller: Caller;
  /** Types of declared variables by lower-case name. */
  readonly variables: ReadonlyMap<string, SqlType>;
  /** Temporary tables by `#name`, table variables by `@name`. */
  readonly temporary: ReadonlyMap<string, Table>;
  /** Common table expressions in sight, by lower-case name. */
  readonly common: ReadonlyMap<string, CommonSource>;
  /** Compiles a query inside an expression. Handed in, so that expressions need not import queries. */
  readonly compileQuery: (compiler: Compiler, query: Query, up: Scope | undefined) => BoundQuery;
  /** What every recursive member has computed last, while it runs. */
  readonly ownType: OwnType;
}

export interface CommonSource {
  readonly query: BoundQuery;
  /** Rows of the last round of a recursive one, read in its own recursive member. */
  readonly rows: ((frame: Frame) => readonly (readonly unknown[])[]) | undefined;
}

/** The parts of a name: 40515 for another database, 4121-like errors elsewhere. */
export function splitName(compiler: Pick<Compiler, 'caller'>, name: Name): { schema: string; name: string } {
  const [own = '', schema = '', database = ''] = [...name].reverse();
  if (name.length > 3)
    throw new ContentProblem(
      40515,
      `Reference to database and/or server name in '${name.join('.')}' is not supported in this version of SQL Server.`,
      15,
      'scope',
    );
  const isOther = database !== '' && database.toLowerCase() !== compiler.caller.database.toLowerCase();
  if (isOther && database.toLowerCase() !== 'tempdb')
    throw new ContentProblem(
      40515,
      `Reference to database and/or server name in '${name.join('.')}' is not supported in this version of SQL Server.`,
      15,
      'scope',
    );
  return { schema: schema === '' ? 'dbo' : schema, name: own };
}

/** A table or view that a query reads or a change changes. */
export function findSource(compiler: Compiler, name: Name): Table | View | undefined {
  const parts = splitName(compiler, name);
  if (parts.name.startsWith('#')) return compiler.temporary.get(parts.name.toLowerCase());
  const found = findObject(compiler.schema, parts.schema, parts.name);
  return found?.kind === 'table' || found?.kind === 'view' ? found : undefined;
}

export function missingObject(name: Name): ContentProblem {
  return new ContentProblem(208, `Invalid object name '${name.join('.')}'.`);
}
