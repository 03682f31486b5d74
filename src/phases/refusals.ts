import { shell } from '../deployment/commands.ts';
import { companionDrift } from '../deployment/companion-drift.ts';
import { driftOf, lostClone, lostLiveBuild } from '../deployment/drift.ts';
import { isEmptied } from '../deployment/instances.ts';
import { missingOriginal } from '../deployment/missing-original.ts';
import { nextPhases } from '../deployment/next-phases.ts';
import type { Observed, Slot } from '../deployment/observed.ts';
import { SLOT_TAG } from '../deployment/our-tags.ts';
import { isOverwritten } from '../deployment/overwritten.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { isUnmoved } from '../deployment/restored.ts';
import { stateOf } from '../deployment/state.ts';
import { Stop } from '../errors.ts';
import type { PhaseName } from '../settings/phases.ts';

/** A refusal: nothing was changed, and this is what to run instead. */
export function refuse(happened: string, next: string): never {
  throw new Stop('refused', happened, next);
}

/** The record of the open deployment, or a refusal that names the phase to run. */
export function openRecord(phase: PhaseName, observed: Observed): DeploymentRecord {
  if (observed.record) return observed.record;
  stopOnDrift(observed);
  refuse(
    `Phase ${phase} needs an open deployment of ${observed.app.name}, and there is none that this workflow run began.`,
    'Run "clone" first, or name the deployment with input deployment-id (or "open").',
  );
}

/** Stops on what the design does not know, naming what was found and what would fix it (safety rule 10). */
export function stopOnDrift(observed: Observed): void {
  stopOn(driftOf(observed));
}

/** Only a new copy leads out, not the phases that are usual in the window. */
export function stopOnOverwritten(observed: Observed): void {
  if (isOverwritten(observed)) stopOnDrift(observed);
  stopOnCompanions(observed);
}

/** Visitors of another app that moves along are where nobody has brought them. */
export function stopOnCompanions(observed: Observed): void {
  stopOn(companionDrift(observed));
}

/** For the phases that need the clone; all others work from the mirror of the record. */
export function stopWithoutClone(observed: Observed): void {
  stopOn(lostClone(observed));
}

/** For the phases that start a build on an original: it would not find it. */
export function stopOnStrayed(observed: Observed): void {
  stopOn(missingOriginal(observed));
}

/**
 * Refuses while a rollback restores and renames databases: only the same rollback may finish that. Before the first of them was
 * moved, "deploy" may begin anew.
 */
export function refuseDuringRollback(phase: PhaseName, observed: Observed, record: DeploymentRecord): void {
  if (record.rollbackUnderWay?.databases !== 'moving') return;
  const others = isUnmoved(observed) ? `; no database has been moved yet, so you may also run "deploy" instead` : '';
  refuse(
    `A rollback of ${record.rollbackUnderWay.scope} is under way; ${phase} may not run before it has ended.`,
    `Run "rollback" again with rollback-scope: ${record.rollbackUnderWay.scope}${others}.`,
  );
}

/** The refusal of a phase that is not next in the present state: what has drifted says more than the state. */
export function refuseState(phase: PhaseName, observed: Observed, needs: string): never {
  stopOnDrift(observed);
  stopWithoutClone(observed);
  refuse(
    `Phase ${phase} needs ${needs}, but the deployment is in state ${stateOf(observed)}.`,
    `Run ${oneOf(nextPhases(observed))}.`,
  );
}

/** Phases as they stand in an advice. */
export function oneOf(phases: readonly PhaseName[]): string {
  return phases.map((name) => `"${name}"`).join(' or ');
}

/** A build that was started and did not come up. The plan has seen to it; what may be tried next depends on the phase. */
export function notStarted(stop: Stop, ways: string): Stop {
  return new Stop(stop.kind, stop.happened, `${stop.next} ${ways}`, { azure: stop.azure, cause: stop });
}

/** A slot that must exist by now: who prepares it makes it anew, but for a live build, of which nothing else is left. */
export function existing(slot: Slot | null, name: string, preparedBy: 'read-only' | 'deploy' | 'nobody'): Slot {
  if (slot) return slot;
  throw new Stop(
    'drifted',
    `Slot ${name} does not exist any more.`,
    preparedBy === 'nobody'
      ? 'Someone deleted it. App Service keeps a deleted slot with its settings for 30 days: bring it back (az webapp deleted list, az webapp deleted restore), then run the phase again.'
      : `Someone deleted it. Run "${preparedBy}" again: it makes the slot anew.`,
  );
}

/**
 * The live build in the window: where the read-only copy came from, the only one with its settings. Nothing else may be taken
 * for it, so what is wrong with it is a stop.
 */
export function existingLiveBuild(observed: Observed, record: DeploymentRecord): Slot {
  stopOn(lostLiveBuild(observed));
  const slot = existing(observed.readonlySlot, record.readonlySlot, 'nobody');
  refuseForeign(observed, slot);
  if (isEmptied(slot)) {
    throw new Stop(
      'drifted',
      `Slot ${slot.name} should hold the live build, and it has been emptied.`,
      '"cleanup" has begun: run it again to its end, as soon as visitors are on a candidate, then deploy the old package with a deployment of its own.',
    );
  }
  if (slot.marker?.deploymentId !== observed.deploymentId || slot.marker.role === 'live') return slot;
  throw new Stop(
    'drifted',
    `Slot ${slot.name} should hold the live build, but its marker is "${slot.markerText}".`,
    'Someone swapped slots by hand: find the slot that holds the live build and swap it back there, then run the phase again.',
  );
}

/** The tag of a slot stays with it in a swap. Whoever may write tags of the database can name any slot there. */
function refuseForeign(observed: Observed, { name, id, tags }: Slot): void {
  if (tags[SLOT_TAG] !== undefined) return;
  throw new Stop(
    'drifted',
    `Slot ${name}, which the record names as that of the live build, does not bear the tag ${SLOT_TAG}: it may belong to somebody else.`,
    `Find out which slot holds the live build of deployment ${observed.deploymentId}. When it is this one, write its tag back, then run the phase again: az tag update --operation Merge --resource-id ${shell(id)} --tags ${SLOT_TAG}=yes. Otherwise correct the tag zdd-readonly-slot of database ${observed.recordDatabase}.`,
  );
}

function stopOn(found: Stop | undefined): void {
  if (found) throw found;
}
