/** Dates and times in units of 100 ns since 0001-01-01. */

export const SECOND = 10_000_000n;
export const MINUTE = 60n * SECOND;
export const HOUR = 60n * MINUTE;
export const DAY = 24n * HOUR;
/** 1970-01-01. */
const EPOCH = 719_162n * DAY;
/** 1900-01-01, where datetime counts from. */
export const DAY_1900 = 693_595n * DAY;
export const LAST = 3_652_059n * DAY - 1n;

export function fromMilliseconds(at: number): bigint {
  return EPOCH + BigInt(Math.floor(at)) * 10_000n;
}

export function toMilliseconds(ticks: bigint): number {
  return Number((ticks - EPOCH) / 10_000n);
}

export interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 100 ns within the second. */
  readonly fraction: number;
}

export function partsOf(ticks: bigint): Parts {
  const date = new Date(Number(ticks / DAY - 719_162n) * 86_400_000);
  const rest = ticks % DAY;
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: Number(rest / HOUR),
    minute: Number((rest / MINUTE) % 60n),
    second: Number((rest / SECOND) % 60n),
    fraction: Number(rest % SECOND),
  };
}

/** Midnight of a day; `undefined` when there is none. */
export function dayOf(year: number, month: number, day: number): bigint | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return undefined;
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return BigInt(Math.round(date.getTime() / 86_400_000)) * DAY + EPOCH;
}

/** Rounded to so many decimals of a second. */
export function roundTo(ticks: bigint, scale: number): bigint {
  const unit = 10n ** BigInt(7 - scale);
  return ((ticks + unit / 2n) / unit) * unit;
}

/** `datetime` counts 1/300 s. */
export function toDatetime(ticks: bigint): bigint {
  const day = (ticks / DAY) * DAY;
  const count = ((ticks - day) * 3n + 50_000n) / 100_000n;
  return day + (count * 100_000n + 1n) / 3n;
}

/** `smalldatetime` counts minutes; 29.999 seconds and more round up. */
export function toSmallDatetime(ticks: bigint): bigint {
  return ((ticks + MINUTE / 2n) / MINUTE) * MINUTE;
}

export function pad(value: number, length = 2): string {
  return String(value).padStart(length, '0');
}

/** `2026-01-31`. */
export function dateText(ticks: bigint): string {
  const { year, month, day } = partsOf(ticks);
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
}

/** `13:05:09.1230000`, with so many decimals. */
export function timeText(ticks: bigint, scale: number): string {
  const { hour, minute, second, fraction } = partsOf(ticks);
  const rest = scale === 0 ? '' : `.${pad(fraction, 7).slice(0, scale)}`;
  return `${pad(hour)}:${pad(minute)}:${pad(second)}${rest}`;
}

/** `+02:00`. */
export function offsetText(offset: number): string {
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}
