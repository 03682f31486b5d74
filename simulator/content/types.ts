import type { SqlValue } from '../../src/ports.ts';
import type { Token } from '../model/sql/tokens.ts';
import type { TdsColumn, TdsValue } from '../tds/handler-contract.ts';
import { unknownSql } from './problem.ts';

/** `CAST` and `CONVERT` to a type. */
export function castTo(type: readonly Token[], value: string, style: string | undefined): string {
  const name = (type[0]?.kind === 'quoted' ? type[0].value : (type[0]?.text ?? '')).toUpperCase();
  const length = type[1]?.text === '(' && /^\d+$/.test(type[2]?.text ?? '') ? type[2]?.text : undefined;
  if (/CHAR$|TEXT$|^SYSNAME$/.test(name)) {
    const text = style === undefined ? `CAST(${value} AS TEXT)` : `_date_text(${value}, ${style})`;
    return length === undefined ? text : `substr(${text}, 1, ${length})`;
  }
  if (/INT$/.test(name)) return `CAST(${value} AS INTEGER)`;
  if (name === 'BIT') return `_to_bit(${value})`;
  if (/^(FLOAT|REAL|DECIMAL|NUMERIC|MONEY|SMALLMONEY)$/.test(name)) return `CAST(${value} AS REAL)`;
  if (/^(DATETIME2?|SMALLDATETIME)$/.test(name)) return `_to_date(${value})`;
  if (name === 'DATE') return `_to_day(${value})`;
  if (name === 'UNIQUEIDENTIFIER') return `upper(${value})`;
  if (/BINARY$/.test(name)) return `CAST(${value} AS BLOB)`;
  throw unknownSql(`a conversion to ${name}`);
}

/** The TDS type of a column that is declared so in SQLite; `undefined` for an expression without type. */
export function columnType(declared: string | null): Omit<TdsColumn, 'name'> | undefined {
  if (declared === null || declared === '') return undefined;
  const [name = '', ...sizes] = declared.toUpperCase().split(/[(),\s]+/);
  if (/^(INT|INTEGER|SMALLINT|TINYINT)$/.test(name)) return { type: 'int' };
  if (name === 'BIGINT') return { type: 'bigint' };
  if (name === 'BIT') return { type: 'bit' };
  if (/^(FLOAT|REAL)$/.test(name)) return { type: 'float' };
  if (/^(DATETIME2?|SMALLDATETIME)$/.test(name)) return { type: 'datetime2' };
  if (name === 'DATE') return { type: 'date' };
  if (name === 'UNIQUEIDENTIFIER') return { type: 'uniqueidentifier' };
  if (/BINARY$|^IMAGE$/.test(name)) return { type: 'varbinary' };
  if (/^(DECIMAL|NUMERIC)$/.test(name))
    return { type: 'decimal', precision: Number(sizes[0] || 18), scale: Number(sizes[1] || 0) };
  if (/MONEY$/.test(name)) return { type: 'decimal', precision: 19, scale: 4 };
  return { type: 'nvarchar' };
}

/** The TDS type that fits the values of an expression. Dates and GUIDs are known by their look. */
export function guessType(values: Iterable<unknown>): Omit<TdsColumn, 'name'> {
  let seen: TdsColumn['type'] | undefined;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    const type = typeOfValue(value);
    if (seen === undefined || seen === type) seen = type;
    else if (isNumber(seen) && isNumber(type)) seen = seen === 'float' || type === 'float' ? 'float' : 'bigint';
    else return { type: 'nvarchar' };
  }
  return { type: seen ?? 'nvarchar' };
}

function isNumber(type: string): boolean {
  return type === 'int' || type === 'bigint' || type === 'float';
}

function typeOfValue(value: unknown): TdsColumn['type'] {
  if (value instanceof Uint8Array) return 'varbinary';
  if (typeof value === 'bigint') return 'bigint';
  if (typeof value === 'number')
    return Number.isInteger(value) ? (Math.abs(value) < 2 ** 31 ? 'int' : 'bigint') : 'float';
  const text = String(value);
  if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{7}$/.test(text)) return 'datetime2';
  if (/^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$/.test(text)) return 'uniqueidentifier';
  return 'nvarchar';
}

/** A parameter as SQLite keeps it. */
export function toSqlite(value: TdsValue | SqlValue): null | number | bigint | string | Uint8Array {
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', '0000');
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value;
}
