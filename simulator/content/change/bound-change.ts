import type { Table } from '../data/schema.ts';
import type { OutputColumn, WritableEnv } from '../env.ts';
import type { Row } from '../values/value.ts';

export interface ChangeResult {
  readonly count: number;
  /** What OUTPUT gives to the client. */
  readonly rows?: { readonly columns: readonly OutputColumn[]; readonly rows: readonly Row[] };
}

/** A compiled statement that changes rows. */
export interface BoundChange {
  readonly table: Table;
  readonly verb: 'INSERT' | 'UPDATE' | 'DELETE';
  run(env: WritableEnv): ChangeResult;
}
