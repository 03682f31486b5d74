import type { SlotSettings } from '../azure/slot-settings.ts';
import { companionSettings, focusOn } from '../deployment/companions.ts';
import { disarmedSettings, liveBuildSettings, newBuildSettings } from '../deployment/instances.ts';
import { BUILD_SETTING } from '../deployment/marker.ts';
import type { Companion, Observed, Slot } from '../deployment/observed.ts';
import type { Settings } from '../settings/settings.ts';
import { startSlot, stopSlot, stopWebJobs, writeSettings } from '../steps/constructors.ts';
import { isDone } from '../steps/done.ts';
import { forApp, inOrder, sideBySide } from '../steps/in-order.ts';
import type { Plan, Step } from '../steps/steps.ts';
import { uploadedBuild } from './deploy-attempt.ts';
import { besideSteps } from './kept-files.ts';
import { configSteps } from './match-config.ts';
import { prepareSlot, sameSettings, uploadOf } from './prepare-slot.ts';
import { existing, refuse } from './refusals.ts';

/** What is done with the builds of an app: before the databases are quiet, and after they were brought to the new build. */
export interface Candidates {
  readonly before: Plan;
  readonly after: Plan;
}

/** The candidates of all companions for an attempt: new builds, and of those without one the live build again. */
export function companionCandidates(
  settings: Settings,
  observed: Observed,
  attempt: number,
  isMigrating: boolean,
): Candidates {
  const all = observed.companions.map((companion) => {
    const [own, focus] = [companionSettings(settings, companion.key), focusOn(observed, companion)];
    const { before, after } =
      companion.does === 'build'
        ? newBuild(own, focus, attempt, isMigrating)
        : liveAgain(own, focus, attempt, isMigrating);
    return { before: forApp(companion.key, before), after: forApp(companion.key, after) };
  });
  return {
    before: sideBySide(...all.map(({ before }) => before)),
    after: sideBySide(...all.map(({ after }) => after)),
  };
}

/** Stops the live builds of all companions where `switch` has brought them. */
export function stopLiveBuilds(observed: Observed, because: string): Plan {
  return sideBySide(
    ...observed.companions.map((companion) => {
      const live = companion.look.readonlySlot;
      return live === null ? [] : forApp(companion.key, stopped(focusOn(observed, companion), live, because));
    }),
  );
}

/** Every companion has its live build as the candidate, running. */
export function companionLiveBuilds(settings: Settings, observed: Observed, attempt: number): Plan {
  return sideBySide(
    ...observed.companions.map((companion) => {
      const [own, focus] = [companionSettings(settings, companion.key), focusOn(observed, companion)];
      return forApp(companion.key, liveAgain(own, focus, attempt, false).after);
    }),
  );
}

/** The new builds of companions stop and lose what leads to the originals. */
export function disarmCompanions(
  settings: Settings,
  observed: Observed,
  disarm: (own: Settings, focus: Observed) => Plan,
) {
  return sideBySide(
    ...observed.companions.map((companion: Companion) =>
      forApp(companion.key, disarm(companionSettings(settings, companion.key), focusOn(observed, companion))),
    ),
  );
}

function newBuild(own: Settings, focus: Observed, attempt: number, isMigrating: boolean): Candidates {
  const name = own.stagingSlot;
  const { stagingSlot, newBuild: build, app } = focus;
  if (build === null && uploadedBuild(focus) === undefined) {
    refuse(
      `other-apps gives no build of ${app.name}, and its staging slot holds none.`,
      'Give the same other-apps as "read-only" had.',
    );
  }
  const final = newBuildSettings(own, focus, attempt);
  const isArmed =
    stagingSlot !== null && sameSettings(stagingSlot, final) && configSteps(focus, stagingSlot).length === 0;
  const isReady = isArmed && !isMigrating;
  const live = existing(focus.readonlySlot, own.readonlySlot, 'nobody');
  const because = 'it must not write while the databases are updated';
  return {
    before: sideBySide(
      stopped(focus, live, because),
      isReady
        ? []
        : prepareSlot(own, focus, {
            name,
            slot: stagingSlot,
            disarmed: disarmedSettings(own, focus, 'new', undefined),
            final: disarmedSettings(own, focus, 'new', final.appSettings[BUILD_SETTING]),
            content: uploadOf(build, name, 'it is not in the staging slot yet'),
            beside: besideSteps(own, focus, name),
            run: false,
            because: 'nothing of it may reach the originals before its turn',
          }),
    ),
    after: started(focus, name, stagingSlot, isReady ? undefined : final, false),
  };
}

function liveAgain(own: Settings, focus: Observed, attempt: number, isMigrating: boolean): Candidates {
  const live = existing(focus.readonlySlot, own.readonlySlot, 'nobody');
  const wanted = liveBuildSettings(own, focus, live, attempt);
  const isReady = sameSettings(live, wanted) && !isMigrating;
  return {
    before: isReady ? [] : stopped(focus, live, 'it must not write while the databases are updated'),
    after: started(focus, live.name, live, sameSettings(live, wanted) ? undefined : wanted, true),
  };
}

/** @param final what is still to be written. */
function started(
  focus: Observed,
  name: string,
  slot: Slot | null,
  final: SlotSettings | undefined,
  once: boolean,
): Plan {
  const { didNotStart } = focus.thisRun;
  if (didNotStart?.slot === name) throw didNotStart.stop;
  const isRunning = slot?.state === 'Running' && final === undefined;
  const isProven = isRunning && focus.thisRun.started[name] === slot.markerText;
  const write = final && { ...writeSettings(name, final, 'its turn has come'), once };
  return inOrder(
    write,
    !isRunning && startSlot(name, 'it runs on the updated database with nobody on it'),
    !isProven && { kind: 'prove-instance', slot: name, as: 'started', because: 'only a healthy build can take over' },
  );
}

function stopped(focus: Observed, slot: Slot, because: string): Plan {
  const jobs: Step[] = isDone(focus, 'stop-webjobs', slot.name) ? [] : [stopWebJobs(slot.name)];
  return slot.state === 'Stopped' ? [] : inOrder(jobs, [stopSlot(slot.name, because)]);
}
