import type { AzureSaid, Stop } from '../errors.ts';
import type { Check } from './check.ts';

/** What this run has done and seen itself, beyond what a look at Azure can show. Grows by whole replacements, never in place. */
export interface ThisRun {
  /** Proven instances by slot name: the marker that was proven, '' for a live build that has none. A change to the slot takes the proof away: null. */
  readonly proven: Readonly<Record<string, string | null>>;
  /** Instances that were seen healthy where they are, by slot name: enough to end a deploy, not to send visitors there. */
  readonly started: Readonly<Record<string, string | null>>;
  /** A build that was started and did not become healthy, and what to say about it. */
  readonly didNotStart?: { readonly slot: string; readonly stop: Stop };
  /** The sha256 of what was uploaded, by slot name. */
  readonly uploaded: Readonly<Record<string, string>>;
  /** The attempt that this run began. */
  readonly begun?: number;
  /** Number of the swap intent that this run wrote. */
  readonly intended?: number;
  /** Number of the swap intent that this run sent, and how its own poll ended. */
  readonly posted?: { readonly number: number; readonly ended: 'succeeded' | 'unknown' | AzureSaid };
  /** How a swap settled in this run. */
  readonly settled?: { readonly number: number; readonly outcome: 'happened' | 'did-not-happen' };
  /** Watching production: the marker that served and whether it stayed well. */
  readonly watched?: {
    readonly purpose: string;
    readonly marker: string;
    readonly well: boolean;
    readonly why: string;
  };
  readonly sqlProven: boolean;
  readonly quiet: boolean;
  /** Clones whose copy failed in this run. */
  readonly failedCopies: readonly string[];
  /** Clones whose copy Azure refused because another copy of the same database was under way. */
  readonly refusedCopies: readonly string[];
  /** Clones whose creation this run saw accepted as a copy. */
  readonly copied: readonly string[];
  readonly restored: readonly string[];
  readonly clockPassed: boolean;
  readonly sessionsChecked: boolean;
  readonly retentionCopied: readonly string[];
  readonly emptied: readonly string[];
  /** Slots whose WebJobs this run has stopped, and those where it started them again. */
  readonly jobsStopped: readonly string[];
  readonly jobsStarted: readonly string[];
  /** Slots that were given production's configuration. */
  readonly matched: readonly string[];
  /** What preflight or validate looked at. */
  readonly report?: readonly Check[];
  readonly verdictGiven?: { readonly of: string; readonly result: 'passed' | 'failed' };
}

export const freshRun: ThisRun = {
  proven: {},
  started: {},
  uploaded: {},
  sqlProven: false,
  quiet: false,
  failedCopies: [],
  refusedCopies: [],
  copied: [],
  restored: [],
  clockPassed: false,
  sessionsChecked: false,
  retentionCopied: [],
  emptied: [],
  jobsStopped: [],
  jobsStarted: [],
  matched: [],
};
