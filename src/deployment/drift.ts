import { azWebApp, shell } from '../preflight/commands.ts';
import type { DatabasePart, Observed } from './observed.ts';
import type { DeploymentRecord } from './record.ts';
import { serving, windowOpen } from './serving.ts';
import { stateInWindow } from './stage.ts';

/** What was found, and what would mend it: a sentence each. */
export interface Drift {
  readonly found: string;
  readonly mend: string;
}

/** What is in a way that the design does not know; undefined when all is well. */
export function driftOf(observed: Observed): Drift | undefined {
  const { record } = observed;
  if (record === null) return lostRecord(observed);
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

/** Nobody can tell any more when the window opened or what has become of the originals since: no phase goes on from there. */
function lostRecord({ production, others, app }: Observed): Drift | undefined {
  const { marker } = production;
  if (marker?.role !== 'read-only' || others.length > 0) return undefined;
  return {
    found: `Production serves the read-only copy of deployment ${marker.deploymentId}, and no database of the server bears its record any more.`,
    mend: `Someone removed its tags. Find the slot that holds the live build, set the original databases READ_WRITE, start the slot, then swap it back: ${azWebApp(app, 'deployment slot swap')} --slot <slot>`,
  };
}

/** Somebody renamed an original: whatever connects by its name finds none, or another database. */
export function renamedOriginal({ record, databases }: DatabasePart): Drift | undefined {
  if (record === null || record.rollbackUnderWay?.databases === 'moving') return undefined;
  // A connection string may write it in another case, as SQL does not mind.
  const pair = databases.find(({ name, original }) => original && original.name.toLowerCase() !== name.toLowerCase());
  if (!pair?.original) return undefined;
  const { name, id } = pair.original;
  return {
    found: `Database ${pair.name} bears the name ${name}.`,
    mend: `Someone renamed it by hand. Give it its name back, then run the phase again: az sql db rename --new-name ${shell(pair.name)} --ids ${shell(id)}`,
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
      ? `The read-only copy that visitors are on has lost its database. Run ${wayToOriginal(part.record)}.`
      : 'Run "cleanup".',
  };
}

function wayToOriginal(record: DeploymentRecord | null): string {
  if (record?.candidate === undefined) return '"rollback", then "validate" and "complete"';
  return stateInWindow(record) === 'validated' ? '"complete"' : '"validate" and "complete", or "rollback" before them';
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
