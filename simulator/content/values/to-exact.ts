import { ContentProblem, unknownSql } from '../problem.ts';
import { fits, parseDecimal, power, rescale } from './decimal.ts';
import { DAY, DAY_1900 } from './instant.ts';
import { familyOf, nameOf, type SqlType } from './sql-type.ts';
import { overflow } from './to-integer.ts';
import type { Value } from './value.ts';

/** `decimal` and `money`: exact, rounded half away from zero. */
export function toExact(from: SqlType, to: SqlType): (value: NonNullable<Value>) => Value {
  const check = (digits: bigint, source = nameOf(from)) => inPrecision(digits, to, source);
  switch (familyOf(from)) {
    case 'integer':
      return (value) => check(BigInt(value as number | bigint) * power(to.scale));
    case 'decimal':
    case 'money':
      return (value) => check(rescale(value as bigint, from.scale, to.scale));
    case 'float':
      return (value) => {
        const digits = parseDecimal(String(value), to.scale);
        if (digits === undefined) throw overflow(nameOf(from), to);
        return check(digits);
      };
    case 'text':
      return familyOf(to) === 'money'
        ? (value) => moneyOf(value as string, to)
        : (value) => decimalOf(value as string, from, to);
    case 'date':
      return (value) => check((((value as bigint) - DAY_1900) * power(to.scale)) / DAY);
    default:
      throw unknownSql(`a conversion from ${nameOf(from)} to ${nameOf(to)}`);
  }
}

const MONEY_LIMITS: Readonly<Record<string, bigint>> = { money: 2n ** 63n, smallmoney: 2n ** 31n };

function inPrecision(digits: bigint, to: SqlType, source: string): bigint {
  const limit = MONEY_LIMITS[to.name];
  const isInside = limit === undefined ? fits(digits, to.precision) : digits < limit && digits >= -limit;
  if (!isInside) throw overflow(source, to);
  return digits;
}

function decimalOf(text: string, from: SqlType, to: SqlType): Value {
  const digits = /e/i.test(text) ? undefined : parseDecimal(text, to.scale);
  if (digits === undefined) throw new ContentProblem(8114, `Error converting data type ${from.name} to ${nameOf(to)}.`);
  return inPrecision(digits, to, from.name);
}

function moneyOf(text: string, to: SqlType): Value {
  const plain = text
    .trim()
    .replace(/^([-+]?)[$€£¥]/, '$1')
    .replaceAll(',', '');
  const digits = plain === '' ? 0n : /e/i.test(plain) ? undefined : parseDecimal(plain, 4);
  if (digits === undefined)
    throw new ContentProblem(235, 'Cannot convert a char value to money. The char value has incorrect syntax.');
  return inPrecision(digits, to, 'expression');
}
