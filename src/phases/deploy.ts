import type { SlotSettings } from '../azure/slot-settings.ts';
import { disarmedSettings, newBuildSettings } from '../deployment/instances.ts';
import { BUILD_SETTING } from '../deployment/marker.ts';
import type { Observed } from '../deployment/observed.ts';
import { openedSincePoint } from '../deployment/originals.ts';
import { isUnmoved } from '../deployment/restored.ts';
import { windowOpen } from '../deployment/stage.ts';
import { areUntouched } from '../deployment/untouched.ts';
import type { Settings } from '../settings/settings.ts';
import { recordFields, startSlot, writeSettings } from '../steps/constructors.ts';
import { inOrder, sideBySide } from '../steps/in-order.ts';
import type { Plan, Step } from '../steps/steps.ts';
import { openIntentPlan } from '../swap/plan.ts';
import { companionCandidates } from './companion-builds.ts';
import { refuseApart } from './companion-moves.ts';
import { awaitLiveBuild } from './cut-off.ts';
import { attemptOf, beginSteps, letInSteps, uploadedBuild } from './deploy-attempt.ts';
import { afterStartSteps, migrateSteps, quietBuilds, readWriteSteps, setUpSteps } from './deploy-databases.ts';
import { checkAgain } from './guard.ts';

import { carrySteps } from './kept-files.ts';

import { configSteps } from './match-config.ts';
import { changing } from './phase.ts';
import { prepareRollback } from './prepare-rollback.ts';
import { type Preparation, prepareSlot, refuseRouted, sameSettings, uploadOf } from './prepare-slot.ts';
import {
  existingLiveBuild,
  notStarted,
  openRecord,
  refuse,
  refuseDuringRollback,
  refuseState,
  stopOnDrift,
  stopOnOverwritten,
  stopOnStrayed,
  stopWithoutClone,
} from './refusals.ts';

/**
 * The original databases are updated and read-write; the new build runs on the staging slot and is healthy; nobody is on it
 * yet.
 */
export const deploy = changing('deploy', plan);

function plan(settings: Settings, observed: Observed): Plan {
  const record = openRecord('deploy', observed);
  const settle = openIntentPlan(observed);
  if (settle) return settle;
  stopOnOverwritten(observed);
  if (!isUnmoved(observed)) refuseDuringRollback('deploy', observed, record);
  if (!windowOpen(observed)) refuseState('deploy', observed, 'visitors on the read-only copy');
  stopWithoutClone(observed);
  stopOnStrayed(observed);
  if (record.rollbackPoint === undefined) {
    if (record.deployBegun !== undefined) stopOnDrift(observed);
    refuse('No rollback point is recorded.', 'Run "switch" again: it ends only when the point is taken.');
  }
  refuseOpened(observed);
  existingLiveBuild(observed, record);
  refuseApart(observed);
  const attempt = attemptOf(settings, observed, record);
  if (!observed.newBuild && uploadedBuild(observed) === undefined) {
    refuse(
      'Neither package nor image is given, and the staging slot holds no new build.',
      'Give the zip file of the new build with input package, or its image with input image.',
    );
  }
  const done = record.attempt === attempt.number && record.candidate?.role === 'new';
  const staging = record.stagingSlot;
  const final = newBuildSettings(settings, observed, attempt.number);
  const { stagingSlot } = observed;
  const armed =
    stagingSlot !== null && sameSettings(stagingSlot, final) && configSteps(observed, stagingSlot).length === 0;
  const runs = armed && stagingSlot.state === 'Running';
  const migrate = migrateSteps(settings, record, attempt);
  const proven = runs && observed.thisRun.started[staging] === stagingSlot.markerText;

  if (!armed) refuseRouted(observed);
  const { didNotStart } = observed.thisRun;
  if (didNotStart?.slot === staging) {
    throw notStarted(didNotStart.stop, 'Then run "deploy" with a fixed package; or run "rollback".');
  }
  const others = companionCandidates(settings, observed, attempt.number, migrate.length > 0);
  const begins = beginSteps(settings, record, attempt);
  const after = afterStartSteps(settings, record, attempt);
  const prepares = !(armed && migrate.length === 0);
  const preparation = sideBySide(
    prepares ? prepareSlot(settings, observed, disarmedBuild(settings, observed, final)) : [],
    others.before,
  );
  const lets = letInSteps(record, attempt);
  const disarms = preparation.length > 0 && !areUntouched(observed, record);
  return inOrder(
    awaitLiveBuild(observed, record),
    setUpSteps(settings, observed, [...migrate, ...after]),
    begins.length > 0 && checkAgain('deploy', settings, observed),
    ...sideBySide(begins, inOrder(prepareRollback(settings, observed))),
    ...(disarms ? lets : []),
    ...preparation,
    prepares && carrySteps(settings, observed, staging),
    ...quietBuilds(observed, record, !prepares),
    ...readWriteSteps(observed, record),
    ...(migrate.length > 0 && !disarms ? lets : []),
    migrate,
    ...sideBySide(
      inOrder(
        prepares && writeSettings(staging, final, 'its turn has come'),
        !(runs && migrate.length === 0) && startSlot(staging, 'it runs on the updated database with nobody on it'),
        !proven && proveStarted(staging, 'a deploy that ends green left a healthy candidate'),
      ),
      others.after,
    ),
    after,
    after.length > 0 && proveStarted(staging, 'it may have restarted the new build'),
    !done &&
      recordFields(
        { candidate: { role: 'new', attempt: attempt.number, slot: staging } },
        '"validate" looks at exactly this candidate',
      ),
  );
}

function proveStarted(slot: string, because: string): Step {
  return { kind: 'prove-instance', slot, as: 'started', because };
}

function refuseOpened(observed: Observed): void {
  const opened = openedSincePoint(observed);
  if (opened.length === 0) return;
  refuse(
    `Database ${opened.join(', ')} takes writes although "switch" had set it READ_ONLY: a rollback to the rollback point would lose what was written since.`,
    'Run "switch" again: it takes another point.',
  );
}

/**
 * The new build in the staging slot, disarmed: its WebJobs would run on the originals as soon as the settings name them,
 * although the slot is stopped. So it gets its real settings only when its turn has come.
 */
function disarmedBuild(settings: Settings, observed: Observed, final: SlotSettings): Preparation {
  return {
    name: settings.stagingSlot,
    slot: observed.stagingSlot,
    disarmed: disarmedSettings(settings, observed, 'new', undefined),
    final: disarmedSettings(settings, observed, 'new', final.appSettings[BUILD_SETTING]),
    content: uploadOf(observed.newBuild, settings.stagingSlot, 'it is not in the staging slot yet'),
    run: false,
    because: 'nothing of it may reach the originals before its turn',
  };
}
