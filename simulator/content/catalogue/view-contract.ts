import type { Env } from '../env.ts';
import type { SqlType } from '../values/sql-type.ts';
import type { Row, Value } from '../values/value.ts';

/** A view of the catalogue. */
export interface CatalogueView {
  readonly columns: readonly { readonly name: string; readonly type: SqlType; readonly isNullable: boolean }[];
  rows(env: Env): readonly Row[];
}

export type Entry = Readonly<Record<string, Value>>;

/** A view from its columns' types and from rows by column name; what a row leaves out is NULL. */
export function view(columns: Readonly<Record<string, SqlType>>, rows: (env: Env) => readonly Entry[]): CatalogueView {
  const names = Object.keys(columns);
  return {
    columns: Object.entries(columns).map(([name, type]) => ({ name, type, isNullable: true })),
    rows: (env) => rows(env).map((row) => names.map((name) => row[name] ?? null)),
  };
}
