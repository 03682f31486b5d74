import { joinKeys, keyOf } from '../values/compare.ts';
import type { SqlType } from '../values/sql-type.ts';
import type { Row } from '../values/value.ts';

/** A key that is equal for equal rows. */
export function rowKeyOf(types: readonly SqlType[]): (row: Row) => string {
  const keys = types.map(keyOf);
  return (row) => joinKeys(row.map((value, place) => keys[place]?.(value) ?? ''));
}
