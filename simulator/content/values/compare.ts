import { commonDecimal } from './decimal.ts';
import { familyOf, isUnicode, rankOf, type SqlType, typeOf } from './sql-type.ts';
import { compareText, fold } from './text.ts';
import { bytesOfGuid } from './to-guid.ts';
import type { OffsetInstant, Value } from './value.ts';

/** The type in which two values meet: that of higher precedence, wide enough for both. */
export function commonType(left: SqlType, right: SqlType): SqlType {
  const [wins, yields] = rankOf(left) <= rankOf(right) ? [left, right] : [right, left];
  const [family, other] = [familyOf(wins), familyOf(yields)];
  if (family === 'decimal' && (other === 'decimal' || other === 'integer' || other === 'money'))
    return commonDecimal(wins, yields);
  if (family === 'text' && other === 'text') {
    const length = left.length < 0 || right.length < 0 ? -1 : Math.max(left.length, right.length);
    const isFixed = left.name === right.name && left.length === right.length && !left.name.includes('var');
    if (isFixed) return left;
    return typeOf(isUnicode(left) || isUnicode(right) ? 'nvarchar' : 'varchar', length);
  }
  if (family === 'binary' && other === 'binary') {
    const length = left.length < 0 || right.length < 0 ? -1 : Math.max(left.length, right.length);
    return typeOf('varbinary', length);
  }
  if (family === 'integer' && other === 'integer') return typeOf(wins.name);
  if (wins.name === yields.name && family === 'date') return typeOf(wins.name, 0, 0, Math.max(left.scale, right.scale));
  return wins;
}

export type Compare = (left: NonNullable<Value>, right: NonNullable<Value>) => number;

/** Order of two values of one type. */
export function comparerOf(type: SqlType): Compare {
  switch (familyOf(type)) {
    case 'text':
      return (left, right) => compareText(left as string, right as string);
    case 'binary':
      return (left, right) => compareBytes(left as Uint8Array, right as Uint8Array);
    case 'guid':
      return (left, right) => compareGuids(left as string, right as string);
    case 'date':
      if (type.name === 'datetimeoffset')
        return (left, right) => order((left as OffsetInstant).utc, (right as OffsetInstant).utc);
      return (left, right) => order(left as bigint, right as bigint);
    default:
      return (left, right) => order(left as number | bigint, right as number | bigint);
  }
}

function order<T extends number | bigint>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** NULL comes first. */
export function compareNullable(compare: Compare, left: Value, right: Value): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1;
  return compare(left, right);
}

/** Zeros on the right do not count. */
function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.max(left.length, right.length);
  for (let place = 0; place < length; place += 1) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The groups of a GUID count from the last to the first. */
function compareGuids(left: string, right: string): number {
  const key = (guid: string) => {
    const bytes = bytesOfGuid(guid);
    return [10, 11, 12, 13, 14, 15, 8, 9, 6, 7, 4, 5, 0, 1, 2, 3].map((place) => bytes[place] ?? 0);
  };
  return Buffer.compare(Buffer.from(key(left)), Buffer.from(key(right)));
}

/** Text that is equal for equal values of a type: for indexes, groups and hash joins. */
export function keyOf(type: SqlType): (value: Value) => string {
  switch (familyOf(type)) {
    case 'text':
      return (value) => (value === null ? '\u0000' : `s${fold(value as string)}`);
    case 'binary':
      return (value) =>
        value === null
          ? '\u0000'
          : `b${Buffer.from(value as Uint8Array)
              .toString('hex')
              .replace(/(00)+$/, '')}`;
    case 'date':
      if (type.name === 'datetimeoffset')
        return (value) => (value === null ? '\u0000' : String((value as OffsetInstant).utc));
      return (value) => (value === null ? '\u0000' : String(value));
    default:
      return (value) => (value === null ? '\u0000' : String(value));
  }
}

/** One key of several values. */
export function joinKeys(keys: readonly string[]): string {
  return keys.length === 1 ? (keys[0] ?? '') : keys.join('\u0001');
}
