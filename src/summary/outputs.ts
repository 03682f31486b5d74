import type { State } from '../deployment/state.ts';
import { byKey } from '../settings/database-key.ts';
import type { PhaseName } from '../settings/phases.ts';

/** Where a run has left the deployment, in plain words. What is not known is left out. */
export interface RunResult {
  readonly deploymentId?: string | undefined;
  /** Undefined when it could not be looked at what production serves. */
  readonly state?: State | undefined;
  /** This run changed something. */
  readonly changed: boolean;
  /** The usual one first. */
  readonly nextPhases: readonly PhaseName[];
  /** From the original's name to its clone's. */
  readonly cloneDatabases: Readonly<Record<string, string>>;
  /** UTC instants as Azure gave them. */
  readonly snapshotTimestamp?: string | undefined;
  readonly snapshotRequestedAt?: string | undefined;
  readonly rollbackPoint?: string | undefined;
  readonly productionSlotId?: string | undefined;
  readonly readonlySlotId?: string | undefined;
  readonly stagingSlotId?: string | undefined;
  readonly candidateSlot?: string | undefined;
  readonly validationUrl?: string | undefined;
  readonly productionUrl?: string | undefined;
  readonly readOnlySeconds?: number | undefined;
  /** How many rows were written between the snapshot and the switch. */
  readonly gapRows?: number | undefined;
  /** Path of the file with what is lost with the copies of mode `read-write`. */
  readonly lostWrites?: string | undefined;
  /** How long each phase of this run took. */
  readonly phaseSeconds?: Readonly<Record<string, number>> | undefined;
  /** Of the requests to production while the run was at work. */
  readonly failedProbes?: number | undefined;
  readonly longestGapMs?: number | undefined;
}

/**
 * The outputs of the action by name, as action.yml declares them; empty ones are left out.
 * @param files paths of what has it all: for programs, and for reviewers
 */
export function outputsOf(
  result: RunResult,
  files: { readonly report?: string | undefined; readonly reviewPage?: string | undefined } = {},
): Readonly<Record<string, string>> {
  const clones = Object.entries(result.cloneDatabases).sort(([one], [other]) => byKey(one, other));
  const outputs: Record<string, string | undefined> = {
    'deployment-id': result.deploymentId,
    state: result.state,
    changed: String(result.changed),
    'next-phases': result.nextPhases.join(','),
    'clone-database': clones[0]?.[1],
    'clone-databases': clones.length > 0 ? JSON.stringify(Object.fromEntries(clones)) : undefined,
    'snapshot-timestamp': result.snapshotTimestamp && withSevenDecimals(result.snapshotTimestamp),
    'snapshot-requested-at': result.snapshotRequestedAt && withSevenDecimals(result.snapshotRequestedAt),
    'rollback-point': result.rollbackPoint && withSevenDecimals(result.rollbackPoint),
    'production-slot-id': result.productionSlotId,
    'readonly-slot-id': result.readonlySlotId,
    'staging-slot-id': result.stagingSlotId,
    'candidate-slot': result.candidateSlot,
    'validation-url': result.validationUrl,
    'production-url': result.productionUrl,
    'read-only-seconds': result.readOnlySeconds === undefined ? undefined : String(Math.round(result.readOnlySeconds)),
    'phase-seconds': result.phaseSeconds && JSON.stringify(result.phaseSeconds),
    'gap-rows': result.gapRows === undefined ? undefined : String(result.gapRows),
    'failed-probes': result.failedProbes === undefined ? undefined : String(result.failedProbes),
    'lost-writes': result.lostWrites,
    report: files.report,
    'review-page': files.reviewPage,
    'longest-gap-ms': result.longestGapMs === undefined ? undefined : String(Math.round(result.longestGapMs)),
  };
  return Object.fromEntries(Object.entries(outputs).filter((entry): entry is [string, string] => !!entry[1]));
}

/** A UTC instant with the seven decimals of SQL Server and .NET; missing ones are zeros. */
export function withSevenDecimals(instant: string): string {
  const parts = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?Z$/.exec(instant);
  return parts ? `${parts[1]}.${(parts[2] ?? '').padEnd(7, '0').slice(0, 7)}Z` : instant;
}
