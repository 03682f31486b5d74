import { roleOf, type Visit } from './visit.ts';

export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Answers so far apart, in milliseconds, do not belong to one stretch. */
const APART_MS = 1000;

/**
 * The stretches of time in which a value of `of` answered visitors' requests, in order of their beginning. Around a move two
 * of them overlap: both builds answer, and who was asked first may answer last.
 */
export function stretches(
  visits: readonly Visit[],
  of: (visit: Visit) => string,
): (Span & { readonly value: string })[] {
  const found: { from: number; until: number; value: string }[] = [];
  const latest = new Map<string, (typeof found)[number]>();
  const answered = visits.filter((visit) => visit.instance !== '').sort((one, other) => one.at - other.at);
  for (const visit of answered) {
    const value = of(visit);
    const until = visit.at + visit.ms;
    const last = latest.get(value);
    if (last && visit.at <= last.until + APART_MS) last.until = Math.max(last.until, until);
    else {
      const next = { from: visit.at, until, value };
      latest.set(value, next);
      found.push(next);
    }
  }
  return found;
}

/** When visitors were served by a read-only copy: the read-only window as they lived it. */
export function readOnlyWindows(visits: readonly Visit[]): Span[] {
  return stretches(visits, (visit) => (roleOf(visit) === 'read-only copy' ? 'copy' : 'other'))
    .filter((stretch) => stretch.value === 'copy')
    .map(({ from, until }) => ({ from, until }));
}
