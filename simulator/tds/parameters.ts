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
      return typed('int', reader.uint8());
    case 0x32:
      return typed('bit', reader.uint8() !== 0);
    case 0x34:
      return typed('int', reader.bytes(2).readInt16LE());
    case 0x38:
      return typed('int', reader.int32());
    case 0x3b:
      return typed('float', reader.bytes(4).readFloatLE());
    case 0x3e:
      return typed('float', reader.bytes(8).readDoubleLE());
    case 0x7f:
      return typed('bigint', reader.bytes(8).readBigInt64LE());
    case 0x3d:
      return typed('datetime2', classicDate(reader.bytes(8)));
    case 0x26: {
      const size = reader.uint8();
      return typed(size === 8 ? 'bigint' : 'int', readInteger(reader.bytes(reader.uint8())));
    }
    case 0x68: {
      reader.uint8();
      const bytes = reader.bytes(reader.uint8());
      return typed('bit', bytes.length === 0 ? null : bytes[0] !== 0);
    }
    case 0x6d: {
      reader.uint8();
      const bytes = reader.bytes(reader.uint8());
      return typed(
        'float',
        bytes.length === 0 ? null : bytes.length === 4 ? bytes.readFloatLE() : bytes.readDoubleLE(),
      );
    }
    case 0x6e: {
      reader.uint8();
      return typed('decimal', money(reader.bytes(reader.uint8())), { precision: 19, scale: 4 });
    }
    case 0x6f: {
      reader.uint8();
      return typed('datetime2', classicDate(reader.bytes(reader.uint8())));
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
      return typed('date', newDate(reader.bytes(reader.uint8()), -1, 0));
    case 0x29: {
      const scale = reader.uint8();
      return typed('nvarchar', timeText(reader.bytes(reader.uint8()), scale));
    }
    case 0x2a: {
      const scale = reader.uint8();
      return typed('datetime2', newDate(reader.bytes(reader.uint8()), scale, 0));
    }
    case 0x2b: {
      const scale = reader.uint8();
      return typed('datetime2', newDate(reader.bytes(reader.uint8()), scale, 2));
    }
    case 0xe7:
    case 0xef: {
      const size = reader.uint16();
      reader.bytes(5);
      return typed('nvarchar', readVariable(reader, size)?.toString('utf16le') ?? null);
    }
    case 0xa7:
    case 0xaf: {
      const size = reader.uint16();
      reader.bytes(5);
      return typed('nvarchar', readVariable(reader, size)?.toString('latin1') ?? null);
    }
    case 0xa5:
    case 0xad: {
      const size = reader.uint16();
      return typed('varbinary', readVariable(reader, size));
    }
    case 0x63:
    case 0x23: {
      reader.uint32();
      reader.bytes(5);
      const length = reader.int32();
      return typed('nvarchar', length < 0 ? null : reader.bytes(length).toString(type === 0x63 ? 'utf16le' : 'latin1'));
    }
    default:
      throw new Error(`parameter @${name} has the type 0x${type.toString(16)}, which is not modelled`);
  }
}

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

/** `date`, `datetime2` and `datetimeoffset`; as text with seven decimals when it is finer than a Date. */
function newDate(bytes: Buffer, scale: number, zoneBytes: number): TdsValue {
  if (bytes.length === 0) return null;
  const timeLength = bytes.length - 3 - zoneBytes;
  const ticks = ticksOf(bytes.subarray(0, timeLength), scale);
  const days = bytes.readUIntLE(timeLength, 3) - DAYS_TO_1970;
  const date = new Date(days * DAY + Number(ticks / 10_000n));
  const rest = ticks % 10_000n;
  return rest === 0n ? date : date.toISOString().replace('T', ' ').replace('Z', rest.toString().padStart(4, '0'));
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
  return Number(bytes[0] === 0 ? -digits : digits) / 10 ** scale;
}

function money(bytes: Buffer): TdsValue {
  if (bytes.length === 0) return null;
  if (bytes.length === 4) return bytes.readInt32LE() / 10_000;
  return Number((BigInt(bytes.readInt32LE(0)) << 32n) | BigInt(bytes.readUInt32LE(4))) / 10_000;
}
