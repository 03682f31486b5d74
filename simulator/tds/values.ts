import type { ByteWriter } from './bytes.ts';
import type { TdsColumn, TdsValue } from './handler-contract.ts';
import { dateOf, dayBytes, decimalBytes, guidBytes, moneyBytes, shifted, timeBytes } from './value-bytes.ts';

/** SQL_Latin1_General_CP1_CI_AS. */
export const COLLATION = Buffer.of(0x09, 0x04, 0xd0, 0x00, 0x34);

const MAX = 0xffff;

/** Writes the TYPE_INFO of a column. `isLong` makes text and binary the `(max)` kind. Source: MS-TDS 2.2.5.4 to 2.2.5.6. */
export function writeType(out: ByteWriter, column: TdsColumn, isLong: boolean): void {
  const { type, scale = 7 } = column;
  const size = (unit: number) =>
    isLong ? MAX : column.length === undefined || column.length < 0 ? 8000 : Math.max(unit, column.length * unit);
  switch (type) {
    case 'bit':
      return void out.uint8(0x68).uint8(1);
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return void out.uint8(0x26).uint8(INTEGER_SIZES[type]);
    case 'real':
      return void out.uint8(0x6d).uint8(4);
    case 'float':
      return void out.uint8(0x6d).uint8(8);
    case 'decimal':
    case 'numeric':
      return void out
        .uint8(type === 'decimal' ? 0x6a : 0x6c)
        .uint8(17)
        .uint8(column.precision ?? 38)
        .uint8(column.scale ?? 0);
    case 'money':
      return void out.uint8(0x6e).uint8(8);
    case 'smallmoney':
      return void out.uint8(0x6e).uint8(4);
    case 'char':
    case 'varchar':
      return void out
        .uint8(type === 'char' ? 0xaf : 0xa7)
        .uint16(size(1))
        .bytes(COLLATION);
    case 'nchar':
    case 'nvarchar':
      return void out
        .uint8(type === 'nchar' ? 0xef : 0xe7)
        .uint16(size(2))
        .bytes(COLLATION);
    case 'binary':
    case 'varbinary':
      return void out.uint8(type === 'binary' ? 0xad : 0xa5).uint16(size(1));
    case 'date':
      return void out.uint8(0x28);
    case 'time':
      return void out.uint8(0x29).uint8(scale);
    case 'datetime2':
      return void out.uint8(0x2a).uint8(scale);
    case 'datetimeoffset':
      return void out.uint8(0x2b).uint8(scale);
    case 'datetime':
      return void out.uint8(0x6f).uint8(8);
    case 'smalldatetime':
      return void out.uint8(0x6f).uint8(4);
    case 'uniqueidentifier':
      return void out.uint8(0x24).uint8(16);
  }
}

const INTEGER_SIZES = { tinyint: 1, smallint: 2, int: 4, bigint: 8 } as const;
const VARYING: ReadonlySet<string> = new Set(['char', 'varchar', 'nchar', 'nvarchar', 'binary', 'varbinary']);

/** Whether a column needs the `(max)` kind: because it says so, or for these rows where it says nothing. */
export function isLongColumn(column: TdsColumn, values: Iterable<TdsValue | undefined>): boolean {
  if (!VARYING.has(column.type)) return false;
  if (column.length !== undefined) return column.length < 0;
  for (const value of values) {
    if (value instanceof Uint8Array ? value.length > 8000 : typeof value === 'string' && value.length > 4000)
      return true;
  }
  return false;
}

/** Writes a value of a column. */
export function writeValue(out: ByteWriter, column: TdsColumn, value: TdsValue, isLong: boolean): void {
  if (VARYING.has(column.type)) {
    writeVariable(out, value === null ? null : bytesOf(value, column), isLong);
    return;
  }
  if (value === null) return void out.uint8(0);
  const bytes = fixedBytes(column, value);
  out.uint8(bytes.length).bytes(bytes);
}

function bytesOf(value: NonNullable<TdsValue>, column: TdsColumn): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return column.type.startsWith('n') ? Buffer.from(textOf(value), 'utf16le') : codePage(textOf(value));
}

/** Code page 1252: Latin-1, but for 27 characters that the engine has already replaced or kept. */
function codePage(text: string): Uint8Array {
  return Buffer.from(
    [...text].map((letter) =>
      letter === '€' ? 0x80 : letter.charCodeAt(0) < 256 ? letter.charCodeAt(0) : (EXTRA.get(letter) ?? 0x3f),
    ),
  );
}

const EXTRA = new Map(
  Array.from(
    { length: 32 },
    (_, place) => [new TextDecoder('windows-1252').decode(Uint8Array.of(0x80 + place)), 0x80 + place] as const,
  ),
);

function fixedBytes(column: TdsColumn, value: NonNullable<TdsValue>): Uint8Array {
  const buffer = Buffer.alloc(8);
  switch (column.type) {
    case 'bit':
      return Buffer.of(value === true || Number(value) !== 0 ? 1 : 0);
    case 'tinyint':
      return Buffer.of(Number(value));
    case 'smallint':
      buffer.writeInt16LE(Number(value));
      return buffer.subarray(0, 2);
    case 'int':
      buffer.writeInt32LE(Number(value));
      return buffer.subarray(0, 4);
    case 'bigint':
      buffer.writeBigInt64LE(BigInt(value as bigint | number));
      return buffer;
    case 'real':
      buffer.writeFloatLE(Number(value));
      return buffer.subarray(0, 4);
    case 'float':
      buffer.writeDoubleLE(Number(value));
      return buffer;
    case 'decimal':
    case 'numeric':
      return decimalBytes(value, column.scale ?? 0);
    case 'money':
    case 'smallmoney':
      return moneyBytes(value, column.type === 'money');
    case 'uniqueidentifier':
      return guidBytes(String(value));
    default:
      return dateBytes(column, value);
  }
}

function dateBytes(column: TdsColumn, value: NonNullable<TdsValue>): Uint8Array {
  const { at, ticks, offset } = dateOf(value);
  const scale = column.scale ?? 7;
  const buffer = Buffer.alloc(8);
  switch (column.type) {
    case 'date':
      return dayBytes(at);
    case 'time':
      return timeBytes(ticks, scale);
    case 'datetime':
      buffer.writeInt32LE(Math.round((at - Date.UTC(1900, 0, 1)) / 86_400_000));
      buffer.writeUInt32LE(Number((ticks * 3n + 50_000n) / 100_000n), 4);
      return buffer;
    case 'smalldatetime':
      buffer.writeUInt16LE(Math.round((at - Date.UTC(1900, 0, 1)) / 86_400_000));
      buffer.writeUInt16LE(Number(ticks / 600_000_000n), 2);
      return buffer.subarray(0, 4);
    case 'datetimeoffset': {
      const utc = shifted(at, ticks, -offset);
      buffer.writeInt16LE(offset);
      return Buffer.concat([timeBytes(utc.ticks, scale), dayBytes(utc.at), buffer.subarray(0, 2)]);
    }
    default:
      return Buffer.concat([timeBytes(ticks, scale), dayBytes(at)]);
  }
}

function writeVariable(out: ByteWriter, bytes: Uint8Array | null, isLong: boolean): void {
  if (!isLong) {
    if (bytes === null) out.uint16(MAX);
    else out.uint16(bytes.length).bytes(bytes);
  } else if (bytes === null) out.uint64(0xffff_ffff_ffff_ffffn);
  else {
    out.uint64(BigInt(bytes.length));
    if (bytes.length > 0) out.uint32(bytes.length).bytes(bytes);
    out.uint32(0);
  }
}

/** A value as text, as SQL Server would show it. */
function textOf(value: NonNullable<TdsValue>): string {
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', '0000');
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}
