import { ContentProblem, unknownSql } from '../problem.ts';
import type { How } from './how.ts';
import { DAY, DAY_1900, dayOf, LAST, MINUTE, roundTo, toDatetime, toSmallDatetime } from './instant.ts';
import { parseDate, type Written } from './parse-date.ts';
import { familyOf, nameOf, type SqlType } from './sql-type.ts';
import type { OffsetInstant, Value } from './value.ts';

/** The six types of dates and times. */
export function toDate(from: SqlType, to: SqlType, how: How): (value: NonNullable<Value>) => Value {
  const finish = finisher(to, from);
  switch (familyOf(from)) {
    case 'text':
      return (value) => {
        const { day, time, offset } = written(value as string, from, to, how.style);
        return finish(day + time, offset ?? 0);
      };
    case 'date':
      if (from.name === 'datetimeoffset')
        return (value) => {
          const { utc, offset } = value as OffsetInstant;
          return finish(utc + BigInt(offset) * MINUTE, offset);
        };
      return (value) => finish(from.name === 'time' ? DAY_1900 + (value as bigint) : (value as bigint), 0);
    case 'integer':
      return (value) => finish(DAY_1900 + BigInt(value as number | bigint) * DAY, 0);
    case 'float':
      return (value) => finish(DAY_1900 + BigInt(Math.round((value as number) * Number(DAY))), 0);
    case 'decimal':
      return (value) => finish(DAY_1900 + ((value as bigint) * DAY) / 10n ** BigInt(from.scale), 0);
    default:
      throw unknownSql(`a conversion from ${nameOf(from)} to ${nameOf(to)}`);
  }
}

/** Rounds local ticks to what the type keeps, and checks its range. */
function finisher(to: SqlType, from: SqlType): (local: bigint, offset: number) => Value {
  switch (to.name) {
    case 'date':
      return (local) => (local / DAY) * DAY;
    case 'time':
      return (local) => roundTo(local % DAY, to.scale) % DAY;
    case 'datetime2':
      return (local) => {
        const rounded = roundTo(local, to.scale);
        return rounded > LAST ? rounded - 10n ** BigInt(7 - to.scale) : rounded;
      };
    case 'datetimeoffset':
      return (local, offset) => ({ utc: roundTo(local, to.scale) - BigInt(offset) * MINUTE, offset });
    case 'datetime':
      return (local) => ranged(toDatetime(local), from, to, dayOf(1753, 1, 1) ?? 0n, LAST);
    default:
      return (local) => ranged(toSmallDatetime(local), from, to, DAY_1900, (dayOf(2079, 6, 7) ?? 0n) - 1n);
  }
}

function ranged(ticks: bigint, from: SqlType, to: SqlType, low: bigint, high: bigint): bigint {
  if (ticks >= low && ticks <= high) return ticks;
  if (familyOf(from) === 'integer' || familyOf(from) === 'float')
    throw new ContentProblem(8115, `Arithmetic overflow error converting expression to data type ${to.name}.`);
  throw outOfRange(from, to);
}

function outOfRange(from: SqlType, to: SqlType): ContentProblem {
  return new ContentProblem(
    242,
    `The conversion of a ${from.name} data type to a ${to.name} data type resulted in an out-of-range value.`,
  );
}

function written(text: string, from: SqlType, to: SqlType, style: number | undefined): Written {
  const parsed = parseDate(style === undefined ? text : toAmerican(text, style));
  const isClassic = to.name === 'datetime' || to.name === 'smalldatetime';
  if (parsed === 'out of range') {
    if (isClassic) throw outOfRange(from, to);
    throw notADate();
  }
  const isTooFine = isClassic && /[.]\d{4,}/.test(text);
  const isZoned = isClassic && parsed?.offset !== undefined && !/T.*Z$/i.test(text.trim());
  if (parsed === undefined || isTooFine || isZoned) {
    if (to.name === 'smalldatetime')
      throw new ContentProblem(295, 'Conversion failed when converting character string to smalldatetime data type.');
    throw notADate();
  }
  return parsed;
}

/** Styles that write the day first. */
function toAmerican(text: string, style: number): string {
  if (![3, 4, 5, 103, 104, 105].includes(style)) return text;
  return text.replace(/^(\s*)(\d{1,2})([/.-])(\d{1,2})([/.-])/, '$1$4$3$2$5');
}

function notADate(): ContentProblem {
  return new ContentProblem(241, 'Conversion failed when converting date and/or time from character string.');
}
