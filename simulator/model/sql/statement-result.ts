import type { SqlValue } from '../../../src/ports.ts';
import type { SqlFault } from './state.ts';

/** What a statement answers. */
export type StatementResult =
  /** No columns: nothing to show, such as after ALTER DATABASE. */
  | { readonly kind: 'rows'; readonly columns: readonly SqlColumn[]; readonly rows: readonly (readonly SqlValue[])[] }
  | SqlFault
  /** Not about the server: for the content engine, or {@link ./content-statement.ts} where there is none. */
  | { readonly kind: 'content'; readonly contentId: string; readonly readOnly: boolean };

export interface SqlColumn {
  readonly name: string;
  readonly type: 'int' | 'bigint' | 'bit' | 'float' | 'nvarchar' | 'datetime2' | 'uniqueidentifier' | 'varbinary';
}
