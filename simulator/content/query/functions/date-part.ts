import { ContentProblem, unknownSql } from '../../problem.ts';
import { DAY, dayOf, HOUR, MINUTE, partsOf, SECOND } from '../../values/instant.ts';

/** Date parts by each of their names. */
export const PARTS: Readonly<Record<string, string>> = {
  year: 'year',
  yy: 'year',
  yyyy: 'year',
  quarter: 'quarter',
  qq: 'quarter',
  q: 'quarter',
  month: 'month',
  mm: 'month',
  m: 'month',
  dayofyear: 'dayofyear',
  dy: 'dayofyear',
  y: 'dayofyear',
  day: 'day',
  dd: 'day',
  d: 'day',
  week: 'week',
  wk: 'week',
  ww: 'week',
  weekday: 'weekday',
  dw: 'weekday',
  hour: 'hour',
  hh: 'hour',
  minute: 'minute',
  mi: 'minute',
  n: 'minute',
  second: 'second',
  ss: 'second',
  s: 'second',
  millisecond: 'millisecond',
  ms: 'millisecond',
  microsecond: 'microsecond',
  mcs: 'microsecond',
  nanosecond: 'nanosecond',
  ns: 'nanosecond',
  iso_week: 'iso_week',
  isowk: 'iso_week',
  isoww: 'iso_week',
};

/** The parts that have one length. */
const LENGTHS: Readonly<Record<string, bigint>> = {
  day: DAY,
  dayofyear: DAY,
  weekday: DAY,
  week: 7n * DAY,
  hour: HOUR,
  minute: MINUTE,
  second: SECOND,
  millisecond: 10_000n,
  microsecond: 10n,
};
/** Those that are months. */
const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

export function added(part: string, count: bigint, at: bigint): bigint {
  if (part === 'nanosecond') return at + count / 100n;
  const length = LENGTHS[part];
  const result = length !== undefined ? at + count * length : addMonths(at, Number(count) * (MONTHS[part] ?? 1));
  if (result === undefined || result < 0n || result >= 3_652_059n * DAY)
    throw new ContentProblem(517, "Adding a value to a 'datetime' column caused an overflow.");
  return result;
}

/** The last day of a shorter month stands for those that it has not. */
export function addMonths(at: bigint, count: number): bigint | undefined {
  const { year, month, day } = partsOf(at);
  const total = year * 12 + month - 1 + count;
  const [newYear, newMonth] = [Math.floor(total / 12), (total % 12) + 1];
  for (let last = day; last > 27; last -= 1) {
    const found = dayOf(newYear, newMonth, last);
    if (found !== undefined) return found + (at % DAY);
  }
  const found = dayOf(newYear, newMonth, day);
  return found === undefined ? undefined : found + (at % DAY);
}

/** How many boundaries of the part lie between; weeks begin on Sunday. */
export function boundaries(part: string, from: bigint, to: bigint): bigint {
  if (part === 'nanosecond') return (to - from) * 100n;
  if (part === 'week' || part === 'iso_week') return (to / DAY + 1n) / 7n - (from / DAY + 1n) / 7n;
  const length = LENGTHS[part];
  if (length !== undefined) return to / length - from / length;
  const months = MONTHS[part] ?? 1;
  const index = (at: bigint) => Math.floor((partsOf(at).year * 12 + partsOf(at).month - 1) / months);
  return BigInt(index(to) - index(from));
}

export function partNumber(part: string, at: bigint): number {
  const parts = partsOf(at);
  const dayOfYear = () => Number(at / DAY - (dayOf(parts.year, 1, 1) ?? 0n) / DAY) + 1;
  switch (part) {
    case 'quarter':
      return Math.ceil(parts.month / 3);
    case 'dayofyear':
      return dayOfYear();
    case 'weekday':
      return Number((at / DAY + 1n) % 7n) + 1;
    case 'week': {
      const first = Number(((dayOf(parts.year, 1, 1) ?? 0n) / DAY + 1n) % 7n);
      return Math.floor((dayOfYear() - 1 + first) / 7) + 1;
    }
    case 'iso_week': {
      const thursday = at / DAY - ((at / DAY) % 7n) + 3n;
      const year = partsOf(thursday * DAY).year;
      return Number((thursday - (dayOf(year, 1, 1) ?? 0n) / DAY) / 7n) + 1;
    }
    case 'millisecond':
      return Math.floor(parts.fraction / 10_000);
    case 'microsecond':
      return Math.floor(parts.fraction / 10);
    case 'nanosecond':
      return parts.fraction * 100;
    default:
      return (parts as unknown as Record<string, number>)[part] ?? 0;
  }
}

export function truncated(part: string, at: bigint): bigint {
  const { year, month } = partsOf(at);
  if (part === 'year') return dayOf(year, 1, 1) ?? at;
  if (part === 'quarter') return dayOf(year, month - ((month - 1) % 3), 1) ?? at;
  if (part === 'month') return dayOf(year, month, 1) ?? at;
  const length = LENGTHS[part];
  if (length === undefined || part === 'week') throw unknownSql(`DATETRUNC(${part})`);
  return (at / length) * length;
}
