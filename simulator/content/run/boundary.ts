import type { TdsColumn, TdsParameter, TdsValue } from '../../tds/handler-contract.ts';
import { converter } from '../values/convert.ts';
import { decimalText } from '../values/decimal.ts';
import { fromMilliseconds } from '../values/instant.ts';
import {
  BIT,
  DATETIME2,
  FLOAT,
  familyOf,
  INT,
  NVARCHAR_MAX,
  nvarchar,
  type SqlType,
  typeOf,
} from '../values/sql-type.ts';
import type { Value } from '../values/value.ts';

/** A column of an answer. */
export function toColumn(name: string, type: SqlType): TdsColumn {
  const { name: kind, length, precision, scale } = type;
  return {
    name,
    type: kind === 'rowversion' ? 'binary' : kind,
    length: kind === 'rowversion' ? 8 : length,
    precision,
    scale,
  };
}

/** A value as clients get it: exact numbers, dates and times as text. */
export function toTds(value: Value, type: SqlType): TdsValue {
  if (value === null) return null;
  const family = familyOf(type);
  if (family === 'decimal' || family === 'money') return decimalText(value as bigint, type.scale);
  if (family === 'date') return String(textOf(type)(value));
  return value as TdsValue;
}

const texts = new Map<string, (value: Value) => Value>();

/** ISO text, whatever the type's default style. */
function textOf(type: SqlType): (value: Value) => Value {
  const key = `${type.name}${type.scale}`;
  let known = texts.get(key);
  if (known === undefined) {
    known = converter(type, nvarchar(60), { isExplicit: true, style: 121 });
    texts.set(key, known);
  }
  return known;
}

/** A parameter's type and value in the engine's terms. */
export function fromTds(given: TdsValue | TdsParameter): { type: SqlType; value: Value } {
  if (isTyped(given)) {
    const type = sqlTypeOf(given.type);
    return { type, value: inType(given.value, type) };
  }
  const type = guessed(given);
  return { type, value: inType(given, type) };
}

function isTyped(given: TdsValue | TdsParameter): given is TdsParameter {
  return typeof given === 'object' && given !== null && 'type' in given && typeof given.type === 'object';
}

function sqlTypeOf(column: TdsColumn): SqlType {
  const { type } = column;
  const isText = type.includes('char') || type.includes('binary');
  const length = column.length ?? (isText ? -1 : 0);
  const scale =
    column.scale ?? (['datetime2', 'time', 'datetimeoffset'].includes(type) ? 7 : type === 'datetime' ? 3 : 0);
  return column.precision === undefined
    ? typeOf(type, length, undefined, scale)
    : typeOf(type, length, column.precision || undefined, scale);
}

function guessed(value: TdsValue): SqlType {
  if (typeof value === 'boolean') return BIT;
  if (typeof value === 'bigint') return typeOf('bigint');
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? INT : FLOAT;
  if (value instanceof Date) return DATETIME2;
  if (value instanceof Uint8Array) return typeOf('varbinary', value.length > 8000 ? -1 : 8000);
  return typeof value === 'string' && value.length > 4000 ? NVARCHAR_MAX : nvarchar(4000);
}

function inType(value: TdsValue, type: SqlType): Value {
  if (value === null) return null;
  if (value instanceof Date) return converter(DATETIME2, type, { isExplicit: true })(fromMilliseconds(value.getTime()));
  if (typeof value === 'boolean') return value ? 1 : 0;
  const family = familyOf(type);
  if (typeof value === 'string')
    return family === 'text' ? value : converter(NVARCHAR_MAX, type, { isExplicit: true })(value);
  if (family === 'decimal' || family === 'money') return converter(FLOAT, type, { isExplicit: true })(Number(value));
  if (type.name === 'bigint' && typeof value === 'number') return BigInt(value);
  return value as Value;
}
