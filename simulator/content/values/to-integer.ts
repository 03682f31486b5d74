import { ContentProblem } from '../problem.ts';
import { divideRounding, power } from './decimal.ts';
import { DAY, DAY_1900 } from './instant.ts';
import { familyOf, nameOf, type SqlType } from './sql-type.ts';
import type { Value } from './value.ts';

const RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  bigint: [-(2n ** 63n), 2n ** 63n - 1n],
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  smallint: [-32_768n, 32_767n],
  tinyint: [0n, 255n],
};

/** Whole numbers and bits. */
export function toInteger(from: SqlType, to: SqlType): (value: NonNullable<Value>) => Value {
  if (to.name === 'bit') return toBit(from);
  switch (familyOf(from)) {
    case 'integer':
      return to.name === 'bigint' && from.name !== 'bigint'
        ? (value) => BigInt(value as number)
        : (value) => inRange(BigInt(value as number | bigint), from, to);
    case 'decimal':
      return (value) => inRange((value as bigint) / power(from.scale), from, to);
    case 'money':
      return (value) => inRange(divideRounding(value as bigint, 10_000n), from, to);
    case 'float':
      return (value) => fromFloat(value as number, from, to);
    case 'text':
      return (value) => fromText(value as string, from, to);
    case 'binary':
      return (value) => fromBytes(value as Uint8Array, to);
    default:
      return (value) => inRange(divideRounding((value as bigint) - DAY_1900, DAY), from, to);
  }
}

/** A number of this integer type, or its overflow. */
export function inRange(value: bigint, from: SqlType, to: SqlType): Value {
  const [low, high] = RANGES[to.name] ?? [0n, 0n];
  if (value >= low && value <= high) return to.name === 'bigint' ? value : Number(value);
  if ((to.name === 'smallint' || to.name === 'tinyint') && familyOf(from) === 'integer' && from.name !== 'bigint')
    throw new ContentProblem(220, `Arithmetic overflow error for data type ${to.name}, value = ${value}.`);
  throw overflow('expression', to);
}

export function overflow(from: string, to: SqlType): ContentProblem {
  return new ContentProblem(8115, `Arithmetic overflow error converting ${from} to data type ${nameOf(to)}.`);
}

function fromFloat(value: number, from: SqlType, to: SqlType): Value {
  const [low, high] = RANGES[to.name] ?? [0n, 0n];
  const whole = BigInt(Math.trunc(value));
  if (whole < low || whole > high)
    throw new ContentProblem(232, `Arithmetic overflow error for type ${to.name}, value = ${value.toFixed(6)}.`);
  return inRange(whole, from, to);
}

function fromText(text: string, from: SqlType, to: SqlType): Value {
  const trimmed = text.trim();
  if (!/^[-+]?\d*$/.test(trimmed) || trimmed === '+' || trimmed === '-') {
    if (to.name === 'bigint') throw new ContentProblem(8114, `Error converting data type ${from.name} to bigint.`);
    throw new ContentProblem(
      245,
      `Conversion failed when converting the ${from.name} value '${text}' to data type ${to.name}.`,
    );
  }
  const value = BigInt(trimmed.replace(/^\+/, '') || '0');
  const [low, high] = RANGES[to.name] ?? [0n, 0n];
  if (value >= low && value <= high) return to.name === 'bigint' ? value : Number(value);
  if (to.name === 'int')
    throw new ContentProblem(248, `The conversion of the ${from.name} value '${text}' overflowed an int column.`);
  if (to.name === 'bigint')
    throw new ContentProblem(8115, 'Arithmetic overflow error converting expression to data type bigint.');
  const size = to.name === 'smallint' ? 'INT2' : 'INT1';
  throw new ContentProblem(
    244,
    `The conversion of the ${from.name} value '${text}' overflowed an ${size} column. Use a larger integer column.`,
  );
}

const BYTES: Readonly<Record<string, number>> = { bigint: 8, int: 4, smallint: 2, tinyint: 1 };

function fromBytes(bytes: Uint8Array, to: SqlType): Value {
  const size = BYTES[to.name] ?? 8;
  let value = 0n;
  for (const byte of bytes.slice(-size)) value = (value << 8n) | BigInt(byte);
  const signed = to.name === 'tinyint' ? value : BigInt.asIntN(size * 8, value);
  return to.name === 'bigint' ? signed : Number(signed);
}

function toBit(from: SqlType): (value: NonNullable<Value>) => Value {
  if (familyOf(from) === 'binary') return (value) => ((value as Uint8Array).some((byte) => byte !== 0) ? 1 : 0);
  if (familyOf(from) !== 'text') return (value) => (Number(value) === 0 ? 0 : 1);
  return (value) => {
    const text = (value as string).trim().toLowerCase();
    if (text === 'true') return 1;
    if (text === 'false' || text === '') return 0;
    if (/^[-+]?\d+$/.test(text)) return /[1-9]/.test(text) ? 1 : 0;
    throw new ContentProblem(
      245,
      `Conversion failed when converting the ${from.name} value '${String(value)}' to data type bit.`,
    );
  };
}
