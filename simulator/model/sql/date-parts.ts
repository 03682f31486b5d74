/** Milliseconds of the date parts that have one length, by each of their names in T-SQL. */
export const datePartLengths: Readonly<Record<string, number>> = {
  millisecond: 1,
  ms: 1,
  second: 1000,
  ss: 1000,
  s: 1000,
  minute: 60_000,
  mi: 60_000,
  n: 60_000,
  hour: 3_600_000,
  hh: 3_600_000,
  day: 86_400_000,
  dd: 86_400_000,
  d: 86_400_000,
  week: 604_800_000,
  ww: 604_800_000,
  wk: 604_800_000,
};
