import { ContentProblem, unknownSql } from '../problem.ts';
import { familyOf, nameOf, type SqlType } from './sql-type.ts';
import type { Value } from './value.ts';

const GUID = /^\s*\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/i;

/** `uniqueidentifier`, kept in upper case. */
export function toGuid(from: SqlType): (value: NonNullable<Value>) => Value {
  if (familyOf(from) === 'binary') return (value) => guidOfBytes(value as Uint8Array);
  if (familyOf(from) !== 'text') throw unknownSql(`a conversion from ${nameOf(from)} to uniqueidentifier`);
  return (value) => {
    const match = GUID.exec(value as string);
    if (match?.[1] === undefined)
      throw new ContentProblem(8169, 'Conversion failed when converting from a character string to uniqueidentifier.');
    return match[1].toUpperCase();
  };
}

/** The order in which the bytes of a GUID are kept: the first three groups are little endian. */
const ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

function guidOfBytes(bytes: Uint8Array): string {
  const all = Buffer.alloc(16);
  all.set(bytes.slice(0, 16));
  const hex = Buffer.from(ORDER.map((place) => all[place] ?? 0))
    .toString('hex')
    .toUpperCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function bytesOfGuid(guid: string): Uint8Array {
  const raw = Buffer.from(guid.replaceAll('-', ''), 'hex');
  return Buffer.from(ORDER.map((place) => raw[place] ?? 0));
}
