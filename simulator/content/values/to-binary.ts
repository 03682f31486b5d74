import { ContentProblem, unknownSql } from '../problem.ts';
import { encodeText } from './code-page.ts';
import type { How } from './how.ts';
import { familyOf, isFixed, nameOf, type SqlType } from './sql-type.ts';
import { bytesOfGuid } from './to-guid.ts';
import type { Value } from './value.ts';

/** Bytes: numbers lose theirs on the left, everything else on the right. */
export function toBinary(from: SqlType, to: SqlType, how: How): (value: NonNullable<Value>) => Value {
  const isNumber = familyOf(from) === 'integer';
  return (value) => fitted(bytesOf(value, from, how), to, isNumber, how);
}

const SIZES: Readonly<Record<string, number>> = { bigint: 8, int: 4, smallint: 2, tinyint: 1, bit: 1 };

function bytesOf(value: NonNullable<Value>, from: SqlType, how: How): Uint8Array {
  switch (familyOf(from)) {
    case 'binary':
      return value as Uint8Array;
    case 'integer': {
      const size = SIZES[from.name] ?? 4;
      const hex = BigInt.asUintN(size * 8, BigInt(value as number | bigint)).toString(16);
      return Buffer.from(hex.padStart(size * 2, '0'), 'hex');
    }
    case 'guid':
      return bytesOfGuid(value as string);
    case 'text':
      return (how.style ?? 0) === 0 ? encodeText(value as string, from) : fromHex(value as string, how.style ?? 0);
    case 'float': {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(value as number);
      return bytes;
    }
    default:
      throw unknownSql(`a conversion from ${nameOf(from)} to binary`);
  }
}

/** Style 1 reads `0xAB`, style 2 `AB`. */
function fromHex(text: string, style: number): Uint8Array {
  const hex = style === 1 ? /^0x((?:[0-9a-f]{2})*)$/i.exec(text)?.[1] : /^((?:[0-9a-f]{2})*)$/i.exec(text)?.[1];
  if (hex === undefined) throw new ContentProblem(8114, 'Error converting data type varchar to varbinary.');
  return Buffer.from(hex, 'hex');
}

function fitted(bytes: Uint8Array, to: SqlType, isNumber: boolean, how: How): Uint8Array {
  if (to.length < 0) return bytes;
  let result = bytes;
  if (bytes.length > to.length) {
    if (how.tooLong !== undefined && !isNumber) throw how.tooLong(bytes);
    result = isNumber ? bytes.slice(bytes.length - to.length) : bytes.slice(0, to.length);
  }
  if (!isFixed(to) || result.length === to.length) return result;
  const padded = Buffer.alloc(to.length);
  padded.set(result, isNumber ? to.length - result.length : 0);
  return padded;
}
