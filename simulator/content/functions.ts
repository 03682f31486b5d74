import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { datePartLengths } from '../model/sql/date-parts.ts';

/** What functions of T-SQL need to know about the statement that calls them. Equal values give equal results. */
export interface FunctionContext {
  /** Simulated milliseconds since the epoch. */
  now: number;
  /** Makes NEWID and RAND repeatable when the statement is run again from the log. */
  seed: string;
  calls: number;
  database: string;
  login: string;
  user: string;
  hostName: string;
  programName: string;
  /** `@@…` values by upper-case name without `@`. */
  globals: Record<string, SQLOutputValue>;
}

type Value = SQLOutputValue;

/** Registers the functions that translated statements call. Names begin with `_` so that none hides SQLite's. */
export function registerFunctions(db: DatabaseSync, context: FunctionContext): void {
  const define = (name: string, body: (...args: Value[]) => Value, isPure = true) =>
    db.function(name, { deterministic: isPure, varargs: true }, body);
  define('_now', () => sqlDate(context.now), false);
  define('_newid', () => newId(context), false);
  define('_rand', () => Number.parseInt(newId(context).slice(0, 8), 16) / 0x1_0000_0000, false);
  define('_db_name', () => context.database, false);
  define('_login', () => context.login, false);
  define('_user', () => context.user, false);
  define('_host', () => context.hostName, false);
  define('_app', () => context.programName, false);
  define('_global', (name) => context.globals[String(name)] ?? null, false);
  define(
    '_len',
    nullable((text) => String(text).replace(/ +$/, '').length),
  );
  define(
    '_charindex',
    nullable(
      (part, text, from) =>
        String(text)
          .toLowerCase()
          .indexOf(String(part).toLowerCase(), Math.max(0, Number(from ?? 1) - 1)) + 1,
    ),
  );
  define(
    '_left',
    nullable((text, count) => String(text).slice(0, Number(count))),
  );
  define(
    '_right',
    nullable((text, count) => (Number(count) === 0 ? '' : String(text).slice(-Number(count)))),
  );
  define(
    '_replicate',
    nullable((text, count) => String(text).repeat(Math.max(0, Number(count)))),
  );
  define(
    '_datalength',
    nullable((value) =>
      value instanceof Uint8Array ? value.length : typeof value === 'string' ? value.length * 2 : 4,
    ),
  );
  define(
    '_bare_name',
    nullable((name) => bareName(String(name))),
  );
  define(
    '_object_id',
    nullable((name) => objectId(String(name))),
  );
  define(
    '_dateadd',
    nullable((part, count, date) => dateAdd(String(part), Number(count), String(date))),
  );
  define(
    '_datediff',
    nullable((part, from, to) => dateDifference(String(part), String(from), String(to))),
  );
  define(
    '_datepart',
    nullable((part, date) => datePart(String(part), String(date))),
  );
  define(
    '_to_date',
    nullable((value) => sqlDate(parseDate(String(value)))),
  );
  define(
    '_to_day',
    nullable((value) => sqlDate(parseDate(String(value))).slice(0, 10)),
  );
  define(
    '_to_bit',
    nullable((value) => (/^true$/i.test(String(value)) || Number(value) > 0 || Number(value) < 0 ? 1 : 0)),
  );
  define(
    '_date_text',
    nullable((value, style) => dateText(String(value), Number(style))),
  );
  define(
    '_quotename',
    nullable((name) => `[${String(name).replaceAll(']', ']]')}]`),
  );
  define(
    '_hash',
    nullable((algorithm, value) =>
      createHash(String(algorithm).replace('_', '').toLowerCase().replace('sha2', 'sha'))
        .update(value instanceof Uint8Array ? value : Buffer.from(String(value), 'utf16le'))
        .digest(),
    ),
  );
}

/** An instant as datetime2(7) text. */
function sqlDate(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '0000');
}

/** The id that `OBJECT_ID` gives an object of this name. */
function objectId(name: string): number {
  let hash = 7;
  for (const letter of bareName(name).toLowerCase()) hash = (hash * 31 + letter.charCodeAt(0)) & 0x7fff_ffff;
  return hash;
}

/** The last part of a name, without brackets: `[dbo].[Orders]` is `Orders`. */
function bareName(name: string): string {
  return (
    /(?:\[([^\]]+)\]|"([^"]+)"|([^.[\]"]+))$/
      .exec(name)
      ?.slice(1)
      .find((part) => part !== undefined) ?? name
  );
}

/** Null in, null out. */
function nullable(body: (...args: Value[]) => Value): (...args: Value[]) => Value {
  return (...args) => (args.some((value) => value === null) ? null : body(...args));
}

function newId(context: FunctionContext): string {
  context.calls += 1;
  const hex = createHash('sha1').update(`${context.seed}/${context.calls}`).digest('hex').toUpperCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-A${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const MONTHS: Record<string, number> = { month: 1, mm: 1, m: 1, quarter: 3, qq: 3, q: 3, year: 12, yy: 12, yyyy: 12 };

function dateAdd(part: string, count: number, date: string): string {
  const at = parseDate(date);
  const length = datePartLengths[part];
  if (length !== undefined) return sqlDate(at + count * length);
  const months = MONTHS[part];
  if (months === undefined) throw new Error(`the date part ${part} is not modelled`);
  const changed = new Date(at);
  const day = changed.getUTCDate();
  changed.setUTCDate(1);
  changed.setUTCMonth(changed.getUTCMonth() + count * months);
  const last = new Date(Date.UTC(changed.getUTCFullYear(), changed.getUTCMonth() + 1, 0)).getUTCDate();
  changed.setUTCDate(Math.min(day, last));
  return sqlDate(changed.getTime());
}

function dateDifference(part: string, from: string, to: string): number {
  const [start, end] = [parseDate(from), parseDate(to)];
  const length = datePartLengths[part];
  if (length !== undefined) return Math.floor(end / length) - Math.floor(start / length);
  const months = MONTHS[part];
  if (months === undefined) throw new Error(`the date part ${part} is not modelled`);
  const count = (at: number) => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth();
  return Math.floor(count(end) / months) - Math.floor(count(start) / months);
}

function datePart(part: string, date: string): number {
  const at = new Date(parseDate(date));
  if (/^y/.test(part)) return at.getUTCFullYear();
  if (/^(month|mm|m)$/.test(part)) return at.getUTCMonth() + 1;
  if (/^(day|dd|d)$/.test(part)) return at.getUTCDate();
  if (/^(hour|hh)$/.test(part)) return at.getUTCHours();
  if (/^(minute|mi|n)$/.test(part)) return at.getUTCMinutes();
  if (/^(second|ss|s)$/.test(part)) return at.getUTCSeconds();
  if (/^(weekday|dw)$/.test(part)) return at.getUTCDay() + 1;
  throw new Error(`the date part ${part} is not modelled`);
}

function parseDate(text: string): number {
  const iso = text
    .trim()
    .replace(' ', 'T')
    .replace(/(\.\d{3})\d+/, '$1');
  const at = Date.parse(/Z$|[+-]\d\d:\d\d$/.test(iso) ? iso : iso.length <= 10 ? `${iso}T00:00:00Z` : `${iso}Z`);
  if (Number.isNaN(at)) throw new Error('Conversion failed when converting date and/or time from character string.');
  return at;
}

function dateText(text: string, style: number): string {
  if (style === 126 || style === 127) return text.replace(' ', 'T') + (style === 127 ? 'Z' : '');
  if (style === 120) return text.slice(0, 19);
  if (style === 121 || style === 21 || style === 25) return text;
  if (style === 23) return text.slice(0, 10);
  if (style === 112) return text.slice(0, 10).replaceAll('-', '');
  throw new Error(`CONVERT with the style ${style} is not modelled`);
}
