import type { TdsValue } from './handler-contract.ts';

const DAY = 86_400_000;
const DAY_TICKS = 864_000_000_000n;
const DAYS_TO_1970 = 719_162;

export interface DateParts {
  /** The day's start in milliseconds since 1970. */
  readonly at: number;
  /** Units of 100 ns since then. */
  readonly ticks: bigint;
  /** Minutes east of UTC that the text names. */
  readonly offset: number;
}

/** Takes a date, a time or both apart; text has up to seven decimals and perhaps an offset. */
export function dateOf(value: NonNullable<TdsValue>): DateParts {
  if (value instanceof Date) {
    const at = Math.floor(value.getTime() / DAY) * DAY;
    return { at, ticks: BigInt(value.getTime() - at) * 10_000n, offset: 0 };
  }
  const text = String(value);
  const match =
    /^(?:(\d{4})-(\d\d)-(\d\d))?[ T]?(?:(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?)? ?(?:Z|([-+])(\d\d):(\d\d))?$/.exec(
      text,
    );
  if (match === null) throw new Error(`'${text}' is not a date`);
  const [
    ,
    year,
    month = '1',
    day = '1',
    hours = '0',
    minutes = '0',
    seconds = '0',
    fraction = '',
    sign,
    zoneHours = '0',
    zoneMinutes = '0',
  ] = match;
  const start = new Date(0);
  start.setUTCFullYear(Number(year ?? 1900), Number(month) - 1, Number(day));
  const whole = BigInt((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds));
  const offset = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  return { at: start.getTime(), ticks: whole * 10_000_000n + BigInt(fraction.padEnd(7, '0')), offset };
}

/** So many minutes later. */
export function shifted(at: number, ticks: bigint, minutes: number): { at: number; ticks: bigint } {
  const moved = ticks + BigInt(minutes) * 600_000_000n;
  const days = moved >= 0n ? moved / DAY_TICKS : -((DAY_TICKS - 1n - moved) / DAY_TICKS);
  return { at: at + Number(days) * DAY, ticks: moved - days * DAY_TICKS };
}

/** The time of a day: 3 to 5 bytes, by its decimals. */
export function timeBytes(ticks: bigint, scale: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(ticks / 10n ** BigInt(7 - scale));
  return buffer.subarray(0, scale <= 2 ? 3 : scale <= 4 ? 4 : 5);
}

/** Days since 0001-01-01 in three bytes. */
export function dayBytes(at: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(Math.floor(at / DAY) + DAYS_TO_1970);
  return buffer.subarray(0, 3);
}

export function guidBytes(text: string): Buffer {
  const raw = Buffer.from(text.replaceAll('-', ''), 'hex');
  if (raw.length !== 16) throw new Error(`'${text}' is not a GUID`);
  return Buffer.concat([
    raw.subarray(0, 4).reverse(),
    raw.subarray(4, 6).reverse(),
    raw.subarray(6, 8).reverse(),
    raw.subarray(8),
  ]);
}

/** The sign and 16 bytes of digits. */
export function decimalBytes(value: NonNullable<TdsValue>, scale: number): Buffer {
  const digits = digitsOf(value, scale);
  const buffer = Buffer.alloc(17);
  buffer.writeUInt8(digits < 0n ? 0 : 1);
  let rest = digits < 0n ? -digits : digits;
  for (let place = 1; place < 17; place += 1) {
    buffer.writeUInt8(Number(rest & 0xffn), place);
    rest >>= 8n;
  }
  return buffer;
}

/** Ten-thousandths; the high half comes first. */
export function moneyBytes(value: NonNullable<TdsValue>, isLarge: boolean): Buffer {
  const digits = digitsOf(value, 4);
  const buffer = Buffer.alloc(isLarge ? 8 : 4);
  if (isLarge) {
    buffer.writeInt32LE(Number(digits >> 32n));
    buffer.writeUInt32LE(Number(digits & 0xffff_ffffn), 4);
  } else buffer.writeInt32LE(Number(digits));
  return buffer;
}

function digitsOf(value: NonNullable<TdsValue>, scale: number): bigint {
  const text = typeof value === 'number' ? value.toFixed(scale) : String(value);
  const match = /^(-?)(\d*)\.?(\d*)$/.exec(text);
  if (match === null) throw new Error(`'${text}' is not a decimal`);
  const [, sign, whole = '', fraction = ''] = match;
  const digits = BigInt(`${whole}${fraction.padEnd(scale, '0').slice(0, scale)}` || '0');
  return sign === '-' ? -digits : digits;
}
