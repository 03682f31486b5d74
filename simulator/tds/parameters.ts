import type { ByteReader } from './bytes.ts';
import type { TdsColumn, TdsValue } from './handler-contract.ts';

export interface Parameter {
  /** Without `@`, as the client wrote it; empty when given by position. */
  readonly name: string;
  readonly isOutput: boolean;
  readonly value: TdsValue;
  /** The type in which an OUTPUT value goes back. */
  readonly type: TdsColumn;
}

const DAY = 86_400_000;
const DAYS_TO_1970 = 719_162;

/** Reads the parameters of one RPC request, to the end of the message or the next request of the batch. */
export function readParameters(reader: ByteReader): Parameter[] {
  const parameters: Parameter[] = [];
  while (!reader.isDone) {
    const ahead = reader.buffer[reader.place];
    if (ahead === 0xff || ahead === 0x80) break; // BatchFlag
    const name = reader.text(reader.uint8()).replace(/^@/, '');
    const isOutput = (reader.uint8() & 1) !== 0;
    parameters.push({ name, isOutput, ...readTyped(reader, name) });
  }
  return parameters;
}

/** Reads a TYPE_INFO and the value after it. Source: MS-TDS 2.2.5.4 to 2.2.5.6. */
function readTyped(reader: ByteReader, name: string): { type: TdsColumn; value: TdsValue } {
  const type = reader.uint8();
  const typed = (kind: TdsColumn['type'], value: TdsValue, more: Partial<TdsColumn> = {}) => ({
    type: { name, type: kind, ...more },
    value,
  });
  switch (type) {
    case 0x1f:
      return typed('nvarchar', null);
    case 0x30:
      return typed('tinyint', reader.uint8());
    case 0x32:
      return typed('bit', reader.uint8() !== 0);
    case 0x34:
      return typed('smallint', reader.bytes(2).readInt16LE());
    case 0x38:
      return typed('int', reader.int32());
    case 0x3b:
      return typed('real', reader.bytes(4).readFloatLE());
    case 0x3e:
      return typed('float', reader.bytes(8).readDoubleLE());
    case 0x7f:
      return typed('bigint', reader.bytes(8).readBigInt64LE());
    case 0x3c:
      return typed('money', money(reader.bytes(8)));
    case 0x7a:
      return typed('smallmoney', money(reader.bytes(4)));
    case 0x3a:
      return typed('smalldatetime', classicDate(reader.bytes(4)));
    case 0x3d:
      return typed('datetime', classicDate(reader.bytes(8)));
    case 0x26: {
      const size = reader.uint8();
      const kind = size === 8 ? 'bigint' : size === 4 ? 'int' : size === 2 ? 'smallint' : 'tinyint';
      return typed(kind, readInteger(reader.bytes(reader.uint8())));
    }
    case 0x68: {
      reader.uint8();
      const bytes = reader.bytes(reader.uint8());
      return typed('bit', bytes.length === 0 ? null : bytes[0] !== 0);
    }
    case 0x6d: {
      const size = reader.uint8();
      const bytes = reader.bytes(reader.uint8());
      const value = bytes.length === 0 ? null : bytes.length === 4 ? bytes.readFloatLE() : bytes.readDoubleLE();
      return typed(size === 4 ? 'real' : 'float', value);
    }
    case 0x6e: {
      const size = reader.uint8();
      return typed(size === 4 ? 'smallmoney' : 'money', money(reader.bytes(reader.uint8())));
    }
    case 0x6f: {
      const size = reader.uint8();
      return typed(size === 4 ? 'smalldatetime' : 'datetime', classicDate(reader.bytes(reader.uint8())));
    }
    case 0x6a:
    case 0x6c: {
      reader.uint8();
      const precision = reader.uint8();
      const scale = reader.uint8();
      return typed('decimal', decimal(reader.bytes(reader.uint8()), scale), { precision, scale });
    }
    case 0x24: {
      reader.uint8();
      return typed('uniqueidentifier', guid(reader.bytes(reader.uint8())));
    }
    case 0x28:
      return typed('date', newDate(reader.bytes(reader.uint8()), -1));
    case 0x29: {
      const scale = reader.uint8();
      return typed('time', timeText(reader.bytes(reader.uint8()), scale), { scale });
    }
    case 0x2a: {
      const scale = reader.uint8();
      return typed('datetime2', newDate(reader.bytes(reader.uint8()), scale), { scale });
    }
    case 0x2b: {
      const scale = reader.uint8();
      return typed('datetimeoffset', offsetDate(reader.bytes(reader.uint8()), scale), { scale });
    }
    case 0xe7:
    case 0xef: {
      const size = reader.uint16();
      reader.bytes(5);
      const length = size === 0xffff ? -1 : Math.max(1, size / 2);
      return typed(type === 0xe7 ? 'nvarchar' : 'nchar', readVariable(reader, size)?.toString('utf16le') ?? null, {
        length,
      });
    }
    case 0xa7:
    case 0xaf: {
      const size = reader.uint16();
      reader.bytes(5);
      const bytes = readVariable(reader, size);
      const length = size === 0xffff ? -1 : Math.max(1, size);
      return typed(type === 0xa7 ? 'varchar' : 'char', bytes === null ? null : ANSI.decode(bytes), { length });
    }
    case 0xa5:
    case 0xad: {
      const size = reader.uint16();
      const length = size === 0xffff ? -1 : Math.max(1, size);
      return typed(type === 0xa5 ? 'varbinary' : 'binary', readVariable(reader, size), { length });
    }
    case 0x22: {
      reader.uint32();
      const length = reader.int32();
      return typed('varbinary', length < 0 ? null : reader.bytes(length), { length: -1 });
    }
    case 0x63:
    case 0x23: {
      reader.uint32();
      reader.bytes(5);
      const length = reader.int32();
      const bytes = length < 0 ? null : reader.bytes(length);
      if (type === 0x63) return typed('nvarchar', bytes?.toString('utf16le') ?? null, { length: -1 });
      return typed('varchar', bytes === null ? null : ANSI.decode(bytes), { length: -1 });
    }
    default:
      throw new Error(`parameter @${name} has the type 0x${type.toString(16)}, which is not modelled`);
  }
}

const ANSI = new TextDecoder('windows-1252');

function readVariable(reader: ByteReader, size: number): Buffer | null {
  if (size !== 0xffff) {
    const length = reader.uint16();
    return length === 0xffff ? null : reader.bytes(length);
  }
  if (reader.uint64() === 0xffff_ffff_ffff_ffffn) return null;
  const chunks: Buffer[] = [];
  for (let length = reader.uint32(); length > 0; length = reader.uint32()) chunks.push(reader.bytes(length));
  return Buffer.concat(chunks);
}

function readInteger(bytes: Buffer): TdsValue {
  switch (bytes.length) {
    case 0:
      return null;
    case 1:
      return bytes.readUInt8();
    case 2:
      return bytes.readInt16LE();
    case 4:
      return bytes.readInt32LE();
    default:
      return bytes.readBigInt64LE();
  }
}

/** `datetime` (days since 1900 and 1/300 s) and `smalldatetime` (days and minutes). */
function classicDate(bytes: Buffer): TdsValue {
  if (bytes.length === 0) return null;
  const since = Date.UTC(1900, 0, 1);
  if (bytes.length === 4) return new Date(since + bytes.readUInt16LE(0) * DAY + bytes.readUInt16LE(2) * 60_000);
  return new Date(since + bytes.readInt32LE(0) * DAY + Math.round((bytes.readUInt32LE(4) * 10) / 3));
}

/** `date` and `datetime2`; as text with seven decimals when it is finer than a Date. */
function newDate(bytes: Buffer, scale: number): TdsValue {
  if (bytes.length === 0) return null;
  const { date, rest } = instant(bytes, scale);
  return rest === 0n ? date : isoText(date, rest);
}

/** `datetimeoffset`: it travels as UTC; its text is local, with the offset. */
function offsetDate(bytes: Buffer, scale: number): TdsValue {
  if (bytes.length === 0) return null;
  const minutes = bytes.readInt16LE(bytes.length - 2);
  const { date, rest } = instant(bytes.subarray(0, -2), scale);
  const local = new Date(date.getTime() + minutes * 60_000);
  const size = Math.abs(minutes);
  const zone = `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
  return `${isoText(local, rest)} ${zone}`;
}

function instant(bytes: Buffer, scale: number): { date: Date; rest: bigint } {
  const timeLength = bytes.length - 3;
  const ticks = ticksOf(bytes.subarray(0, timeLength), scale);
  const days = bytes.readUIntLE(timeLength, 3) - DAYS_TO_1970;
  return { date: new Date(days * DAY + Number(ticks / 10_000n)), rest: ticks % 10_000n };
}

function isoText(date: Date, rest: bigint): string {
  return date.toISOString().replace('T', ' ').replace('Z', rest.toString().padStart(4, '0'));
}

function timeText(bytes: Buffer, scale: number): TdsValue {
  if (bytes.length === 0) return null;
  const ticks = ticksOf(bytes, scale);
  return `${new Date(Number(ticks / 10_000n)).toISOString().slice(11, 23)}${(ticks % 10_000n).toString().padStart(4, '0')}`;
}

function ticksOf(bytes: Buffer, scale: number): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt(bytes.readUIntLE(0, bytes.length)) * 10n ** BigInt(7 - scale);
}

function guid(bytes: Buffer): TdsValue {
  if (bytes.length === 0) return null;
  const hex = (part: Buffer) => part.toString('hex').toUpperCase();
  const turned = (from: number, to: number) => hex(Buffer.from(bytes.subarray(from, to)).reverse());
  return `${turned(0, 4)}-${turned(4, 6)}-${turned(6, 8)}-${hex(bytes.subarray(8, 10))}-${hex(bytes.subarray(10))}`;
}

function decimal(bytes: Buffer, scale: number): TdsValue {
  if (bytes.length === 0) return null;
  let digits = 0n;
  for (const byte of Buffer.from(bytes.subarray(1)).reverse()) digits = (digits << 8n) | BigInt(byte);
  return exactText(bytes[0] === 0 ? -digits : digits, scale);
}

function money(bytes: Buffer): TdsValue {
  if (bytes.length === 0) return null;
  if (bytes.length === 4) return exactText(BigInt(bytes.readInt32LE()), 4);
  return exactText((BigInt(bytes.readInt32LE(0)) << 32n) | BigInt(bytes.readUInt32LE(4)), 4);
}

/** Exact numbers are text: a double would not hold them. */
function exactText(digits: bigint, scale: number): string {
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const sign = digits < 0n ? '-' : '';
  return scale === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}
