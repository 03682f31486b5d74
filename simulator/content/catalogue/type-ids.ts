import { familyOf, isUnicode, type SqlType, type TypeName, typeOf } from '../values/sql-type.ts';

/** `system_type_id` and `user_type_id` of `sys.types`. */
const IDS: Readonly<Record<TypeName, number>> = {
  uniqueidentifier: 36,
  date: 40,
  time: 41,
  datetime2: 42,
  datetimeoffset: 43,
  tinyint: 48,
  smallint: 52,
  int: 56,
  smalldatetime: 58,
  real: 59,
  money: 60,
  datetime: 61,
  float: 62,
  bit: 104,
  decimal: 106,
  numeric: 108,
  smallmoney: 122,
  bigint: 127,
  varbinary: 165,
  varchar: 167,
  binary: 173,
  char: 175,
  rowversion: 189,
  nvarchar: 231,
  nchar: 239,
};

export const SYSTEM_TYPES: readonly { readonly id: number; readonly name: TypeName }[] = Object.entries(IDS).map(
  ([name, id]) => ({ id, name: name as TypeName }),
);

export function typeId(type: SqlType): number {
  return IDS[type.name];
}

/** A type's name in the catalogue. */
export function catalogueName(name: TypeName): string {
  return name === 'rowversion' ? 'timestamp' : name;
}

const SIZES: Partial<Record<TypeName, number>> = {
  bit: 1,
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  real: 4,
  float: 8,
  money: 8,
  smallmoney: 4,
  datetime: 8,
  smalldatetime: 4,
  date: 3,
  uniqueidentifier: 16,
  rowversion: 8,
};

/** `max_length` in bytes; -1 for max. */
export function maxLength(type: SqlType): number {
  const size = SIZES[type.name];
  if (size !== undefined) return size;
  if (familyOf(type) === 'text') return type.length < 0 ? -1 : type.length * (isUnicode(type) ? 2 : 1);
  if (familyOf(type) === 'binary') return type.length;
  if (familyOf(type) === 'decimal')
    return type.precision <= 9 ? 5 : type.precision <= 19 ? 9 : type.precision <= 28 ? 13 : 17;
  const time = type.scale <= 2 ? 3 : type.scale <= 4 ? 4 : 5;
  return type.name === 'time' ? time : type.name === 'datetime2' ? time + 3 : time + 5;
}

/** `precision` of `sys.columns`. */
export function precisionOf(type: SqlType): number {
  if (
    familyOf(type) === 'integer' ||
    familyOf(type) === 'decimal' ||
    familyOf(type) === 'money' ||
    familyOf(type) === 'float'
  )
    return type.name === 'int' ? 10 : typeOf(type.name, 0, type.precision).precision;
  if (familyOf(type) !== 'date') return 0;
  const ofTime = type.scale === 0 ? 8 : 9 + type.scale;
  switch (type.name) {
    case 'date':
      return 10;
    case 'time':
      return ofTime;
    case 'datetime2':
      return ofTime + 11;
    case 'datetimeoffset':
      return ofTime + 18;
    default:
      return type.name === 'datetime' ? 23 : 16;
  }
}

/** `scale` of `sys.columns`. */
export function scaleOf(type: SqlType): number {
  return familyOf(type) === 'decimal' || familyOf(type) === 'money' || familyOf(type) === 'date' ? type.scale : 0;
}
