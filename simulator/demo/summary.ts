import { accountFor, type Traffic, type Writes } from './accounting.ts';
import type { RunRecord } from './run-record.ts';
import { readOnlyWindows } from './window.ts';

/** `demo-report/summary.json`. All durations are real time: divide nothing, multiply by the time scale for Azure's. */
export interface Summary {
  readonly scenario: string;
  readonly outcome: string;
  readonly phases: readonly { readonly name: string; readonly seconds: number; readonly changed: boolean }[];
  readonly traffic: Traffic;
  readonly writes: Writes;
  readonly readOnlySeconds: number;
  readonly servedBy: Readonly<Record<string, number>>;
}

/** The figures of a run. */
export function summarize(run: RunRecord): Summary {
  const { traffic, writes, servedBy } = accountFor(run.visits, run.stored, run.from, run.until);
  const readOnlyMs = readOnlyWindows(run.visits).reduce((sum, span) => sum + span.until - span.from, 0);
  return {
    scenario: run.scenario,
    outcome: run.outcome,
    phases: run.phases.map(({ name, from, until, changed }) => ({ name, seconds: tenths(until - from), changed })),
    traffic,
    writes,
    readOnlySeconds: tenths(readOnlyMs),
    servedBy,
  };
}

function tenths(ms: number): number {
  return Math.round(ms / 100) / 10;
}
