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
}

/** Nobody can have lost anything by its end. */
export function isUnchanged({ readOnly, written }: CopyProof): boolean {
  return readOnly && written?.length === 0;
}
