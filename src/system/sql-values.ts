import type { Request } from 'tedious';
import type { SqlValue } from '../ports.ts';

export type Tedious = typeof import('tedious');

/** Adds a parameter with the type that fits the value. */
export function bind(driver: Tedious, request: Request, name: string, value: SqlValue): void {
  request.addParameter(name, typeFor(driver, value), typeof value === 'bigint' ? String(value) : value);
}

function typeFor({ TYPES }: Tedious, value: SqlValue) {
  switch (typeof value) {
    case 'boolean':
      return TYPES.Bit;
    case 'bigint':
      return TYPES.BigInt;
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? TYPES.Int : TYPES.Float;
    case 'string':
      return TYPES.NVarChar;
    default:
      return value === null ? TYPES.NVarChar : TYPES.DateTime2;
  }
}

/** What the driver read, as a {@link SqlValue}: binary as hexadecimal text. */
export function readValue(value: unknown): SqlValue {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value;
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value;
    default:
      return JSON.stringify(value);
  }
}
