import { ContentProblem, unknownSql } from '../problem.ts';
import { decodeText, toCodePage } from './code-page.ts';
import { writeDate } from './date-style.ts';
import { decimalText, rescale } from './decimal.ts';
import type { How } from './how.ts';
import { familyOf, isFixed, isUnicode, nameOf, type SqlType } from './sql-type.ts';
import { withoutTrailing } from './text.ts';
import type { Value } from './value.ts';

/** Text of any value, cut or padded to its length. */
export function toText(from: SqlType, to: SqlType, how: How): (value: NonNullable<Value>) => Value {
  const family = familyOf(from);
  if (family === 'text') {
    const loses = isUnicode(from) && !isUnicode(to);
    return (value) => fitted(loses ? toCodePage(value as string) : (value as string), to, how);
  }
  if (family === 'binary') return (value) => fitted(binaryText(value as Uint8Array, to, how.style ?? 0), to, how);
  const write = writer(from, how.style ?? 0);
  return (value) => {
    const text = write(value);
    if (to.length >= 0 && text.length > to.length) return notFitting(text, from, to);
    return fitted(text, to, how);
  };
}

function writer(from: SqlType, style: number): (value: NonNullable<Value>) => string {
  switch (familyOf(from)) {
    case 'integer':
    case 'guid':
      return String;
    case 'decimal':
      return (value) => decimalText(value as bigint, from.scale);
    case 'money':
      return (value) => moneyText(value as bigint, style);
    case 'float':
      return (value) => floatText(value as number, style);
    case 'date':
      return writeDate(from, style === 0 ? undefined : style);
    default:
      throw unknownSql(`a conversion from ${nameOf(from)} to text`);
  }
}

function binaryText(bytes: Uint8Array, to: SqlType, style: number): string {
  if (style === 0) return decodeText(bytes, to);
  const hex = Buffer.from(bytes).toString('hex').toUpperCase();
  return style === 1 ? `0x${hex}` : hex;
}

/** Two decimals; style 1 groups thousands, style 2 keeps all four. */
function moneyText(value: bigint, style: number): string {
  if (style === 2) return decimalText(value, 4);
  const text = decimalText(rescale(value, 4, 2), 2);
  return style === 1 ? text.replace(/\B(?=(\d{3})+\.)/g, ',') : text;
}

/** Six digits, as C's %g with three digits of exponent; style 1 gives 8, style 2 gives 16, style 3 gives 17. */
function floatText(value: number, style: number): string {
  if (style === 1 || style === 2 || style === 3) {
    return value
      .toExponential([7, 15, 16][style - 1])
      .replace(/e([-+])(\d+)$/, (_, sign: string, digits: string) => `e${sign}${digits.padStart(3, '0')}`);
  }
  if (value === 0) return '0';
  const [mantissa = '', exponent = '0'] = value.toExponential(5).split('e');
  const size = Number(exponent);
  const bare = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (size < -5 || size >= 6) {
    return `${bare(mantissa)}e${size < 0 ? '-' : '+'}${String(Math.abs(size)).padStart(3, '0')}`;
  }
  return bare(value.toFixed(Math.max(0, 5 - size)));
}

function notFitting(text: string, from: SqlType, to: SqlType): string {
  const isSmallInteger = familyOf(from) === 'integer' && from.name !== 'bigint';
  if (isSmallInteger && !isUnicode(to)) return fitted('*', to, { isExplicit: true });
  if (familyOf(from) === 'date') return fitted(text, to, { isExplicit: true });
  if (familyOf(from) === 'guid')
    throw new ContentProblem(8170, 'Insufficient result space to convert uniqueidentifier value to char.');
  const source = familyOf(from) === 'decimal' ? 'numeric' : 'expression';
  throw new ContentProblem(8115, `Arithmetic overflow error converting ${source} to data type ${to.name}.`);
}

/** Cut or padded; trailing blanks may always be lost. */
function fitted(text: string, to: SqlType, how: How): string {
  if (to.length < 0) return text;
  if (text.length > to.length) {
    if (how.tooLong !== undefined && withoutTrailing(text).length > to.length) throw how.tooLong(text);
    return text.slice(0, to.length);
  }
  return isFixed(to) ? text.padEnd(to.length) : text;
}
