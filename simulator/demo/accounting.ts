import { outcomeOf, roleOf, type Visit } from './visit.ts';
import type { Span } from './window.ts';

export interface Traffic {
  readonly requests: number;
  /** Requests that were neither answered as asked nor refused by the shop in good order. */
  readonly failed: number;
  /** The longest time in which no read succeeded. */
  readonly longestGapMs: number;
  /** Of successful reads. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Writes {
  readonly accepted: number;
  readonly refused: number;
  /** Accepted, and not in the database at the end. */
  readonly lost: number;
}

export interface Account {
  readonly traffic: Traffic;
  readonly longestGap: Span;
  readonly writes: Writes;
  /** Requests by the part and version that served them, such as `read-only copy 1.0.0`. */
  readonly servedBy: Readonly<Record<string, number>>;
  /** The accepted writes that are not in the database, as they were sent. */
  readonly lostWrites: readonly Visit[];
}

/** What the visitors saw between two instants, held against the ids of the orders that the database has in the end. */
export function accountFor(
  visits: readonly Visit[],
  stored: ReadonlySet<string>,
  from: number,
  until: number,
): Account {
  const reads = visits.filter((visit) => visit.kind === 'read' && outcomeOf(visit) === 'ok');
  const accepted = visits.filter((visit) => visit.kind === 'write' && outcomeOf(visit) === 'ok');
  const lostWrites = accepted.filter((visit) => !stored.has(visit.id ?? ''));
  const gap = longestGap(reads, from, until);
  const durations = reads.map((visit) => visit.ms).sort((one, other) => one - other);
  return {
    traffic: {
      requests: visits.length,
      failed: visits.filter((visit) => outcomeOf(visit) === 'failed').length,
      longestGapMs: Math.round(gap.until - gap.from),
      p50Ms: quantile(durations, 0.5),
      p99Ms: quantile(durations, 0.99),
    },
    longestGap: gap,
    writes: {
      accepted: accepted.length,
      refused: visits.filter((visit) => outcomeOf(visit) === 'refused').length,
      lost: lostWrites.length,
    },
    servedBy: countServedBy(visits),
    lostWrites,
  };
}

/** The longest time without the end of a successful read, both ends of the time looked at included. */
function longestGap(reads: readonly Visit[], from: number, until: number): Span {
  const ends = reads.map((visit) => visit.at + visit.ms).sort((one, other) => one - other);
  let longest = { from, until: from };
  let last = from;
  for (const end of [...ends, until]) {
    if (end - last > longest.until - longest.from) longest = { from: last, until: end };
    last = Math.max(last, end);
  }
  return longest;
}

function quantile(sorted: readonly number[], share: number): number {
  const at = Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1);
  return Math.round((sorted[Math.max(at, 0)] ?? 0) * 10) / 10;
}

function countServedBy(visits: readonly Visit[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const visit of visits) {
    const name = `${roleOf(visit)} ${visit.version}`.trim();
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
