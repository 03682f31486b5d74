import type { Observed, Slot } from '../deployment/observed.ts';
import { originals } from '../deployment/originals.ts';
import { Stop } from '../errors.ts';
import { setReadWrite, startSlot } from '../steps/constructors.ts';
import { inOrder } from '../steps/in-order.ts';
import type { Plan } from '../steps/steps.ts';
import { swapPlan } from '../swap/plan.ts';
import { restartJobs } from './between-builds.ts';
import { startOtherApps } from './other-apps.ts';

/** Production was seen unhealthy after the swap, and the rollback point is not taken yet. */
export function isIll(observed: Observed): boolean {
  const { watched } = observed.thisRun;
  return (
    watched?.marker === observed.production.markerText &&
    !watched.healthy &&
    observed.record?.rollbackPoint === undefined
  );
}

/** The read-only copy became unhealthy and nothing was changed yet: visitors go back to the live build. */
export function undo(observed: Observed, live: Slot): Plan {
  if (live.marker?.deploymentId === observed.deploymentId) {
    // A rollback made it a candidate: visitors come to candidates by "complete" only.
    throw new Stop(
      'failed',
      `The read-only copy does not stay healthy (${observed.thisRun.watched?.why}), and "rollback" has made the live build the candidate.`,
      'Run "rollback", then "validate" and "complete": they bring visitors back to the live build.',
    );
  }
  const closed = originals(observed).filter((name) => observed.sql[name]?.readOnly === true);
  const proven = observed.thisRun.proven[live.name] === live.markerText;
  return inOrder(
    closed.map((database) => setReadWrite(database, 'the live build returns to it')),
    [
      ...(live.state === 'Running'
        ? []
        : [startSlot(live.name, 'the read-only copy is unhealthy and the live build takes over again')]),
      ...startOtherApps(observed),
    ],
    restartJobs(observed, live.name),
    !proven && {
      kind: 'prove-instance',
      slot: live.name,
      as: 'candidate',
      lastResort: `The read-only copy does not stay healthy (${observed.thisRun.watched?.why})`,
      because: 'visitors see only what was proven',
    },
    ...swapPlan(observed, { ...live, state: 'Running' }, 'undo', 'the read-only copy is unhealthy'),
  );
}

/** What ended in an undo ends red. */
export function stopAfterUndo(observed: Observed): void {
  const { watched } = observed.thisRun;
  if (watched?.purpose !== 'after-switch' || watched.healthy) return;
  throw new Stop(
    'failed',
    `The read-only copy did not stay healthy after the swap (${watched.why}), so visitors were sent back to the live build.`,
    'Nothing was changed. Look at the log of the readonly slot, then run "read-only" and "switch" again, or "cleanup".',
  );
}
