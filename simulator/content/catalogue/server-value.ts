import type { ServerValue } from '../env.ts';
import { fromMilliseconds } from '../values/instant.ts';
import { familyOf, type SqlType } from '../values/sql-type.ts';
import type { Value } from '../values/value.ts';

/** A value of the server's model in a type of the engine's. */
export function fromServerValue(value: ServerValue, type: SqlType): Value {
  if (value === null) return null;
  if (value instanceof Date) return fromMilliseconds(value.getTime());
  if (familyOf(type) === 'text') return String(value === true ? 1 : value === false ? 0 : value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  return type.name === 'bigint' ? BigInt(value) : value;
}
