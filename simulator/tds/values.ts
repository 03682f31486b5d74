import type { ByteWriter } from './bytes.ts';
import type { TdsColumn, TdsValue } from './handler-contract.ts';

/** SQL_Latin1_General_CP1_CI_AS. */
export const COLLATION = Buffer.of(0x09, 0x04, 0xd0, 0x00, 0x34);

const DAY = 86_400_000;
const DAYS_TO_1970 = 719_162;
const MAX = 0xffff;

/** Writes the TYPE_INFO of a column. `isLong` makes text and binary the `(max)` kind. */
export function writeType(out: ByteWriter, column: TdsColumn, isLong: boolean): void {
  switch (column.type) {
    case 'int':
      out.uint8(0x26).uint8(4);
      break;
    case 'bigint':
      out.uint8(0x26).uint8(8);
      break;
    case 'bit':
      out.uint8(0x68).uint8(1);
      break;
    case 'float':
      out.uint8(0x6d).uint8(8);
      break;
    case 'nvarchar':
      out
        .uint8(0xe7)
        .uint16(isLong ? MAX : 8000)
        .bytes(COLLATION);
      break;
    case 'varbinary':
      out.uint8(0xa5).uint16(isLong ? MAX : 8000);
      break;
    case 'datetime2':
      out.uint8(0x2a).uint8(7);
      break;
    case 'date':
      out.uint8(0x28);
      break;
    case 'uniqueidentifier':
      out.uint8(0x24).uint8(16);
      break;
    case 'decimal':
      out
        .uint8(0x6a)
        .uint8(17)
        .uint8(column.precision ?? 38)
        .uint8(column.scale ?? 0);
      break;
  }
}

/** Whether a column needs the `(max)` kind for these rows. */
export function isLongColumn(column: TdsColumn, values: Iterable<TdsValue | undefined>): boolean {
  if (column.type !== 'nvarchar' && column.type !== 'varbinary') return false;
  for (const value of values) {
    if (value instanceof Uint8Array ? value.length > 8000 : typeof value === 'string' && value.length > 4000)
      return true;
  }
  return false;
}

/** Writes a value of a column. */
export function writeValue(out: ByteWriter, column: TdsColumn, value: TdsValue, isLong: boolean): void {
  if (column.type === 'nvarchar' || column.type === 'varbinary') {
    writeVariable(
      out,
      value === null ? null : value instanceof Uint8Array ? value : Buffer.from(textOf(value), 'utf16le'),
      isLong,
    );
  } else if (value === null) out.uint8(0);
  else if (column.type === 'int') out.uint8(4).int32(Number(value));
  else if (column.type === 'bigint') out.uint8(8).uint64(BigInt(value as bigint | number));
  else if (column.type === 'bit') out.uint8(1).uint8(value === true || Number(value) !== 0 ? 1 : 0);
  else if (column.type === 'float') out.uint8(8).bytes(double(Number(value)));
  else if (column.type === 'uniqueidentifier') out.uint8(16).bytes(guidBytes(String(value)));
  else if (column.type === 'decimal') out.uint8(17).bytes(decimalBytes(value, column.scale ?? 0));
  else if (column.type === 'date') out.uint8(3).bytes(dayBytes(dateOf(value).at));
  else {
    const { at, ticks } = dateOf(value);
    out.uint8(8).bytes(timeBytes(ticks)).bytes(dayBytes(at));
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
function textOf(value: TdsValue): string {
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', '0000');
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}

/** The day's start in milliseconds, and units of 100 ns since then. Text has up to seven decimals. */
function dateOf(value: TdsValue): { at: number; ticks: bigint } {
  if (value instanceof Date) {
    const at = Math.floor(value.getTime() / DAY) * DAY;
    return { at, ticks: BigInt(value.getTime() - at) * 10_000n };
  }
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?)?Z?$/.exec(String(value));
  if (match === null) throw new Error(`'${String(value)}' is not a date`);
  const [, day = '', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  const whole = BigInt((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds));
  return { at: Date.parse(`${day}T00:00:00Z`), ticks: whole * 10_000_000n + BigInt(fraction.padEnd(7, '0')) };
}

function timeBytes(ticks: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(ticks);
  return buffer.subarray(0, 5);
}

function dayBytes(at: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(Math.floor(at / DAY) + DAYS_TO_1970);
  return buffer.subarray(0, 3);
}

function double(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleLE(value);
  return buffer;
}

function guidBytes(text: string): Buffer {
  const raw = Buffer.from(text.replaceAll('-', ''), 'hex');
  if (raw.length !== 16) throw new Error(`'${text}' is not a GUID`);
  return Buffer.concat([
    raw.subarray(0, 4).reverse(),
    raw.subarray(4, 6).reverse(),
    raw.subarray(6, 8).reverse(),
    raw.subarray(8),
  ]);
}

function decimalBytes(value: TdsValue, scale: number): Buffer {
  const text = typeof value === 'number' ? value.toFixed(scale) : String(value);
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const digits = BigInt(whole + fraction.padEnd(scale, '0').slice(0, scale));
  const buffer = Buffer.alloc(17);
  buffer.writeUInt8(text.startsWith('-') ? 0 : 1, 0);
  buffer.writeBigUInt64LE(BigInt.asUintN(64, digits), 1);
  buffer.writeBigUInt64LE(digits >> 64n, 9);
  return buffer;
}
