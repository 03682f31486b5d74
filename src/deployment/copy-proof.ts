import type { ContentChange } from './content-mark.ts';

/** What was seen of a copy right before it was deleted: whether anybody had written to it. */
export interface CopyProof {
  readonly database: string;
  readonly readOnly: boolean;
  readonly tables: number;
  readonly rows: number;
  /** What the engine has counted since it came up, by table; undefined where nobody may see that. */
  readonly written:
    | readonly { readonly table: string; readonly statements: number; readonly last: string }[]
    | undefined;
  /** How its content differs from what it held when the copy was complete; undefined where nobody could ask then. */
  readonly since: ContentChange | undefined;
}

/**
 * Nobody has lost anything by its end, as far as it can be told: its rows have the checksums that they had, or as many rows as ever were
 * closed to everybody; and no statement was counted that wrote to them. Checksums alone do not tell: those of two rows that change in the
 * same way cancel each other out. https://learn.microsoft.com/sql/t-sql/functions/checksum-agg-transact-sql
 */
export function isUnchanged({ readOnly, written, since }: CopyProof): boolean {
  if (since?.by === 'sums') return since.same && (written === undefined ? readOnly : written.length === 0);
  return readOnly && written?.length === 0 && since?.same !== false;
}
