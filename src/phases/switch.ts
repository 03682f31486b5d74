import { overwrittenCompanions } from '../deployment/companion-drift.ts';
import { companionSettings, focusOn } from '../deployment/companions.ts';
import { changesSinceCopy } from '../deployment/copied-from.ts';
import { holds } from '../deployment/marker.ts';
import type { Observed, Slot } from '../deployment/observed.ts';
import { openedSincePoint, originals } from '../deployment/originals.ts';
import { isOverwritten } from '../deployment/overwritten.ts';
import { serving, windowOpen } from '../deployment/stage.ts';
import { neverRestores } from '../deployment/without-restore.ts';
import type { Settings } from '../settings/settings.ts';
import { recordFields, stopSlot, stopWebJobs } from '../steps/constructors.ts';
import { isDone } from '../steps/done.ts';
import { forApp, inOrder, sideBySide } from '../steps/in-order.ts';
import type { Plan, Step, StepOf } from '../steps/steps.ts';
import { openIntentPlan, swapPlan } from '../swap/plan.ts';
import { disarmCompanions, stopLiveBuilds } from './companion-builds.ts';
import { allOrNone, watchCompanions, withCompanions } from './companion-moves.ts';
import { copyAgain, disarmOverwritten } from './copy-again.ts';
import { checkAgain } from './guard.ts';
import { carrySteps } from './kept-files.ts';
import { stopOtherApps } from './other-apps.ts';
import { changing } from './phase.ts';
import { prepareRollback } from './prepare-rollback.ts';
import {
  existing,
  existingLiveBuild,
  openRecord,
  refuse,
  refuseDuringRollback,
  refuseState,
  stopOnDrift,
  stopWithoutClone,
} from './refusals.ts';
import { refuseResumed } from './suspended.ts';
import { illCompanion, isIll, lateUndo, missedDeadline, stopAfterUndo, undo } from './switch-undo.ts';

/**
 * Production serves the read-only copy and it stays healthy; the live build is stopped, the originals are quiet and READ_ONLY;
 * the rollback point is recorded.
 */
export const switchPhase = changing('switch', plan);

const ELSEWHERE = 'the original can only be changed while visitors are elsewhere';

/** Healthy answers for this long after the swap before the live build is stopped. */
const WATCH_SECONDS = 10;

function plan(settings: Settings, observed: Observed): Plan {
  if (observed.companions.length === 0 || serving(observed) !== 'live-build') return ofAll(settings, observed);
  return allOrNone(observed, 'switch', () => ofAll(settings, observed));
}

function ofAll(settings: Settings, observed: Observed): Plan {
  const record = openRecord('switch', observed);
  const settle = openIntentPlan(observed);
  if (settle) return watchedMeanwhile(observed, settle);
  if (isOverwritten(observed)) return copyAgain(settings, observed, record);
  const [companion] = overwrittenCompanions(observed);
  if (companion) {
    // The record has the time of the first app's swap: by that of its own its live build is known where it waits.
    const windowOpenedAt = companion.look.production.swapStatus?.at;
    const focus = { ...focusOn(observed, companion), record: { ...record, windowOpenedAt } };
    return forApp(companion.key, copyAgain(companionSettings(settings, companion.key), focus, record));
  }
  const overwritten = windowOpen(observed) ? disarmAll(settings, observed) : [];
  if (overwritten.length > 0) return overwritten;
  stopOnDrift(observed);
  stopWithoutClone(observed);
  refuseDuringRollback('switch', observed, record);
  // A job that is run again begins with its first phase: what came of it then still holds, and "deploy" goes on from there.
  if (record.deployBegun !== undefined && record.rollbackPoint !== undefined && windowOpen(observed)) return [];
  if (record.deployBegun !== undefined) {
    refuse('"deploy" has begun: the switch to the read-only copy is past.', 'Run "deploy" again, or "rollback".');
  }
  if (serving(observed) === 'candidate') refuseState('switch', observed, 'visitors on the live build');
  const isOpen = windowOpen(observed);
  if (!isOpen) {
    stopAfterUndo(settings, observed);
    if (record.readOnlyReady === undefined) refuseState('switch', observed, 'a proven read-only copy');
  }
  const names = originals(observed);
  if (!isOpen) {
    const copy = existing(observed.readonlySlot, record.readonlySlot, 'read-only');
    refuseResumed(settings, observed);
    refuseForeignCopy(observed, copy);
    refuseOutdatedCopy(observed);
    return inOrder(
      [...checkAgain('switch', settings, observed), ...proveSql(observed, names)],
      carrySteps(settings, observed, copy.name),
      ...withCompanions(observed, 'switch', swapPlan(observed, copy, 'switch', ELSEWHERE), ELSEWHERE),
      // The swap brings the live build to where the copy is now.
      ...afterSwap(settings, observed, copy, names, true),
    );
  }
  const live = existingLiveBuild(observed, record);
  if (isIll(observed) || illCompanion(observed)) return undo(observed, live);
  const missed = missedDeadline(settings, observed);
  if (missed) return lateUndo(settings, observed, live, missed);
  const watched = observed.thisRun.watched?.marker === observed.production.markerText;
  return inOrder(
    record.rollbackPoint === undefined && [...(watched ? [] : [watch()]), ...watchCompanions(observed, watch())],
    proveSql(observed, names),
    ...afterSwap(settings, observed, live, names, false),
  );
}

function disarmAll(settings: Settings, observed: Observed): Plan {
  const others = disarmCompanions(settings, observed, disarmOverwritten);
  return sideBySide(disarmOverwritten(settings, observed), others);
}

/**
 * Health and probes do not show which instance they met: somebody may have put another one into the slot. A "cleanup" that was killed
 * may have begun to take the copy away.
 */
function refuseForeignCopy({ deploymentId }: Observed, slot: Slot): void {
  const isCopy = holds(slot, deploymentId, 'read-only');
  if (isCopy && slot.marker?.attempt !== 0 && slot.state === 'Running') return;
  if (isCopy) {
    refuse(
      `The read-only copy in slot ${slot.name} is ${slot.marker?.attempt === 0 ? 'half-way made anew' : slot.state}.`,
      'Run "read-only" again: it brings the copy to its end.',
    );
  }
  refuse(
    `Slot ${slot.name} does not hold the read-only copy of deployment ${deploymentId}: its marker is "${slot.markerText || 'none'}".`,
    'Run "read-only" again: it prepares the copy anew.',
  );
}

/** What visitors have now must not be taken from them again, neither in the window nor by the new build's settings after it. */
function refuseOutdatedCopy(observed: Observed): void {
  const changes = changesSinceCopy(observed);
  if (changes.length === 0) return;
  refuse(
    `Since "read-only" made the read-only copy, production was given ${changes.join(' and ')}: visitors would get what was before.`,
    'Run "read-only" again: it copies production as it is now. Then run "switch".',
  );
}

/** What follows once visitors are on the read-only copy: the live build stops, the originals get quiet, the point is taken. */
function afterSwap(settings: Settings, observed: Observed, live: Slot, names: readonly string[], ahead: boolean): Plan {
  const { record } = observed;
  const open = names.filter((name) => observed.sql[name]?.readOnly !== true);
  // One that is replicated may not be closed, and none is restored to a point.
  const closes = !neverRestores(settings, observed);
  const stopped = live.state === 'Stopped';
  const apps = stopOtherApps(observed);
  const isOutdated = openedSincePoint(observed).length > 0;
  const pointTaken = record?.rollbackPoint !== undefined && !isOutdated;
  const quietDone =
    isDone(observed, 'await-quiet') ||
    (pointTaken && (open.length === 0 || record.otherWriters !== undefined || !closes));
  return inOrder(
    ahead ? [watch(), ...watchCompanions(observed, watch())] : [],
    record?.candidate !== undefined &&
      recordFields(
        { candidate: undefined, verdict: undefined },
        'the live build, brought back by a rollback, stops again',
      ),
    isOutdated &&
      recordFields({ rollbackPoint: undefined }, 'the originals were opened again, and may have taken writes since it'),
    apps.first,
    [
      ...(stopped ? [] : [stopSlot(live.name, 'the live build must not write to the original any more')]),
      ...apps.stops,
    ],
    ...stopLiveBuilds(observed, 'the live build must not write to the original any more'),
    ...(quietDone ? [] : getQuiet(observed, live, { databases: names, setReadOnly: closes, watching: !pointTaken })),
    !pointTaken && {
      kind: 'take-rollback-point',
      databases: names,
      because: 'a rollback of the database returns to this instant',
    },
    prepareRollback(settings, observed),
  );
}

/**
 * WebJobs go on when their app is stopped. Whether one is still in a database is seen when it is to be READ_ONLY, which fails while
 * anybody is there, and from then on none can write: so both are tried at once. Where it stays open they stop first.
 */
function getQuiet(
  observed: Observed,
  live: Slot,
  quiet: Pick<StepOf<'await-quiet'>, 'databases' | 'setReadOnly' | 'watching'>,
): Plan {
  const jobs = isDone(observed, 'stop-webjobs', live.name) ? [] : [stopWebJobs(live.name)];
  const step: Step = {
    kind: 'await-quiet',
    ...quiet,
    because: 'the rollback point must lie between the writes of the two builds',
  };
  return quiet.setReadOnly ? inOrder([...jobs, step]) : inOrder(jobs, step);
}

function proveSql(observed: Observed, names: readonly string[]): Step[] {
  if (isDone(observed, 'prove-sql') || observed.record?.rollbackPoint !== undefined) return [];
  return [
    { kind: 'prove-sql', databases: names, because: 'quiet must be measured, and only who sees others can measure it' },
  ];
}

function watch(): StepOf<'watch-production'> {
  return {
    kind: 'watch-production',
    seconds: WATCH_SECONDS,
    purpose: 'after-switch',
    because: 'the live build keeps running until its replacement stays healthy',
  };
}

/**
 * Visitors cannot write while the swap settles, so the watch begins then. Azure may still be at it: an unhealthy answer decides
 * nothing yet, and the watch is done once more.
 */
function watchedMeanwhile(observed: Observed, settle: Plan): Plan {
  const { posted, watched } = observed.thisRun;
  const isOver = posted?.ended === 'succeeded' && posted.number === observed.record?.intent?.number;
  if (!isOver || !windowOpen(observed) || watched !== undefined) return settle;
  return settle.map((batch) => [...batch, { ...watch(), tentative: true }]);
}
