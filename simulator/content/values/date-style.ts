import { ContentProblem } from '../problem.ts';
import { dateText, MINUTE, offsetText, type Parts, pad, partsOf, roundTo, timeText } from './instant.ts';
import type { SqlType } from './sql-type.ts';
import type { OffsetInstant, Value } from './value.ts';

export const MONTH_NAMES = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Writes values of a date type, in a style of CONVERT. 281 for a style that it does not have. */
export function writeDate(type: SqlType, style: number | undefined): (value: NonNullable<Value>) => string {
  const isClassic = type.name === 'datetime' || type.name === 'smalldatetime';
  const wanted = style ?? (isClassic ? 0 : 121);
  if (type.name === 'datetimeoffset')
    return (value) => {
      const { utc, offset } = value as OffsetInstant;
      const local = utc + BigInt(offset) * MINUTE;
      const zone = wanted === 126 ? offsetText(offset) : wanted === 127 ? 'Z' : ` ${offsetText(offset)}`;
      return write(wanted === 127 ? utc : local, type, wanted) + zone;
    };
  // 1/300 s are shown as the millisecond that is nearest.
  if (type.name === 'datetime') return (value) => write(roundTo(value as bigint, 3), type, wanted);
  return (value) => write(value as bigint, type, wanted);
}

/** What `styles` have before their time, if they have one. */
function write(ticks: bigint, type: SqlType, style: number): string {
  const hasDate = type.name !== 'time';
  const hasTime = type.name !== 'date';
  const day = hasDate ? dayIn(partsOf(ticks), ticks, style) : '';
  const time = hasTime ? timeIn(ticks, type, style) : '';
  if (day === undefined && time === undefined)
    throw new ContentProblem(
      281,
      `${style} is not a valid style number when converting from ${type.name} to a character string.`,
    );
  const between = style === 126 || style === 127 ? 'T' : ' ';
  return [day ?? '', time ?? ''].filter((part) => part !== '').join(between);
}

/** The day; `undefined` for styles of a time alone. */
function dayIn(parts: Parts, ticks: bigint, style: number): string | undefined {
  const { year, month, day } = parts;
  const [y, m, d] = [pad(year, 4), pad(month), pad(day)];
  const short = (MONTH_NAMES[month - 1] ?? '').slice(0, 3);
  switch (style) {
    case 0:
    case 100:
    case 9:
    case 109:
      return `${short} ${String(day).padStart(2)} ${y}`;
    case 1:
      return `${m}/${d}/${y.slice(2)}`;
    case 101:
      return `${m}/${d}/${y}`;
    case 2:
      return `${y.slice(2)}.${m}.${d}`;
    case 102:
      return `${y}.${m}.${d}`;
    case 3:
      return `${d}/${m}/${y.slice(2)}`;
    case 103:
      return `${d}/${m}/${y}`;
    case 4:
      return `${d}.${m}.${y.slice(2)}`;
    case 104:
      return `${d}.${m}.${y}`;
    case 105:
      return `${d}-${m}-${y}`;
    case 106:
      return `${d} ${short} ${y}`;
    case 107:
      return `${short} ${d}, ${y}`;
    case 110:
      return `${m}-${d}-${y}`;
    case 111:
      return `${y}/${m}/${d}`;
    case 12:
      return `${y.slice(2)}${m}${d}`;
    case 112:
      return `${y}${m}${d}`;
    case 113:
    case 13:
      return `${d} ${short} ${y}`;
    case 20:
    case 21:
    case 25:
    case 23:
    case 120:
    case 121:
    case 126:
    case 127:
      return dateText(ticks);
    default:
      return undefined;
  }
}

/** The time; empty for styles of a day alone, `undefined` for those that do not exist. */
function timeIn(ticks: bigint, type: SqlType, style: number): string | undefined {
  const decimals = type.name === 'smalldatetime' ? 0 : type.scale;
  const { hour, minute } = partsOf(ticks);
  const half = `${String(hour % 12 || 12).padStart(2)}:${pad(minute)}`;
  switch (style) {
    case 0:
    case 100:
      return `${half}${hour < 12 ? 'AM' : 'PM'}`;
    case 9:
    case 109:
      return `${String(hour % 12 || 12).padStart(2)}:${timeText(ticks, decimals).slice(3)}${hour < 12 ? 'AM' : 'PM'}`;
    case 8:
    case 108:
    case 20:
    case 120:
    case 24:
      return timeText(ticks, 0);
    case 13:
    case 113:
    case 14:
    case 114:
    case 21:
    case 25:
    case 121:
      return timeText(ticks, type.name === 'smalldatetime' ? 3 : decimals);
    case 126:
    case 127:
      // The classic types leave a fraction of zero away.
      return type.name === 'datetime' && ticks % 10_000_000n === 0n ? timeText(ticks, 0) : timeText(ticks, decimals);
    default:
      return style < 115 || style === 23 ? '' : undefined;
  }
}
