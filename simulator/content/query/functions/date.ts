import type { Bound } from '../../env.ts';
import { ContentProblem } from '../../problem.ts';
import type { Expression } from '../../syntax/ast.ts';
import { converter } from '../../values/convert.ts';
import { MONTH_NAMES } from '../../values/date-style.ts';
import { DAY, dayOf, fromMilliseconds, HOUR, MINUTE, partsOf, SECOND } from '../../values/instant.ts';
import { parseDate } from '../../values/parse-date.ts';
import { BIGINT, DATETIME, DATETIME2, familyOf, INT, nvarchar, type SqlType, typeOf } from '../../values/sql-type.ts';
import type { OffsetInstant, Value } from '../../values/value.ts';
import { both } from '../bound.ts';
import { argumentsOf, type Define, type FunctionCall, fromFrame, strict } from '../function-contract.ts';
import { added, addMonths, boundaries, PARTS, partNumber, truncated } from './date-part.ts';

/** The date part that stands as the first argument: 155 when it is none. */
function partOf(of: FunctionCall): string {
  const first: Expression | undefined = of.call.args[0];
  const written = first?.kind === 'column' ? (first.name[0] ?? '') : first?.kind === 'string' ? first.value : '';
  const part = PARTS[written.toLowerCase()];
  if (part === undefined)
    throw new ContentProblem(
      155,
      `'${written}' is not a recognized ${of.call.name.toLowerCase()} option.`,
      15,
      'scope',
    );
  return part;
}

/** What follows the date part, compiled. */
function afterPart(of: FunctionCall, count: number): Bound[] {
  if (of.call.args.length !== count + 1) argumentsOf({ ...of, compile: of.compile }, count + 1, count + 1);
  return of.call.args.slice(1).map((one) => of.compile(one));
}

/** Text is read as datetime where DATEADD returns it, and with all decimals elsewhere. */
function dateType(of: Bound | undefined, ofText: SqlType): SqlType {
  return of !== undefined && familyOf(of.type) === 'date'
    ? of.type
    : familyOf(of?.type ?? INT) === 'text'
      ? ofText
      : DATETIME;
}

function localOf(value: Value): bigint {
  if (typeof value === 'object' && value !== null && 'utc' in value) return value.utc + BigInt(value.offset) * MINUTE;
  return value as bigint;
}

const dateAdd: Define = (of) => {
  const part = partOf(of);
  const [count, date] = afterPart(of, 2);
  if (count === undefined || date === undefined) throw new SyntaxError(')');
  const type = dateType(date, DATETIME);
  const [number, value] = [
    converter(count.type, BIGINT, { isExplicit: true }),
    converter(date.type, type, { isExplicit: true }),
  ];
  const round = converter(DATETIME2, type.name === 'datetimeoffset' ? DATETIME2 : type, { isExplicit: true });
  return {
    type,
    isNullable: true,
    isNull: false,
    uses: both(count.uses, date.uses),
    run(frame) {
      const [by, at] = [number(count.run(frame)), value(date.run(frame))];
      if (by === null || at === null) return null;
      const local = added(part, by as bigint, type.name === 'time' ? localOf(at) + 693_595n * DAY : localOf(at));
      if (type.name === 'datetimeoffset')
        return { utc: local - BigInt((at as OffsetInstant).offset) * MINUTE, offset: (at as OffsetInstant).offset };
      return type.name === 'time' ? ((local % DAY) + DAY) % DAY : round(local);
    },
  };
};

const dateDiff =
  (type: SqlType): Define =>
  (of) => {
    const part = partOf(of);
    const [from, to] = afterPart(of, 2);
    if (from === undefined || to === undefined) throw new SyntaxError(')');
    const wide = (one: Bound) =>
      converter(one.type, familyOf(one.type) === 'date' && one.type.name === 'datetimeoffset' ? one.type : DATETIME2, {
        isExplicit: true,
      });
    const [first, second] = [wide(from), wide(to)];
    return {
      type,
      isNullable: true,
      isNull: false,
      uses: both(from.uses, to.uses),
      run(frame) {
        const [a, b] = [first(from.run(frame)), second(to.run(frame))];
        if (a === null || b === null) return null;
        const count = boundaries(part, utcOf(a), utcOf(b));
        if (type.name === 'bigint') return count;
        if (count > 2_147_483_647n || count < -2_147_483_648n)
          throw new ContentProblem(
            535,
            'The datediff function resulted in an overflow. The number of dateparts separating two date/time instances is too large. Try to use datediff with a less precise datepart.',
          );
        return Number(count);
      },
    };
  };

function utcOf(value: Value): bigint {
  return typeof value === 'object' && value !== null && 'utc' in value ? value.utc : (value as bigint);
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function datePart(type: SqlType, read: (part: string, at: bigint) => Value): Define {
  return (of) => readPart(of, partOf(of), afterPart(of, 1)[0], type, read);
}

function readPart(
  _of: FunctionCall,
  part: string,
  date: Bound | undefined,
  type: SqlType,
  read: (part: string, at: bigint) => Value,
): Bound {
  if (date === undefined) throw new SyntaxError(')');
  const convert = converter(date.type, dateType(date, DATETIME2), { isExplicit: true });
  return {
    type,
    isNullable: date.isNullable,
    isNull: false,
    uses: date.uses,
    run(frame) {
      const value = convert(date.run(frame));
      return value === null ? null : read(part, localOf(value));
    },
  };
}

function named(part: string): Define {
  return (of) => readPart(of, part, argumentsOf(of, 1)[0], INT, partNumber);
}

function fromParts(type: SqlType, count: number, withScale: boolean): Define {
  return strict(count, count, () => ({
    type,
    wants: new Array(count).fill(INT),
    body(values) {
      const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0, scale = 3] =
        values.map(Number);
      const at = dayOf(year, month, day);
      if (at === undefined || hour > 23 || minute > 59 || second > 59)
        throw new ContentProblem(
          289,
          `Cannot construct data type ${type.name}, some of the arguments have values which are not valid.`,
        );
      const rest = BigInt(fraction) * 10n ** BigInt(7 - (withScale ? scale : 3));
      return at + BigInt(hour) * HOUR + BigInt(minute) * MINUTE + BigInt(second) * SECOND + rest;
    },
  }));
}

/** Functions of dates by upper-case name. */
export const DATE_FUNCTIONS: Readonly<Record<string, Define>> = {
  GETDATE: fromFrame(DATETIME, (frame) => classic(frame.env.now)),
  GETUTCDATE: fromFrame(DATETIME, (frame) => classic(frame.env.now)),
  CURRENT_TIMESTAMP: fromFrame(DATETIME, (frame) => classic(frame.env.now)),
  SYSDATETIME: fromFrame(DATETIME2, (frame) => fromMilliseconds(frame.env.now)),
  SYSUTCDATETIME: fromFrame(DATETIME2, (frame) => fromMilliseconds(frame.env.now)),
  SYSDATETIMEOFFSET: fromFrame(typeOf('datetimeoffset', 0, 0, 7), (frame) => ({
    utc: fromMilliseconds(frame.env.now),
    offset: 0,
  })),
  DATEADD: dateAdd,
  DATEDIFF: dateDiff(INT),
  DATEDIFF_BIG: dateDiff(BIGINT),
  DATEPART: datePart(INT, partNumber),
  DATENAME: datePart(nvarchar(30), (part, at) => {
    if (part === 'month') return MONTH_NAMES[partsOf(at).month - 1] ?? '';
    return part === 'weekday' ? (WEEKDAYS[partNumber(part, at) - 1] ?? '') : String(partNumber(part, at));
  }),
  DATETRUNC: (of) => {
    const part = partOf(of);
    const [date] = afterPart(of, 1);
    const type = dateType(date, DATETIME2);
    return { ...readPart(of, part, date, type, (_, at) => truncated(part, at)), type };
  },
  YEAR: named('year'),
  MONTH: named('month'),
  DAY: named('day'),
  EOMONTH: strict(1, 2, () => ({
    type: typeOf('date'),
    wants: [typeOf('date'), INT],
    body([date, count]) {
      const next = addMonths(date as bigint, Number(count ?? 0) + 1) ?? 0n;
      return next - BigInt(partsOf(next).day) * DAY;
    },
  })),
  DATEFROMPARTS: fromParts(typeOf('date'), 3, false),
  DATETIMEFROMPARTS: fromParts(DATETIME, 7, false),
  DATETIME2FROMPARTS: fromParts(DATETIME2, 8, true),
  ISDATE: strict(1, 1, () => ({
    type: INT,
    wants: [nvarchar(4000)],
    body: ([text]) => (typeof parseDate(String(text)) === 'object' ? 1 : 0),
  })),
};

function classic(now: number): Value {
  return converter(DATETIME2, DATETIME, { isExplicit: true })(fromMilliseconds(now));
}
