import { decimal, familyOf, type SqlType } from './sql-type.ts';

const POWERS: readonly bigint[] = Array.from({ length: 80 }, (_, digits) => 10n ** BigInt(digits));

export function power(digits: number): bigint {
  return POWERS[digits] ?? 10n ** BigInt(digits);
}

/** Another scale, rounded half away from zero. */
export function rescale(digits: bigint, from: number, to: number): bigint {
  if (from === to) return digits;
  return to > from ? digits * power(to - from) : divideRounding(digits, power(from - to));
}

/** The quotient, rounded half away from zero. */
export function divideRounding(left: bigint, right: bigint): bigint {
  const quotient = left / right;
  const rest = left - quotient * right;
  const isUp = abs(rest) * 2n >= abs(right);
  return isUp ? quotient + (left < 0n === right < 0n ? 1n : -1n) : quotient;
}

export function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** `-12.50`. */
export function decimalText(digits: bigint, scale: number): string {
  if (scale === 0) return String(digits);
  const text = String(abs(digits)).padStart(scale + 1, '0');
  return `${digits < 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** Reads `-12.5` or `1.5e3` into digits of a scale, rounded; `undefined` when it is no number. */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  const match = /^\s*([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?\s*$/i.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const shift = Number(exponent);
  if (Math.abs(shift) > 400) return undefined;
  const from = fraction.length - shift;
  const digits = BigInt(`${whole}${fraction}`);
  const scaled = from <= scale ? digits * power(scale - from) : divideRounding(digits, power(from - scale));
  return sign === '-' ? -scaled : scaled;
}

/** Whether the digits fit a precision. */
export function fits(digits: bigint, precision: number): boolean {
  return abs(digits) < power(precision);
}

/** The decimal type that an exact number takes part in arithmetic as. */
export function asDecimalType(type: SqlType): SqlType {
  return familyOf(type) === 'integer' ? decimal(type.precision, 0) : decimal(type.precision, type.scale);
}

/** The result type of an operator. Source: https://learn.microsoft.com/sql/t-sql/data-types/precision-scale-and-length-transact-sql */
export function decimalResult(operator: string, left: SqlType, right: SqlType): SqlType {
  const [p1, s1, p2, s2] = [left.precision, left.scale, right.precision, right.scale];
  switch (operator) {
    case '*':
      return limited(p1 + p2 + 1, s1 + s2, true);
    case '/': {
      const scale = Math.max(6, s1 + p2 + 1);
      return limited(p1 - s1 + s2 + scale, scale, true);
    }
    case '%': {
      const scale = Math.max(s1, s2);
      return limited(Math.min(p1 - s1, p2 - s2) + scale, scale, false);
    }
    default: {
      const scale = Math.max(s1, s2);
      return limited(Math.max(p1 - s1, p2 - s2) + 1 + scale, scale, false);
    }
  }
}

/** No more than 38 digits; the fraction gives way first, multiplication and division keep six of it. */
function limited(precision: number, scale: number, isProduct: boolean): SqlType {
  if (precision <= 38) return decimal(precision, scale);
  const whole = precision - scale;
  if (!isProduct) return decimal(38, Math.max(0, Math.min(scale, 38 - Math.min(whole, 38))));
  return decimal(38, whole < 32 ? Math.min(scale, 38 - whole) : Math.min(scale, 6));
}

/** The type that holds values of both, for UNION, CASE, COALESCE and comparison. */
export function commonDecimal(left: SqlType, right: SqlType): SqlType {
  const scale = Math.max(left.scale, right.scale);
  const whole = Math.max(left.precision - left.scale, right.precision - right.scale);
  return decimal(Math.min(38, whole + scale), Math.min(scale, 38 - Math.min(38, whole)));
}
