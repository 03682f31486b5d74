import type { Visit } from './visit.ts';
import type { Span } from './window.ts';

/** Requests that were given up after waiting mostly for this machine: what starves is not broken. */
export function starvedOf(visits: readonly Visit[], stalls: readonly Span[]): readonly Visit[] {
  return visits.filter(
    ({ error, at, ms }) =>
      error?.startsWith('no answer in') && coveredMs(stalls, { from: at, until: at + ms }) >= ms / 2,
  );
}

/** How much of a span the stalls cover together; two at once count once. */
export function coveredMs(stalls: readonly Span[], span: Span): number {
  let covered = 0;
  let until = span.from;
  for (const stall of stalls.toSorted((one, other) => one.from - other.from)) {
    const end = Math.min(stall.until, span.until);
    covered += Math.max(0, end - Math.max(stall.from, until));
    until = Math.max(until, end);
  }
  return covered;
}
