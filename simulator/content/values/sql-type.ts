/** The types that the engine knows, from the one that yields last to the one that yields first. Source: data type precedence. */
const PRECEDENCE = [
  'datetimeoffset',
  'datetime2',
  'datetime',
  'smalldatetime',
  'date',
  'time',
  'float',
  'real',
  'decimal',
  'numeric',
  'money',
  'smallmoney',
  'bigint',
  'int',
  'smallint',
  'tinyint',
  'bit',
  'rowversion',
  'uniqueidentifier',
  'nvarchar',
  'nchar',
  'varchar',
  'char',
  'varbinary',
  'binary',
] as const;

export type TypeName = (typeof PRECEDENCE)[number];

export interface SqlType {
  readonly name: TypeName;
  /** Characters or bytes; -1 is max; 0 where there is none. */
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
}

export type Family = 'integer' | 'decimal' | 'money' | 'float' | 'text' | 'binary' | 'date' | 'guid';

const FAMILIES: Readonly<Record<TypeName, Family>> = {
  datetimeoffset: 'date',
  datetime2: 'date',
  datetime: 'date',
  smalldatetime: 'date',
  date: 'date',
  time: 'date',
  float: 'float',
  real: 'float',
  decimal: 'decimal',
  numeric: 'decimal',
  money: 'money',
  smallmoney: 'money',
  bigint: 'integer',
  int: 'integer',
  smallint: 'integer',
  tinyint: 'integer',
  bit: 'integer',
  rowversion: 'binary',
  uniqueidentifier: 'guid',
  nvarchar: 'text',
  nchar: 'text',
  varchar: 'text',
  char: 'text',
  varbinary: 'binary',
  binary: 'binary',
};

const RANK = new Map<TypeName, number>(PRECEDENCE.map((name, place) => [name, place]));

export function familyOf(type: SqlType): Family {
  return FAMILIES[type.name];
}

export function isTypeName(name: string): name is TypeName {
  return name in FAMILIES;
}

/** How early a type yields to another: the lower number wins. */
export function rankOf(type: SqlType): number {
  return RANK.get(type.name) ?? 0;
}

export function isUnicode(type: SqlType): boolean {
  return type.name === 'nvarchar' || type.name === 'nchar';
}

/** `char`, `nchar`, `binary`: padded to their length. */
export function isFixed(type: SqlType): boolean {
  return type.name === 'char' || type.name === 'nchar' || type.name === 'binary';
}

const DIGITS: Partial<Record<TypeName, number>> = {
  bit: 1,
  tinyint: 3,
  smallint: 5,
  int: 10,
  bigint: 19,
  money: 19,
  smallmoney: 10,
  float: 53,
  real: 24,
};

/** A type with its usual facets. */
export function typeOf(name: TypeName, length = 0, precision = DIGITS[name] ?? 0, scale = 0): SqlType {
  return { name, length, precision, scale: name === 'money' || name === 'smallmoney' ? 4 : scale };
}

export const INT = typeOf('int');
export const BIGINT = typeOf('bigint');
export const BIT = typeOf('bit');
export const FLOAT = typeOf('float');
export const SYSNAME = typeOf('nvarchar', 128);
export const NVARCHAR_MAX = typeOf('nvarchar', -1);
export const DATETIME2 = typeOf('datetime2', 0, 0, 7);
export const DATETIME = typeOf('datetime', 0, 0, 3);

export function decimal(precision: number, scale: number): SqlType {
  return typeOf('decimal', 0, precision, scale);
}

export function nvarchar(length: number): SqlType {
  return typeOf('nvarchar', length);
}

export function varchar(length: number): SqlType {
  return typeOf('varchar', length);
}

/** A type's name in messages. */
export function nameOf(type: SqlType): string {
  return type.name === 'decimal' ? 'numeric' : type.name === 'rowversion' ? 'timestamp' : type.name;
}

export function sameType(one: SqlType, other: SqlType): boolean {
  return (
    one.name === other.name &&
    one.length === other.length &&
    one.scale === other.scale &&
    (FAMILIES[one.name] !== 'decimal' || one.precision === other.precision)
  );
}
