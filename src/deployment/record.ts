import type { Mode, ProfileName } from '../settings/choices.ts';

/**
 * What must survive the runner. It lives in tags on the clone of the first database, by key, mirrored on the first original from
 * `switch` to `cleanup`; what is written while visitors wait stands first in tags of the readonly slot, its journal (ADR 30).
 */
export interface DeploymentRecord {
  readonly deploymentId: string;
  /** `<resource group>/<app>`, lower case. */
  readonly app: string;
  /** `<owner>/<repository>/<run id>/<attempt>` of the workflow run that opened the deployment. */
  readonly run: string;
  readonly actor: string;
  readonly lock: 'claim' | 'held';
  readonly mode: Mode;
  /** Name of the first SQL server, on which the record lies; unique in its cloud. Undefined in records of version 1.0. */
  readonly server?: string | undefined;
  /** The original databases at `clone`, by their keys and in the order of these. */
  readonly databases: readonly string[];
  readonly readonlySlot: string;
  readonly stagingSlot: string;
  readonly profile: ProfileName;
  readonly requestedAt: string;
  /** The copies are online, READ_ONLY where the mode asks, and the lock was written after it. */
  readonly cloned?: string | undefined;
  /** What production had then beside build, settings and databases: see `beside.ts`. Nothing hangs on it. */
  readonly before?: string | undefined;
  /** The read-only copy was proven in the readonly slot. */
  readonly readOnlyReady?: ProvenCopy | undefined;
  /**
   * When the last of the originals was quiet: an instant by the databases' own clocks, UTC, 7 decimals. From the beginning of
   * `deploy` on never replaced; until then `switch` takes another, and `rollback` clears it, when an original was opened again.
   */
  readonly rollbackPoint?: string | undefined;
  /** What was written between the snapshot and that point, taken and cleared with it: see `gap.ts`. */
  readonly gap?: string | undefined;
  /** The databases are never restored, and stay writable when they are quiet: Azure may refuse to close one that is replicated. */
  readonly noDatabaseRollback?: 'yes' | undefined;
  readonly intent?: SwapIntent | undefined;
  /** How many swap intents there have been. */
  readonly swaps: number;
  /** Number of the last intent whose outcome was found out: a write of it that Azure admits later opens nothing again. */
  readonly settledSwaps: number;
  readonly windowOpenedAt?: string | undefined;
  readonly windowClosedAt?: string | undefined;
  /** The attempt that deploy or rollback last began. */
  readonly attempt: number;
  /** What the attempt is made of; another fingerprint is another attempt. */
  readonly fingerprint?: string | undefined;
  /** The attempt it began with, and whether it has let that one in to the originals: see `untouched.ts`. */
  readonly deployBegun?: string | undefined;
  /** The attempt for which migrate-command last succeeded; 0 as long as one that has begun has not: it may be half-way. */
  readonly migrated?: number | undefined;
  /** The same of after-start-command. */
  readonly afterStart?: number | undefined;
  readonly candidate?: Candidate | undefined;
  readonly rollbackUnderWay?: RollbackUnderWay | undefined;
  /** WebJobs that `switch` stopped through SCM and `rollback` starts again; empty when there were none. */
  readonly stoppedJobs?: readonly string[] | undefined;
  /** Other apps ({@link appKey}) that ran, and were stopped for the time in which the originals must be quiet: started again at its end. */
  readonly stoppedApps?: readonly string[] | undefined;
  /** Apps that move together with the first one, in the order in which they move: `<resource group>/<app>=read-only` or `…=build`. */
  readonly companions?: readonly string[] | undefined;
  /** What is put off while the deployment is open: see `suspended.ts`. */
  readonly suspended?: readonly string[] | undefined;
  /** The app whose swap is intended; undefined for the first one. */
  readonly swapApp?: string | undefined;
  /** Some of several apps had been moved, and another could not be: those go back. */
  readonly movingBack?: 'switch' | 'complete' | undefined;
  /** Who wrote to the originals after the rollback point: whom allow-other-writers let, and the live build after a rollback. */
  readonly otherWriters?: string | undefined;
  readonly visitorsOnOriginalSince?: string | undefined;
  readonly verdict?: Verdict | undefined;
  readonly completedAt?: string | undefined;
  /** How often something was recorded since the journal was begun: of journal and database the one with more is right. */
  readonly entry?: number | undefined;
}

/** Why visitors are moved. Markers alone do not tell a switch that is undone after a rollback from a completion. */
export type SwapPurpose =
  /** The live build makes room for the read-only copy. */
  | 'switch'
  /** The read-only copy became unhealthy before anything was changed: the live build takes over again. */
  | 'undo'
  /** The candidate takes over. */
  | 'complete'
  /** From a candidate back to the read-only copy. */
  | 'return';

export interface ProvenCopy {
  readonly at: string;
  /** `unseen`: not at work in every clone then; that it is there, only its settings say. */
  readonly copy: 'seen' | 'unseen';
}

export interface SwapIntent {
  readonly number: number;
  readonly purpose: SwapPurpose;
  /** The slot that the POST names as its source. */
  readonly source: string;
  readonly sourceMarker: string;
  readonly productionMarker: string;
  /** `timestampUtc` of production's slotSwapStatus before the swap; empty when it never was swapped. */
  readonly swapStatusBefore: string;
  /** Azure's clock when the intent was written. */
  readonly at: string;
}

export interface Candidate {
  readonly role: 'new' | 'live';
  readonly attempt: number;
  readonly slot: string;
}

export interface RollbackUnderWay {
  readonly scope: 'code' | 'code-and-database';
  readonly attempt: number;
  /** Databases are being restored and renamed: nothing but this very rollback may go on. */
  readonly databases: 'moving' | 'settled';
}

export interface Verdict {
  /** Of marker, settings, databases and schema version: the verdict holds for exactly this candidate. */
  readonly of: string;
  readonly result: 'passed' | 'failed' | 'overridden';
  readonly by: string;
}

/** True from the first swap on: then the record is mirrored on the first original, for the case that the clone is lost. */
export function isMirrored(record: Partial<DeploymentRecord>): boolean {
  return (record.swaps ?? 0) > 0 || record.rollbackPoint !== undefined;
}

/** `otherWriters` with more of them, each once, as long as a tag may be. */
export function alsoWrote(record: Pick<DeploymentRecord, 'otherWriters'> | null, more: readonly string[]): string {
  return [...new Set([...(record?.otherWriters?.split('; ') ?? []), ...more])].join('; ').slice(0, 250);
}
