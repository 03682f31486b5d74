import type { RunRecord } from '../run-record.ts';
import { outcomeOf, roleOf, type Visit } from '../visit.ts';
import { readOnlyWindows, stretches } from '../window.ts';

const BUCKET_MS = 500;

/** What the report's page draws. Times are seconds since the first visitor. */
export interface Timeline {
  readonly seconds: readonly number[];
  /** Requests per second by who served them, in the order of their first appearance. */
  readonly served: readonly { readonly name: string; readonly role: string; readonly perSecond: readonly number[] }[];
  readonly failedPerSecond: readonly number[];
  readonly p50Ms: readonly (number | null)[];
  readonly maxMs: readonly (number | null)[];
  readonly acceptedPerSecond: readonly number[];
  readonly refusedPerSecond: readonly number[];
  readonly phases: readonly {
    readonly name: string;
    readonly from: number;
    readonly until: number;
    readonly ok: boolean;
  }[];
  readonly windows: readonly { readonly from: number; readonly until: number }[];
  readonly databases: readonly { readonly name: string; readonly from: number; readonly until: number }[];
  readonly end: number;
}

/** Puts the visits of a run into buckets of half a second, by the instant at which each ended. */
export function timelineOf(run: RunRecord): Timeline {
  // The last answers may come after the last question.
  const until = run.visits.reduce((last, visit) => Math.max(last, visit.at + visit.ms), run.until);
  const count = Math.max(1, Math.ceil((until - run.from) / BUCKET_MS));
  const buckets: Visit[][] = Array.from({ length: count }, () => []);
  for (const visit of run.visits) {
    const at = Math.floor((visit.at + visit.ms - run.from) / BUCKET_MS);
    buckets[Math.min(Math.max(at, 0), count - 1)]?.push(visit);
  }
  const perSecond = (wanted: (visit: Visit) => boolean): number[] =>
    buckets.map((bucket) => (bucket.filter(wanted).length * 1000) / BUCKET_MS);
  const since = (at: number): number => (at - run.from) / 1000;
  const span = ({ from, until }: { from: number; until: number }) => ({ from: since(from), until: since(until) });
  const latencies = buckets.map((bucket) =>
    bucket.filter((visit) => outcomeOf(visit) === 'ok' && visit.kind === 'read').map((visit) => visit.ms),
  );
  return {
    seconds: buckets.map((_, at) => ((at + 0.5) * BUCKET_MS) / 1000),
    served: namesServing(run.visits).map(({ name, role }) => ({
      name,
      role,
      perSecond: perSecond((visit) => outcomeOf(visit) !== 'failed' && nameOf(visit) === name),
    })),
    failedPerSecond: perSecond((visit) => outcomeOf(visit) === 'failed'),
    p50Ms: latencies.map((ms) => ms.sort((one, other) => one - other)[Math.floor(ms.length / 2)] ?? null),
    maxMs: latencies.map((ms) => (ms.length > 0 ? Math.max(...ms) : null)),
    acceptedPerSecond: perSecond((visit) => visit.kind === 'write' && outcomeOf(visit) === 'ok'),
    refusedPerSecond: perSecond((visit) => outcomeOf(visit) === 'refused'),
    phases: run.phases.map((phase) => ({ name: phase.name, ok: phase.succeeded, ...span(phase) })),
    windows: readOnlyWindows(run.visits).map(span),
    databases: stretches(run.visits, (visit) => visit.database).map((one) => ({ name: one.value, ...span(one) })),
    end: since(until),
  };
}

function nameOf(visit: Visit): string {
  return `${roleOf(visit)} ${visit.version}`.trim();
}

function namesServing(visits: readonly Visit[]): { name: string; role: string }[] {
  const names = new Map<string, string>();
  for (const visit of visits) if (outcomeOf(visit) !== 'failed') names.set(nameOf(visit), roleOf(visit));
  return [...names].map(([name, role]) => ({ name, role }));
}
