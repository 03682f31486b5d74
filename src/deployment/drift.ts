import { Stop } from '../errors.ts';
import { azWebApp } from './commands.ts';
import { companionDrift } from './companion-drift.ts';
import { apartFrom, focusOn } from './companions.ts';
import { lostMarker } from './lost-marker.ts';
import { formatMarker, MARKER_SETTING, type Marker } from './marker.ts';
import { missingOriginal } from './missing-original.ts';
import type { DatabasePart, Observed } from './observed.ts';
import { isOverwritten, leadsToOriginal, namesClone } from './overwritten.ts';
import type { DeploymentRecord } from './record.ts';
import { candidateSlot } from './slots.ts';
import { serving, stageOf, stateInWindow, windowOpen } from './stage.ts';
import { swappedByHand } from './swapped-by-hand.ts';

/** The first thing in a way that the design does not know, for the phase that must tell of any: `status`. */
export function anyDrift(observed: Observed): Stop | undefined {
  return driftOf(observed) ?? lostClone(observed) ?? lostLiveBuild(observed);
}

/**
 * What is in the way of every phase, as the stop that it becomes (safety rule 10); undefined when nothing is. A lost clone or
 * live build is only in the way of the phases that need it: see {@link lostClone} and {@link lostLiveBuild}.
 */
export function driftOf(observed: Observed): Stop | undefined {
  const { record } = observed;
  if (record === null) return lostRecord(observed);
  if (record.intent !== undefined) return undefined;
  const missing = missingOriginal(observed);
  if (missing !== undefined) return missing;
  if (isOverwritten(observed)) return overwritten(observed, record);
  const lost = lostMarker(observed);
  if (lost) return withoutMarker(observed, record, lost);
  const companion = companionDrift(observed);
  if (companion !== undefined) return companion;
  const now = serving(observed);
  const swapped = now === 'live-build' ? liveBuildAway(observed) : undefined;
  if (swapped !== undefined) return swapped;
  if (record.windowOpenedAt !== undefined && record.completedAt === undefined && now === 'live-build') {
    const expected = record.visitorsOnOriginalSince === undefined ? 'the' : 'the candidate or the';
    // Who ends the deployment there has all apps where this one is, first.
    const others = apartFrom(observed).length > 0 ? '"switch", which brings the other apps back, too, then ' : '';
    return new Stop(
      'drifted',
      `Production should serve ${expected} read-only copy of deployment ${record.deploymentId}, but its marker is "${observed.production.markerText || 'none'}".`,
      `Someone swapped by hand, or wrote its settings. Swap the slot that carries ${record.deploymentId}/read-only back into production, or run ${others}"cleanup" if production is right as it is.`,
    );
  }
  if (record.windowOpenedAt === undefined && now === 'read-only-copy') {
    return new Stop(
      'drifted',
      `Production serves the read-only copy of deployment ${record.deploymentId}, which "switch" has not recorded.`,
      'Someone swapped by hand. Swap it back, then run "switch".',
    );
  }
  if (now === 'candidate' && record.visitorsOnOriginalSince === undefined) {
    return new Stop(
      'drifted',
      `Production serves ${observed.production.markerText}, which "complete" has not brought there.`,
      'Someone swapped by hand, past validation. Swap it back, or run "rollback": it sends visitors back to the read-only copy.',
    );
  }
  if (record.deployBegun !== undefined && record.rollbackPoint === undefined) {
    return new Stop(
      'drifted',
      `Deploy has begun but no rollback point is recorded for deployment ${record.deploymentId}.`,
      'A tag was removed by hand: write the tag zdd-rollback-point back on the record database; the log and the outputs of "switch" name the instant.',
    );
  }
  return now === 'read-only-copy' ? candidateDrift(observed, record) : undefined;
}

/** Nothing may be written to where the live build may be, and nothing is copied from what may be none. */
function liveBuildAway(observed: Observed): Stop | undefined {
  const away = swappedAway(observed);
  return (
    away &&
    new Stop(
      'drifted',
      away.happened,
      `When production is not right as it is, swap it back: ${away.back}. Then run "cleanup", which keeps that slot, and begin again with "clone".`,
    )
  );
}

/** A slot of whichever app may hold its only live build. @returns what happened, as a sentence, and the commands that start the slot and swap it back */
export function swappedAway(
  observed: Observed,
): { readonly happened: string; readonly start: string; readonly back: string } | undefined {
  for (const each of [observed, ...observed.companions.map((companion) => focusOn(observed, companion))]) {
    const slot = swappedByHand(each);
    if (slot !== undefined) {
      return {
        happened: `Slot ${slot.name} of ${each.app.name} was swapped with production by hand since "clone", and may hold the live build.`,
        start: azWebApp(each.app, 'start', slot.name),
        back: azWebApp(each.app, 'deployment slot swap', slot.name),
      };
    }
  }
  return undefined;
}

/** By a template, mostly. A swap would have been seen: it is no swap that leads back. */
function overwritten(observed: Observed, record: DeploymentRecord): Stop {
  const writes = !leadsToOriginal(observed)
    ? 'They still work on the copy of the database.'
    : record.deployBegun === undefined && record.otherWriters === undefined
      ? 'They work on the original database, which refuses what they write.'
      : 'They work on the original database, and what they write since goes there, beside what "deploy" has made of it.';
  const keep = namesClone(observed)
    ? ''
    : ' When production is to stay as it is, run "cleanup": the deployment ends without the new build.';
  return new Stop(
    'drifted',
    `Somebody has written settings over those of the read-only copy in production, without a swap: visitors have the files of the live build with other settings. ${writes}`,
    `Find out who writes them (a template of the infrastructure, mostly) and stop that until the deployment has ended. Then run "switch": it makes the read-only copy anew in the staging slot and sends visitors there. From there go on with "deploy", or back with "rollback".${keep}`,
  );
}

/** Everything that "rollback" stops, disarms and brings back is known by its marker. */
function withoutMarker({ app }: Observed, { completedAt }: DeploymentRecord, marker: Marker): Stop {
  return new Stop(
    'drifted',
    `Somebody has written settings over those of the ${marker.role} build in production, without a swap, and its marker is gone.`,
    `Find out who writes them (a template of the infrastructure, mostly). Write the marker back, for which production restarts: ${azWebApp(app, 'config appsettings set')} --settings ${MARKER_SETTING}=${formatMarker(marker)}. Then go on with "${completedAt === undefined ? 'complete' : 'cleanup'}", or back with "rollback".`,
  );
}

/** The record is read from its mirror: someone deleted the clone, and with it the database of the read-only copy. */
export function lostClone(observed: Observed): Stop | undefined {
  return lostCloneOf(observed, windowOpen(observed));
}

/** @param isOpen whether the read-only window is open: without a marker to read, what the record says of it. */
export function lostCloneOf(part: DatabasePart, isOpen: boolean): Stop | undefined {
  if (part.recordIn !== 'mirror') return undefined;
  const lost = part.databases.filter((pair) => pair.clone === null).map((pair) => pair.name);
  const what = lost.length > 0 ? `The clone of ${lost.join(', ')} is` : 'The tags of the clone are';
  return new Stop(
    'drifted',
    `${what} gone; the record of deployment ${part.deploymentId} is read from its mirror on ${part.recordDatabase}.`,
    isOpen
      ? `The read-only copy that visitors are on has lost its database. Run ${wayToOriginal(part.record)}.`
      : 'Run "cleanup".',
  );
}

/**
 * In the window the readonly slot held the live build with the only copy of its settings, and now there is no such slot.
 * https://learn.microsoft.com/azure/app-service/app-service-undelete
 */
export function lostLiveBuild(observed: Observed): Stop | undefined {
  const { record, readonlySlot, app } = observed;
  if (record === null || readonlySlot !== null || record.intent !== undefined || !windowOpen(observed))
    return undefined;
  const slot = record.readonlySlot;
  const restore = [
    azWebApp(app, 'deployment slot create', slot),
    azWebApp(app, 'deleted list', slot),
    `${azWebApp(app, 'deleted restore', slot)} --deleted-id '<id from that list>'`,
  ];
  // After a rollback the live build is the candidate, and nothing goes on without it.
  const isValidated = stageOf(observed, record) === 'validated' && record.candidate?.slot !== slot;
  return new Stop(
    'drifted',
    `Slot ${slot}, which held the live build, does not exist any more.`,
    `Someone deleted it.${isValidated ? ' "complete" goes on without it.' : ''} App Service keeps a deleted slot with its settings for 30 days: bring it back, then run the phase again: ${restore.join('; ')}`,
  );
}

/** Nobody can tell any more when the window opened or what has become of the originals since: no phase goes on from there. */
function lostRecord({ production, others, app }: Observed): Stop | undefined {
  const { marker } = production;
  if (marker?.role !== 'read-only' || others.length > 0) return undefined;
  return new Stop(
    'drifted',
    `Production serves the read-only copy of deployment ${marker.deploymentId}, and no database of the server has its record any more.`,
    `Someone removed its tags. Find the slot that holds the live build, set the original databases READ_WRITE, start the slot, then swap it back: ${azWebApp(app, 'deployment slot swap')} --slot <slot>`,
  );
}

function candidateDrift(observed: Observed, record: DeploymentRecord): Stop | undefined {
  const candidate = record.candidate;
  if (candidate === undefined) return undefined;
  const slot = candidateSlot(observed);
  const expected = `${record.deploymentId}/${candidate.role}/${candidate.attempt}`;
  if (slot?.markerText === expected) return undefined;
  return new Stop(
    'drifted',
    `Slot ${candidate.slot} should hold the candidate ${expected}, but ${slot ? `its marker is "${slot.markerText || 'none'}"` : 'it does not exist'}.`,
    'Run "deploy" again to bring the new build there, or "rollback".',
  );
}

function wayToOriginal(record: DeploymentRecord | null): string {
  if (record?.candidate === undefined) return '"rollback"';
  return stateInWindow(record) === 'validated' ? '"complete"' : '"validate" and "complete", or "rollback" before them';
}
