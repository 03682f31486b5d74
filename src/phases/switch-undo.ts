import { focusOn } from '../deployment/companions.ts';
import type { Companion, Observed, Slot } from '../deployment/observed.ts';
import { originals } from '../deployment/originals.ts';
import { switchDeadline } from '../deployment/switch-deadline.ts';
import { Stop } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import { setReadWrite, startSlot } from '../steps/constructors.ts';
import { inOrder } from '../steps/in-order.ts';
import type { Plan } from '../steps/steps.ts';
import { swapPlan } from '../swap/plan.ts';
import { seconds } from '../wait.ts';
import { restartJobs } from './between-builds.ts';
import { startOtherApps } from './other-apps.ts';

type Missed = NonNullable<Observed['thisRun']['missed']>;

/** Production was seen unhealthy after the swap, and the rollback point is not taken yet. */
export function isIll(observed: Observed): boolean {
  const { watched } = observed.thisRun;
  return (
    watched?.marker === observed.production.markerText &&
    !watched.healthy &&
    observed.record?.rollbackPoint === undefined
  );
}

/** The first companion of which the same was seen. */
export function illCompanion(observed: Observed): Companion | undefined {
  return observed.companions.find((companion) => isIll(focusOn(observed, companion)));
}

/** What `switch` did not come to in its time. */
export function missedDeadline(settings: Settings, observed: Observed): Missed | undefined {
  const { thisRun, record, now } = observed;
  if (record?.rollbackPoint !== undefined) return undefined;
  if (thisRun.missed !== undefined) return thisRun.missed;
  const deadline = switchDeadline(settings, observed);
  return deadline === undefined || Date.parse(now) < deadline ? undefined : late(settings);
}

function late({ switchTimeout }: Settings): Missed {
  return {
    happened: `"switch" has taken ${seconds(switchTimeout * 1000)} (switch-timeout), and the rollback point is not taken yet.`,
    fix: 'Find out from the log what took so long, or give it more time with switch-timeout.',
  };
}

/** Nothing was changed yet: nobody has to wait for somebody else's connection on a read-only site. */
export function lateUndo(settings: Settings, observed: Observed, live: Slot, missed: Missed): Plan {
  // In mode read-write what visitors wrote meanwhile would be lost.
  if (settings.switchTimeout > 0 && observed.record?.mode === 'read-only' && !isCandidate(observed, live)) {
    return undo(observed, live, '"switch" has missed its deadline');
  }
  throw new Stop('failed', missed.happened, `${missed.fix} Then run the phase again, or "rollback".`);
}

/** A rollback made it one: visitors come to candidates by "complete" only. */
function isCandidate({ deploymentId }: Observed, live: Slot): boolean {
  return live.marker?.deploymentId === deploymentId;
}

/**
 * Nothing was changed yet: visitors go back to the live build.
 * @param why where the read-only copy is healthy.
 */
export function undo(observed: Observed, live: Slot, why?: string): Plan {
  if (isCandidate(observed, live)) {
    throw new Stop(
      'failed',
      `The read-only copy does not stay healthy (${observed.thisRun.watched?.why}), and "rollback" has made the live build the candidate.`,
      'Run "rollback", then "validate" and "complete": they bring visitors back to the live build.',
    );
  }
  const because = why ?? 'the read-only copy is unhealthy';
  const closed = originals(observed).filter((name) => observed.sql[name]?.readOnly === true);
  const proven = observed.thisRun.proven[live.name] === live.markerText;
  return inOrder(
    closed.map((database) => setReadWrite(database, 'the live build returns to it')),
    [
      ...(live.state === 'Running' ? [] : [startSlot(live.name, `${because} and the live build takes over again`)]),
      ...startOtherApps(observed),
    ],
    restartJobs(observed, live.name),
    !proven && {
      kind: 'prove-instance',
      slot: live.name,
      as: 'candidate',
      ...(why === undefined && {
        lastResort: `The read-only copy does not stay healthy (${observed.thisRun.watched?.why})`,
      }),
      because: 'visitors see only what was proven',
    },
    // A copy that was only too late is as good as before; one that was ill has to be proven anew.
    ...swapPlan(
      observed,
      { ...live, state: 'Running' },
      'undo',
      because,
      why === undefined ? { readOnlyReady: undefined } : {},
    ),
  );
}

/** What ended in an undo ends red. */
export function stopAfterUndo(settings: Settings, observed: Observed): void {
  const { watched, sentBack } = observed.thisRun;
  const missed = observed.thisRun.missed ?? (sentBack ? late(settings) : undefined);
  if (missed !== undefined && watched?.healthy !== false) {
    throw new Stop(
      'failed',
      `${missed.happened} So visitors were sent back to the live build.`,
      `Nothing was changed. ${missed.fix} Then run "switch" again, or "cleanup".`,
    );
  }
  const others = Object.entries(observed.thisRun.companions ?? {});
  const ill = [['', observed.thisRun] as const, ...others].find(
    ([, run]) => run.watched?.purpose === 'after-switch' && !run.watched.healthy,
  );
  if (ill === undefined) return;
  const [key, run] = ill;
  throw new Stop(
    'failed',
    `The read-only copy${key === '' ? '' : ` of ${key}`} did not stay healthy after the swap (${run.watched?.why}), so visitors were sent back to the live build.`,
    'Nothing was changed. Look at the log of the readonly slot, then run "read-only" and "switch" again, or "cleanup".',
  );
}
