import { isEmptied } from '../deployment/instances.ts';
import { sameName } from '../deployment/names.ts';
import type { Observed } from '../deployment/observed.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { toSuspend } from '../deployment/suspended.ts';
import { suspendedEntry } from '../deployment/suspended-entry.ts';
import { isDisarmed, newBuilds } from '../deployment/untouched.ts';
import type { Settings } from '../settings/settings.ts';
import { isDone } from '../steps/done.ts';
import type { Step } from '../steps/steps.ts';

/** Nobody can see what a `rollback` has sent that was cut off: the live build, or a WebJob of it, may be about to start. */
export function awaitLiveBuild(observed: Observed, { rollbackUnderWay }: DeploymentRecord): Step | false {
  return (
    rollbackUnderWay !== undefined &&
    awaited(observed, 'a rollback was cut off, and the live build that it starts must not write beside the new build')
  );
}

/**
 * Nor what a `deploy` has sent: a build that is ready and disarmed may be about to be armed, and its WebJobs run as soon as it is.
 * Before a migration that has not succeeded none is.
 */
export function awaitNewBuild(observed: Observed, record: DeploymentRecord): Step | false {
  const { deployBegun, candidate, rollbackUnderWay, migrated } = record;
  if (deployBegun === undefined || candidate !== undefined || rollbackUnderWay !== undefined || migrated === 0)
    return false;
  const isReady = newBuilds(observed).some((slot) => isDisarmed(slot, observed) && slot?.build !== undefined);
  return (
    isReady &&
    awaited(observed, 'a deploy was cut off, and the new build that it arms must not write beside the live build')
  );
}

/** Nor what a `cleanup` has sent: the DELETE of the record would leave without one what `read-only` puts off and makes again. */
export function awaitRemoval(settings: Settings, observed: Observed, record: DeploymentRecord): Step | false {
  const { readonlySlot: copy } = observed;
  const isPutBack = toSuspend(settings, observed).some((each) =>
    record.suspended?.some((entry) => sameName(entry, suspendedEntry(each))),
  );
  const isTakenAway = record.readOnlyReady !== undefined && copy !== null && isEmptied(copy);
  return (isPutBack || isTakenAway) && awaited(observed, 'a cleanup was cut off, and it may be deleting the record');
}

function awaited(observed: Observed, because: string): Step | false {
  return !isDone(observed, 'await-late-writes') && { kind: 'await-late-writes', because };
}
