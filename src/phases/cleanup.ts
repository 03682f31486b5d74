import { buildSource } from '../deployment/build-source.ts';
import { companionSettings, focusOn } from '../deployment/companions.ts';
import { disarmedSettings } from '../deployment/instances.ts';
import type { Companion, Observed, Slot } from '../deployment/observed.ts';
import { originals } from '../deployment/originals.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { isNamedIn, isOurs, slots } from '../deployment/slots.ts';
import { serving, windowOpen } from '../deployment/stage.ts';
import { stateOf } from '../deployment/state.ts';
import { swappedByHand } from '../deployment/swapped-by-hand.ts';
import { Stop } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import { setReadWrite, stopSlot, writeSettings } from '../steps/constructors.ts';
import { isDone } from '../steps/done.ts';
import { forApp, inOrder, sideBySide } from '../steps/in-order.ts';
import type { Plan, Step } from '../steps/steps.ts';
import { openIntentPlan } from '../swap/plan.ts';
import {
  drop,
  isMade,
  mirrors,
  otherDatabases,
  outdatedMirrors,
  recordClone,
  successorsBearingTags,
} from './cleanup-databases.ts';
import { refuseApart } from './companion-moves.ts';
import { startOtherApps } from './other-apps.ts';
import { changing } from './phase.ts';
import { refuseRouted, sameSettings } from './prepare-slot.ts';
import { refuse, refuseDuringRollback, stopOnDrift, stopOnOverwritten } from './refusals.ts';
import { deleteRules } from './stray-rules.ts';
import { refuseRestart, refuseUnnamed, resumeSteps } from './suspended.ts';

/** What this deployment made is gone; databases that were set aside are listed with the command that deletes them. */
export const cleanup = changing('cleanup', plan);

function plan(settings: Settings, observed: Observed): Plan {
  const { record } = observed;
  if (record === null) {
    stopOnDrift(observed);
    return leftovers(observed);
  }
  const settle = openIntentPlan(observed);
  if (settle) return settle;
  refuseWhileServing(observed);
  refuseDuringRollback('cleanup', observed, record);
  if (serving(observed) === 'candidate' && record.completedAt === undefined) {
    refuse('"complete" has swapped but not ended: the soak is not over.', 'Run "complete" again first.');
  }
  refuseUnnamed(settings, observed);
  refuseRestart(observed);
  const ours = slots(observed).filter((slot) => isOurs(observed, slot));
  refuseApart(observed);
  const emptied = sideBySide(
    ...ours.map((slot) => emptySlot(settings, observed, slot)),
    ...observed.companions.map((companion) => emptyCompanion(settings, observed, companion)),
  );
  return orLocked(
    observed,
    inOrder(
      lostWrites(settings, observed, record),
      openAgain(observed, record),
      startOtherApps(observed),
      ...besideEmptying(emptied, otherDatabases(observed).filter(isFree(observed)).map(drop)),
      outdatedMirrors(observed),
      successorsBearingTags(observed, 'no record'),
      deleteRules(observed),
      resumeSteps(observed),
      // The record stays as long as something is left that it tells of.
      !holdsLocks(observed) && successorsBearingTags(observed, 'record'),
      !holdsLocks(observed) && mirrors(observed),
      !holdsLocks(observed) && recordClone(observed),
    ),
  );
}

/** Before anything is taken away: what cannot be kept must still be there. */
function lostWrites({ lostWritesFile: path }: Settings, observed: Observed, { mode }: DeploymentRecord): Step[] {
  const isThere = observed.databases.some(({ clone }) => clone !== null);
  if (path === undefined || mode !== 'read-write' || !isThere || isDone(observed, 'keep-lost-writes')) return [];
  return [{ kind: 'keep-lost-writes', path, because: 'it is deleted with them, and lost-writes-file asks for it' }];
}

/** Once the slots are disarmed nothing of them leads to a database any more: their content may go while the databases do. */
function besideEmptying(emptied: Plan, drops: readonly Step[]): Plan {
  const steps = emptied.flat();
  return steps.every(({ kind }) => kind === 'empty-slot') ? [[...steps, ...drops]] : [...emptied, drops];
}

/** A lock keeps what this deployment made: the rest is gone, and the same phase ends it once the lock is. */
function orLocked({ thisRun: { locked } }: Observed, steps: Plan): Plan {
  const [name] = Object.keys(locked);
  if (steps.length > 0 || name === undefined) return steps;
  throw new Stop(
    'failed',
    `A lock keeps ${Object.keys(locked).join(', ')} from being deleted: ${locked[name]}`,
    'Delete the lock (az lock list shows its id, az lock delete --ids <id> deletes it), then run "cleanup" again. Until then databases cost as before and the deployment stays open.',
  );
}

function isFree({ thisRun: { locked } }: Observed): (database: { readonly name: string }) => boolean {
  return ({ name }) => !(name in locked);
}

function holdsLocks({ thisRun: { locked } }: Observed): boolean {
  return Object.keys(locked).length > 0;
}

/** Safety rule 8: the clone may be serving by marker, or by a setting that names it. */
function refuseWhileServing(observed: Observed): void {
  const named = observed.ours.filter((database) => isNamedIn(observed.production, database.name));
  if (!windowOpen(observed) && named.length === 0) return;
  stopOnOverwritten(observed);
  refuse(
    `Production serves ${named.map((database) => database.name).join(', ') || 'the read-only copy'}: deleting it would take the site down.`,
    stateOf(observed) === 'read-only'
      ? 'Run "rollback", which brings visitors back to the live build, then "cleanup" again; or run "deploy", then "validate" and "complete".'
      : 'Run "complete" first.',
  );
}

/** Visitors left the window in another way than "complete", by a swap by hand: the originals must not stay READ_ONLY. */
function openAgain(observed: Observed, record: DeploymentRecord): Step[] {
  if (record.windowOpenedAt === undefined || record.completedAt !== undefined) return [];
  return originals(observed)
    .filter((name) => observed.sql[name]?.readOnly === true)
    .map((database) => setReadWrite(database, 'this deployment had set it READ_ONLY'));
}

/** Without "complete" what was swapped out of production may be the only live build there is. */
function emptySlot(settings: Settings, observed: Observed, slot: Slot): Plan {
  const { record } = observed;
  const keeps = settings.keepLiveBuild || record?.completedAt === undefined;
  const wasServing = record?.windowOpenedAt !== undefined || swappedByHand(observed)?.name === slot.name;
  if (keeps && isLiveBuild(observed, slot) && wasServing) {
    return slot.state === 'Stopped' ? [] : [[stopSlot(slot.name, 'it is kept, but must not write')]];
  }
  const bare = disarmedSettings(settings, observed, 'emptied', undefined);
  const emptied = isDone(observed, 'empty-slot', slot.name);
  const because = 'nothing of the deployment stays armed';
  const steps = inOrder(
    slot.state !== 'Stopped' && stopSlot(slot.name, because),
    !sameSettings(slot, bare) && writeSettings(slot.name, bare, because),
    !(emptied || buildSource(slot).kind === 'image') && {
      kind: 'empty-slot',
      slot: slot.name,
      because: 'its content is not needed any more',
    },
  );
  if (steps.length > 0) refuseRouted(observed);
  return steps;
}

function emptyCompanion(settings: Settings, observed: Observed, companion: Companion): Plan {
  const focus = focusOn(observed, companion);
  const own = companionSettings(settings, companion.key);
  const ours = slots(focus).filter((slot) => isOurs(focus, slot));
  return forApp(companion.key, sideBySide(...ours.map((slot) => emptySlot(own, focus, slot))));
}

/** The live build where it was swapped out, without a marker of ours or as the candidate of a rollback. */
function isLiveBuild(observed: Observed, slot: Slot): boolean {
  return slot.marker?.deploymentId !== observed.deploymentId || slot.marker.role === 'live';
}

/** Nothing has our record any more: what an interrupted cleanup left is still found by its names and tags. */
function leftovers(observed: Observed): Plan {
  return orLocked(
    observed,
    inOrder(
      observed.ours
        .filter(isFree(observed))
        .filter((database) => database.tags['zdd-deployment'] === observed.deploymentId && isMade(observed, database))
        .map((database) => drop(database)),
      deleteRules(observed),
      mirrors(observed),
    ),
  );
}
