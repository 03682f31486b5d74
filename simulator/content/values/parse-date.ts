import { DAY_1900, dayOf, HOUR, MINUTE, SECOND } from './instant.ts';

export interface Written {
  /** Midnight; 1900-01-01 when only a time was written. */
  readonly day: bigint;
  /** Since midnight. */
  readonly time: bigint;
  readonly offset: number | undefined;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const TIME =
  /(?:^|[T\s])(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.:](\d{1,9}))?)?)?\s*([ap]m)?\s*(Z|[-+]\d{1,2}:\d\d)?$/i;

/**
 * Reads a date, a time, or both, as us_english with DATEFORMAT mdy does. `undefined`: it is none (241);
 * `out of range`: the shape is right and the day does not exist (242 for datetime).
 */
export function parseDate(text: string): Written | 'out of range' | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return { day: DAY_1900, time: 0n, offset: undefined };
  const { rest, time, offset } = splitTime(trimmed);
  if (time === undefined) return undefined;
  if (time === 'out of range') return time;
  if (rest === '') return { day: DAY_1900, time, offset };
  const day = parseDay(rest);
  return typeof day === 'bigint' ? { day, time, offset } : day;
}

interface Split {
  readonly rest: string;
  readonly time: bigint | 'out of range' | undefined;
  readonly offset: number | undefined;
}

function splitTime(text: string): Split {
  const match = TIME.exec(text);
  const [, hours = '', minutes, seconds = '0', fraction = '', half, zone] = match ?? [];
  // A bare number is a day, unless AM or PM follows.
  if (match === null || (minutes === undefined && half === undefined)) {
    const zoned = /^(.*\d)\s*(Z|[-+]\d\d:\d\d)$/i.exec(text);
    if (zoned?.[1] !== undefined && /\d{4}-\d\d-\d\d$/.test(zoned[1]))
      return { rest: zoned[1], time: 0n, offset: parseOffset(zoned[2]) };
    return { rest: text, time: 0n, offset: undefined };
  }
  const rest = text.slice(0, match.index).trim();
  let hour = Number(hours);
  if (half !== undefined && (hour > 12 || hour === 0)) return { rest, time: undefined, offset: undefined };
  if (half !== undefined) hour = (hour % 12) + (/p/i.test(half) ? 12 : 0);
  const isWrong = hour > 23 || Number(minutes ?? 0) > 59 || Number(seconds) > 59;
  if (isWrong) return { rest, time: rest === '' ? undefined : 'out of range', offset: undefined };
  const ticks = BigInt(fraction.padEnd(7, '0').slice(0, 7)) + (Number(fraction[7] ?? 0) >= 5 ? 1n : 0n);
  const time = BigInt(hour) * HOUR + BigInt(minutes ?? 0) * MINUTE + BigInt(seconds) * SECOND + ticks;
  return { rest, time, offset: parseOffset(zone) };
}

function parseOffset(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  if (/^z$/i.test(zone)) return 0;
  const [hours = '0', minutes = '0'] = zone.slice(1).split(':');
  return (zone.startsWith('-') ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function parseDay(text: string): bigint | 'out of range' | undefined {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})T?$/.exec(text);
  if (iso !== null) return day(iso[1], iso[2], iso[3]);
  const bare = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? undefined;
  if (bare !== undefined) return day(bare[1], bare[2], bare[3]);
  const short = /^(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (short !== null) return day(short[1], short[2], short[3]);
  const american = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d\d)$/.exec(text);
  if (american !== null) return day(american[3], american[1], american[2]);
  if (/^\d{4}$/.test(text)) return day(text, '1', '1');
  const named = /^([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4}|\d\d)$/i.exec(text);
  if (named !== null) return day(named[3], monthNumber(named[1]), named[2]);
  const reversed = /^(\d{1,2})[\s-]([a-z]{3,9})[\s,-]+(\d{4}|\d\d)$/i.exec(text);
  return reversed === null ? undefined : day(reversed[3], monthNumber(reversed[2]), reversed[1]);
}

function monthNumber(name = ''): string {
  return String(MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1);
}

/** Two digits of a year below 50 are of this century. */
function day(year = '', month = '', inMonth = ''): bigint | 'out of range' {
  const full = year.length <= 2 ? Number(year) + (Number(year) < 50 ? 2000 : 1900) : Number(year);
  return dayOf(full, Number(month), Number(inMonth)) ?? 'out of range';
}
