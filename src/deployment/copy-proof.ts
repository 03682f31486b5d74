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
 * Nobody can have lost anything by its end: its rows have the checksums that they had, or as many rows as ever were closed to everybody
 * and no statement was counted that wrote to them.
 */
export function isUnchanged({ readOnly, written, since }: CopyProof): boolean {
  if (since?.by === 'sums') return since.same;
  return readOnly && written?.length === 0 && since?.same !== false;
}
