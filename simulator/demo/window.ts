import { roleOf, type Visit } from './visit.ts';

export interface Span {
  readonly from: number;
  readonly until: number;
}

/** The stretches of time in which the same value of `of` answered visitors' requests, in order. */
export function stretches(
  visits: readonly Visit[],
  of: (visit: Visit) => string,
): (Span & { readonly value: string })[] {
  const found: { from: number; until: number; value: string }[] = [];
  const answered = visits.filter((visit) => visit.instance !== '').sort((one, other) => one.at - other.at);
  for (const visit of answered) {
    const last = found.at(-1);
    const value = of(visit);
    if (last?.value === value) last.until = Math.max(last.until, visit.at + visit.ms);
    else found.push({ from: visit.at, until: visit.at + visit.ms, value });
  }
  return found;
}

/** When visitors were served by a read-only copy: the read-only window as they lived it. */
export function readOnlyWindows(visits: readonly Visit[]): Span[] {
  return stretches(visits, (visit) => (roleOf(visit) === 'read-only copy' ? 'copy' : 'other'))
    .filter((stretch) => stretch.value === 'copy')
    .map(({ from, until }) => ({ from, until }));
}
