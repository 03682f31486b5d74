import { type Build, buildId } from '../deployment/build.ts';
import { companionSettings, focusOn } from '../deployment/companions.ts';
import { disarmedSettings } from '../deployment/instances.ts';
import type { Companion, Observed } from '../deployment/observed.ts';
import { windowOpen } from '../deployment/stage.ts';
import type { Settings } from '../settings/settings.ts';
import { recordFields, startSlot, stopSlot } from '../steps/constructors.ts';
import { isDone } from '../steps/done.ts';
import { forApp, inOrder, sideBySide } from '../steps/in-order.ts';
import type { Plan, Step } from '../steps/steps.ts';
import { openIntentPlan } from '../swap/plan.ts';
import { refuseApart } from './companion-moves.ts';
import { awaitRemoval } from './cut-off.ts';
import { setUpSteps } from './deploy-databases.ts';
import { checkAgain } from './guard.ts';
import { besideSteps, carrySteps } from './kept-files.ts';
import { changing } from './phase.ts';
import { scaleSteps } from './plan-size.ts';
import { prepareSlot, refuseRouted, uploadOf } from './prepare-slot.ts';
import { readOnlyCopy } from './read-only-copy.ts';
import { openRecord, refuse, refuseDuringRollback, refuseState, stopOnDrift, stopWithoutClone } from './refusals.ts';
import { suspendSteps } from './suspended.ts';

/**
 * The readonly slot runs the same build as production on the clone, is healthy, and cannot write; the new build is uploaded
 * and disarmed.
 */
export const readOnly = changing('read-only', plan);

function plan(settings: Settings, observed: Observed): Plan {
  const record = openRecord('read-only', observed);
  const settle = openIntentPlan(observed);
  if (settle) return settle;
  if (record.cloned === undefined) refuseState('read-only', observed, 'finished clones');
  stopOnDrift(observed);
  stopWithoutClone(observed);
  // A job that is run again begins with its first phase: the copy was proven, and visitors are on it.
  if (windowOpen(observed)) {
    refuseDuringRollback('read-only', observed, record);
    return [];
  }
  refuseApart(observed);
  if (record.windowOpenedAt !== undefined) refuseState('read-only', observed, 'visitors on the live build');
  const lost = observed.databases.filter((pair) => pair.clone?.status !== 'Online');
  if (lost.length > 0) {
    refuse(
      `The clone of ${lost.map((pair) => pair.name).join(', ')} is not there or not online.`,
      'Someone deleted or changed it. Run "cleanup", then begin again with "clone".',
    );
  }

  const checks = checkAgain('read-only', settings, observed);
  const copy = prepareCopy(settings, observed);
  const build = observed.newBuild;
  const staging = build ? prepareSlot(settings, observed, stagingArea(settings, observed, build)) : [];
  const companions = observed.companions.map((companion) => companionCopy(settings, observed, companion));
  const told = tellSteps(settings, observed, [copy, ...companions.map(({ copy }) => copy)]);
  const proof = proofOf(settings, observed, copy);
  const seen = observed.thisRun.copyUnseen ? 'unseen' : 'seen';
  return inOrder(
    awaitRemoval(settings, observed, record),
    checks,
    ...suspendSteps(settings, observed),
    scaleSteps(settings, observed),
    setUpSteps(settings, observed, told),
    told,
    // One after the other: they may be in one plan, which is looked at again.
    ...companions.flatMap(({ scale }) => scale),
    ...sideBySide(copy, staging, ...companions.map(({ steps }) => steps)),
    build !== null && carrySteps(settings, observed, settings.stagingSlot),
    proof,
    ...companions.flatMap(({ proof }) => proof),
    (record.readOnlyReady === undefined || (proof.length === 0 && record.readOnlyReady.copy !== seen)) &&
      recordFields({ readOnlyReady: { at: observed.now, copy: seen } }, '"switch" may run from here'),
  );
}

/**
 * One that runs and that nobody has proven was started by a run that is gone: only who looks at the originals right before it starts can
 * tell it from those who were there, so it is started anew.
 */
function prepareCopy(settings: Settings, observed: Observed): Plan {
  const { readonlySlot: slot, record } = observed;
  const wanted = readOnlyCopy(settings, observed, settings.readonlySlot);
  const copy = prepareSlot(settings, observed, wanted);
  if (copy.length > 0 || slot === null || record?.readOnlyReady !== undefined) return copy;
  if (isDone(observed, 'start-slot', slot.name)) return copy;
  refuseRouted(observed);
  const because = 'whoever was in an original before it was started is not known, and it may be in one';
  return inOrder(stopSlot(slot.name, because), startSlot(slot.name, wanted.because));
}

/** Another app's copy and new build, as if it were the only one. */
function companionCopy(settings: Settings, observed: Observed, companion: Companion) {
  const [own, focus] = [companionSettings(settings, companion.key), focusOn(observed, companion)];
  const copy = prepareCopy(own, focus);
  const build = companion.does === 'build' ? focus.newBuild : null;
  const beside = besideSteps(own, focus, own.stagingSlot);
  const staging = build ? prepareSlot(own, focus, { ...stagingArea(own, focus, build), beside }) : [];
  return {
    copy,
    scale: forApp(companion.key, inOrder(scaleSteps(own, focus))),
    steps: forApp(companion.key, sideBySide(copy, staging)),
    proof: forApp(companion.key, inOrder(proofOf(own, focus, copy))),
  };
}

/** copy-command, before anything that it tells is started. A copy that runs with its settings was told of it already. */
function tellSteps({ copyCommand: command }: Settings, observed: Observed, copies: readonly Plan[]): Step[] {
  if (command === undefined || copies.every((copy) => copy.length === 0) || isDone(observed, 'tell-copy')) return [];
  return [{ kind: 'tell-copy', command, because: 'the copy finds its database where this command writes' }];
}

function proofOf({ readonlySlot: name }: Settings, { readonlySlot: slot, thisRun }: Observed, copy: Plan): Step[] {
  const proven = slot !== null && copy.length === 0 && thisRun.proven[name] === slot.markerText;
  if (proven) return [];
  return [{ kind: 'prove-instance', slot: name, as: 'read-only-copy', because: 'visitors see only what was proven' }];
}

function stagingArea(settings: Settings, observed: Observed, build: Build) {
  const name = settings.stagingSlot;
  return {
    name,
    slot: observed.stagingSlot,
    disarmed: disarmedSettings(settings, observed, 'new', undefined),
    final: disarmedSettings(settings, observed, 'new', buildId(build)),
    content: uploadOf(build, name, 'what can be done before the window is done before it'),
    run: false,
    because: 'the new build waits here, disarmed, for its turn',
  };
}
