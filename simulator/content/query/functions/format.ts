import { unknownSql } from '../../problem.ts';
import { MONTH_NAMES } from '../../values/date-style.ts';
import { decimalText, parseDecimal } from '../../values/decimal.ts';
import { DAY, MINUTE, offsetText, pad, partsOf } from '../../values/instant.ts';
import { familyOf, INT, nvarchar, type SqlType } from '../../values/sql-type.ts';
import type { Value } from '../../values/value.ts';
import { type Define, strict } from '../function-contract.ts';

/** FORMAT with the patterns that scripts use, in en-US; others are refused by name. */
export const FORMAT: Define = strict(2, 3, ([of]) => ({
  type: nvarchar(4000),
  wants: [undefined, nvarchar(4000), nvarchar(10)],
  body([value, pattern, culture]) {
    if (culture !== undefined && !/^en(-us)?$/i.test(String(culture))) throw unknownSql(`FORMAT in ${String(culture)}`);
    const type = of?.type ?? INT;
    return familyOf(type) === 'date'
      ? formatDate(value ?? null, type, String(pattern))
      : formatNumber(value ?? null, type, String(pattern));
  },
}));

const STANDARD: Readonly<Record<string, string>> = {
  d: 'M/d/yyyy',
  D: 'dddd, MMMM d, yyyy',
  t: 'h:mm tt',
  T: 'h:mm:ss tt',
  s: "yyyy-MM-dd'T'HH:mm:ss",
  u: "yyyy-MM-dd HH:mm:ss'Z'",
};

function formatDate(value: Value, type: SqlType, pattern: string): string {
  const isOffset = typeof value === 'object' && value !== null && 'utc' in value;
  const local = isOffset ? value.utc + BigInt(value.offset) * MINUTE : (value as bigint);
  const parts = partsOf(local);
  const weekday = Number((local / DAY + 1n) % 7n);
  const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  const fraction = pad(parts.fraction, 7);
  const half = parts.hour % 12 || 12;
  const words: Readonly<Record<string, string>> = {
    yyyy: pad(parts.year, 4),
    yy: pad(parts.year % 100),
    MMMM: MONTH_NAMES[parts.month - 1] ?? '',
    MMM: (MONTH_NAMES[parts.month - 1] ?? '').slice(0, 3),
    MM: pad(parts.month),
    M: String(parts.month),
    dddd: weekdays[weekday] ?? '',
    ddd: (weekdays[weekday] ?? '').slice(0, 3),
    dd: pad(parts.day),
    d: String(parts.day),
    HH: pad(parts.hour),
    H: String(parts.hour),
    hh: pad(half),
    h: String(half),
    mm: pad(parts.minute),
    m: String(parts.minute),
    ss: pad(parts.second),
    s: String(parts.second),
    tt: parts.hour < 12 ? 'AM' : 'PM',
    t: parts.hour < 12 ? 'A' : 'P',
    zzz: isOffset ? offsetText(value.offset) : '+00:00',
  };
  if (type.name === 'time' && !/^[hms:f.\\c]+$/i.test(pattern)) throw unknownSql(`FORMAT(time, '${pattern}')`);
  return (STANDARD[pattern] ?? pattern).replace(
    /'([^']*)'|\\(.)|(y{2,4}|M{1,4}|d{1,4}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|f{1,7}|t{1,2}|zzz)/g,
    (all, quoted?: string, escaped?: string, word?: string) => {
      if (word === undefined) return quoted ?? escaped ?? all;
      if (word.startsWith('f')) return fraction.slice(0, word.length);
      return words[word] ?? all;
    },
  );
}

function formatNumber(value: Value, type: SqlType, pattern: string): string {
  const exact = typeof value === 'bigint' ? decimalText(value, type.scale) : String(value);
  const standard = /^([NFCPDXG])(\d*)$/i.exec(pattern);
  if (standard !== null) return standardNumber(exact, (standard[1] ?? '').toUpperCase(), standard[2] ?? '', pattern);
  const custom = /^([^#0.,]*)([#0,]*)(?:\.([#0]+))?([^#0.,]*)$/.exec(pattern);
  if (custom === null) throw unknownSql(`FORMAT(…, '${pattern}')`);
  const [, before = '', whole = '', fraction = '', after = ''] = custom;
  const digits = parseDecimal(exact, fraction.length) ?? 0n;
  const [left = '', right = ''] = decimalText(digits < 0n ? -digits : digits, fraction.length).split('.');
  const least = whole.replace(/[^0]/g, '').length;
  const padded = (left === '0' && least === 0 ? '' : left).padStart(least, '0');
  const kept = fraction.replace(/#+$/, '').length;
  const shown = right.slice(0, kept) + right.slice(kept).replace(/0+$/, '');
  const grouped = whole.includes(',') ? grouping(padded) : padded;
  return `${digits < 0n ? '-' : ''}${before}${grouped}${shown === '' ? '' : `.${shown}`}${after}`;
}

function standardNumber(exact: string, letter: string, places: string, pattern: string): string {
  const count = places === '' ? 2 : Number(places);
  const fixed = (text: string) => decimalText(parseDecimal(text, count) ?? 0n, count);
  const split = (text: string) =>
    text.replace(/^(-?)(\d+)/, (_, sign: string, whole: string) => sign + grouping(whole));
  switch (letter) {
    case 'N':
      return split(fixed(exact));
    case 'F':
      return fixed(exact);
    case 'C': {
      const text = split(fixed(exact));
      return text.startsWith('-') ? `-$${text.slice(1)}` : `$${text}`;
    }
    case 'P':
      return `${split(decimalText(parseDecimal(`${exact}e2`, count) ?? 0n, count))}%`;
    case 'D':
      return exact.replace(
        /^(-?)(\d+)$/,
        (_, sign: string, digits: string) => sign + digits.padStart(Number(places || 1), '0'),
      );
    case 'X':
      return BigInt(exact)
        .toString(16)
        .toUpperCase()
        .padStart(Number(places || 1), '0');
    default:
      throw unknownSql(`FORMAT(…, '${pattern}')`);
  }
}

function grouping(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
