import type { Violated } from './watch.ts';

/** What came of one case. Plain data: it travels between processes. */
export interface Outcome {
  readonly id: string;
  readonly phase: string;
  readonly fault: string;
  readonly end: 'green' | 'red';
  /** Processes of the action until then. */
  readonly runs: number;
  readonly violations: readonly (Violated & { readonly call: string })[];
}
