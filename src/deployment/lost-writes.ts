import type { SqlRow } from '../ports.ts';

/** What a table of a copy has that its original has not: what goes when the copy is deleted. */
export interface LostRows {
  /** `schema.table`. */
  readonly table: string;
  /** Rows that are not in the original in this very form: visitors added or changed them, or the update of the original did. */
  readonly rows: readonly SqlRow[];
  /** How many rows the original alone has: visitors deleted or changed them in the copy, or they are newer. */
  readonly onlyInOriginal: number;
  /** False: the original has no such table any more, and all rows are in `rows`. */
  readonly inOriginal: boolean;
}

/** Of one copy. */
export interface LostWrites {
  readonly database: string;
  readonly copy: string;
  /** Tables with differences. */
  readonly tables: readonly LostRows[];
  /** Tables that are too large to be compared; the engine has counted no write to them since it started. */
  readonly notCompared: readonly string[];
}

/**
 * Rows count as often as they are there: a table may have no key.
 * @param columns by which they are compared: an update of the original may have added some and dropped others.
 */
export function onlyIn(
  copy: readonly SqlRow[],
  original: readonly SqlRow[],
  columns: readonly string[],
): Pick<LostRows, 'rows' | 'onlyInOriginal'> {
  const formOf = (row: SqlRow) => textOf(columns.map((column) => row[column]));
  const left = new Map<string, number>();
  for (const row of original) {
    const form = formOf(row);
    left.set(form, (left.get(form) ?? 0) + 1);
  }
  const rows = copy.filter((row) => {
    const form = formOf(row);
    const count = left.get(form) ?? 0;
    if (count > 0) left.set(form, count - 1);
    return count === 0;
  });
  return { rows, onlyInOriginal: [...left.values()].reduce((sum, count) => sum + count, 0) };
}

/** As JSON: of values that it does not know as they are, numbers beyond 2^53 are texts, and bytes are in base64. */
export function textOf(value: unknown, space?: number): string {
  return JSON.stringify(value, plainValue, space);
}

function plainValue(this: unknown, key: string, value: unknown): unknown {
  const own: unknown = Object(this)[key];
  if (own instanceof Uint8Array) return Buffer.from(own).toString('base64');
  return typeof value === 'bigint' ? String(value) : value;
}
