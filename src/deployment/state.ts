import type { Phase } from '../settings.ts';
import type { DatabasePart, Observed } from './observed.ts';
import type { DeploymentRecord } from './record.ts';

export const states = [
  'none',
  'cloning',
  'cloned',
  'read-only-ready',
  'read-only',
  'deployed',
  'validated',
  'rolling-back',
  'rolled-back',
  'completed',
  'drifted',
] as const;
export type State = (typeof states)[number];

/** Where the deployment stands, read from the record and from the markers, never remembered. */
export function stateOf(observed: Observed): State {
  const { record } = observed;
  if (record === null) return 'none';
  if (driftOf(observed) !== undefined || lostClone(observed) !== undefined) return 'drifted';
  if (record.rollbackUnderWay !== undefined) return 'rolling-back';
  switch (serving(observed)) {
    case 'read-only-copy':
      return stateInWindow(record);
    case 'candidate':
      return record.completedAt === undefined ? 'validated' : 'completed';
    case 'live-build':
      // Whatever was brought into production after `complete` is no business of this deployment.
      if (record.completedAt !== undefined) return 'completed';
      if (record.readOnlyReady !== undefined) return 'read-only-ready';
      return record.cloned === undefined ? 'cloning' : 'cloned';
  }
}

/** Who production serves, by its marker: the live build as it was before, the read-only copy, or a candidate of this deployment. */
export function serving(observed: Observed): 'live-build' | 'read-only-copy' | 'candidate' {
  const marker = observed.production.marker;
  if (marker === undefined || marker.deploymentId !== observed.record?.deploymentId) return 'live-build';
  return marker.role === 'read-only' ? 'read-only-copy' : 'candidate';
}

/** The read-only window is open: production serves the clone. */
export function windowOpen(observed: Observed): boolean {
  return serving(observed) === 'read-only-copy';
}

/** The same by the record alone, which nobody tells of a swap by hand. */
export function windowRecorded(record: DeploymentRecord | null): boolean {
  return record?.windowOpenedAt !== undefined && record.windowClosedAt === undefined;
}

/** What was found, and what would mend it: a sentence each. */
export interface Drift {
  readonly found: string;
  readonly mend: string;
}

/** What is in a way that the design does not know; undefined when all is well. */
export function driftOf(observed: Observed): Drift | undefined {
  const { record } = observed;
  if (record === null) return undefined;
  if (record.intent !== undefined) return undefined;
  const renamed = renamedOriginal(observed);
  if (renamed !== undefined) return renamed;
  const now = serving(observed);
  if (record.windowOpenedAt !== undefined && record.completedAt === undefined && now === 'live-build') {
    const expected = record.visitorsOnOriginalSince === undefined ? 'the' : 'the candidate or the';
    return {
      found: `Production should serve ${expected} read-only copy of deployment ${record.deploymentId}, but its marker is "${observed.production.markerText || 'none'}".`,
      mend: `Someone swapped by hand. Swap the slot that carries ${record.deploymentId}/read-only back into production, or run "cleanup" if production is right as it is.`,
    };
  }
  if (record.windowOpenedAt === undefined && now === 'read-only-copy') {
    return {
      found: `Production serves the read-only copy of deployment ${record.deploymentId}, which "switch" has not recorded.`,
      mend: 'Someone swapped by hand. Swap it back, then run "switch".',
    };
  }
  if (now === 'candidate' && record.visitorsOnOriginalSince === undefined) {
    return {
      found: `Production serves ${observed.production.markerText}, which "complete" has not brought there.`,
      mend: 'Someone swapped by hand, past validation. Swap it back, or run "rollback": it sends visitors back to the read-only copy.',
    };
  }
  if (record.deployBegun !== undefined && record.rollbackPoint === undefined) {
    return {
      found: `Deploy has begun but no rollback point is recorded for deployment ${record.deploymentId}.`,
      mend: 'A tag was removed by hand: write the tag zdd-rollback-point back on the record database; the log and the outputs of "switch" name the instant.',
    };
  }
  if (record.candidate !== undefined && now === 'read-only-copy') return candidateDrift(observed, record);
  return undefined;
}

/** Somebody renamed an original: whatever connects by its name finds none, or another database. */
export function renamedOriginal({ record, databases }: Observed): Drift | undefined {
  if (record === null || record.rollbackUnderWay?.databases === 'moving') return undefined;
  const pair = databases.find(({ name, original }) => original !== null && original.name !== name);
  if (!pair?.original) return undefined;
  const { name, id } = pair.original;
  return {
    found: `Database ${pair.name} bears the name ${name}.`,
    mend: `Someone renamed it by hand. Give it its name back, then run the phase again: az sql db rename --new-name ${pair.name} --ids ${id}`,
  };
}

/** The record is read from its mirror: someone deleted the clone, and with it the database of the read-only copy. */
export function lostClone(observed: Observed): Drift | undefined {
  return lostCloneOf(observed, windowOpen(observed));
}

/** @param isOpen whether the read-only window is open: without a marker to read, what the record says of it. */
export function lostCloneOf(part: DatabasePart, isOpen: boolean): Drift | undefined {
  if (part.recordIn !== 'mirror') return undefined;
  const lost = part.databases.filter((pair) => pair.clone === null).map((pair) => pair.name);
  const what = lost.length > 0 ? `The clone of ${lost.join(', ')} is` : 'The tags of the clone are';
  return {
    found: `${what} gone; the record of deployment ${part.deploymentId} is read from its mirror on ${part.recordDatabase}.`,
    mend: isOpen
      ? 'The read-only copy that visitors are on has lost its database. Run "complete" when the candidate is validated, otherwise "rollback", then "validate" and "complete".'
      : 'Run "cleanup".',
  };
}

function candidateDrift(observed: Observed, record: DeploymentRecord): Drift | undefined {
  const candidate = record.candidate;
  if (candidate === undefined) return undefined;
  const slot = [observed.readonlySlot, observed.stagingSlot].find((each) => each?.name === candidate.slot);
  const expected = `${record.deploymentId}/${candidate.role}/${candidate.attempt}`;
  if (slot?.markerText === expected) return undefined;
  return {
    found: `Slot ${candidate.slot} should hold the candidate ${expected}, but ${slot ? `its marker is "${slot.markerText || 'none'}"` : 'it does not exist'}.`,
    mend: 'Run "deploy" again to bring the new build there, or "rollback".',
  };
}

function stateInWindow(record: DeploymentRecord): State {
  if (record.candidate === undefined) return 'read-only';
  if (record.verdict !== undefined && record.verdict.result !== 'failed') return 'validated';
  return record.candidate.role === 'new' ? 'deployed' : 'rolled-back';
}

/** The phases that may run next, the usual one first. */
export function nextPhases(state: State, record: DeploymentRecord | null): readonly Phase[] {
  switch (state) {
    case 'none':
      return ['preflight', 'clone'];
    case 'cloning':
      return ['clone', 'cleanup'];
    case 'cloned':
      return ['read-only', 'cleanup'];
    case 'read-only-ready':
      return ['switch', 'cleanup'];
    case 'read-only':
      if (record?.rollbackPoint === undefined) return ['switch', 'rollback'];
      return ['deploy', 'rollback'];
    case 'deployed':
    case 'rolled-back':
      return ['validate', forward(record), 'rollback'];
    case 'validated':
      // The candidate serves already: only the soak is not over.
      if (record?.windowClosedAt !== undefined) return ['complete', 'rollback'];
      return ['complete', 'validate', forward(record), 'rollback'];
    case 'rolling-back':
      return ['rollback'];
    case 'completed':
      return ['cleanup', 'rollback'];
    case 'drifted':
      return ['status'];
  }
}

/** A rollback may come before the rollback point was taken: then `switch` takes it before anything is deployed. */
function forward(record: DeploymentRecord | null): Phase {
  return record?.rollbackPoint === undefined ? 'switch' : 'deploy';
}
