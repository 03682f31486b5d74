import { type Build, buildId } from '../deployment/build.ts';
import { disarmedSettings } from '../deployment/instances.ts';
import type { Observed } from '../deployment/observed.ts';
import { windowOpen } from '../deployment/stage.ts';
import type { Settings } from '../settings/settings.ts';
import { recordFields } from '../steps/constructors.ts';
import { inOrder, sideBySide } from '../steps/in-order.ts';
import type { Plan } from '../steps/steps.ts';
import { openIntentPlan } from '../swap/plan.ts';
import { checkAgain } from './guard.ts';
import { carrySteps } from './kept-files.ts';
import { changing } from './phase.ts';
import { prepareSlot, uploadOf } from './prepare-slot.ts';
import { readOnlyCopy } from './read-only-copy.ts';
import { openRecord, refuse, refuseState, stopOnDrift, stopWithoutClone } from './refusals.ts';

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
  if (windowOpen(observed)) return [];
  if (record.windowOpenedAt !== undefined) refuseState('read-only', observed, 'visitors on the live build');
  const lost = observed.databases.filter((pair) => pair.clone?.status !== 'Online');
  if (lost.length > 0) {
    refuse(
      `The clone of ${lost.map((pair) => pair.name).join(', ')} is not there or not online.`,
      'Someone deleted or changed it. Run "cleanup", then begin again with "clone".',
    );
  }

  const checks = checkAgain('read-only', settings, observed);
  const copy = prepareSlot(settings, observed, readOnlyCopy(settings, observed, settings.readonlySlot));
  const build = observed.newBuild;
  const staging = build ? prepareSlot(settings, observed, stagingArea(settings, observed, build)) : [];
  const name = settings.readonlySlot;
  const slot = observed.readonlySlot;
  const proven = slot !== null && copy.length === 0 && observed.thisRun.proven[name] === slot.markerText;
  return inOrder(
    checks,
    ...sideBySide(copy, staging),
    build !== null && carrySteps(settings, observed, settings.stagingSlot),
    !proven && {
      kind: 'prove-instance',
      slot: name,
      as: 'read-only-copy',
      because: 'visitors see only what was proven',
    },
    record.readOnlyReady === undefined && recordFields({ readOnlyReady: observed.now }, '"switch" may run from here'),
  );
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
