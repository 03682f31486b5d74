import type { Bound } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import { parseDecimal } from '../values/decimal.ts';
import { decimal, FLOAT, typeOf } from '../values/sql-type.ts';
import { constant } from './bound.ts';

/** A whole number too large for int is a decimal; one with a point is a decimal; one with an exponent is a float. */
export function numberLiteral(text: string): Bound {
  if (/e/i.test(text)) return constant(FLOAT, Number(text));
  const digits = text.replace('.', '').replace(/^0+(?=\d)/, '').length;
  if (!text.includes('.') && BigInt(text) <= 2_147_483_647n)
    return constant(typeOf('int', 0, Math.max(1, digits)), Number(text));
  const scale = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  if (Math.max(digits, scale) > 38)
    throw new ContentProblem(
      1007,
      `The number '${text}' is out of the range for numeric representation (maximum precision 38).`,
      15,
      'scope',
    );
  return constant(decimal(Math.max(1, digits, scale), scale), parseDecimal(text, scale) ?? 0n);
}

export function binaryLiteral(hex: string): Bound {
  const bytes = Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, 'hex');
  return constant(typeOf('varbinary', bytes.length > 8000 ? -1 : Math.max(1, bytes.length)), bytes);
}

/** Text of its own length; a long one is of the max type. */
export function textLiteral(value: string, isUnicode: boolean): Bound {
  return constant(typeOf(isUnicode ? 'nvarchar' : 'varchar', longEnough(value.length, isUnicode)), value);
}

function longEnough(length: number, isWide: boolean): number {
  return length > (isWide ? 4000 : 8000) ? -1 : Math.max(1, length);
}
