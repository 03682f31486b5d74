import { focusOn } from '../deployment/companions.ts';
import type { Observed, Slot } from '../deployment/observed.ts';
import type { Candidate, DeploymentRecord, RollbackUnderWay } from '../deployment/record.ts';
import { copySlot } from '../deployment/slots.ts';
import { serving, windowOpen } from '../deployment/stage.ts';
import { Stop } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import { recordFields, startSlot } from '../steps/constructors.ts';
import { inOrder } from '../steps/in-order.ts';
import type { Plan, Step } from '../steps/steps.ts';
import { openIntentPlan, swapPlan } from '../swap/plan.ts';
import { backwards, movedIn } from './companion-moves.ts';
import { awaitNewBuild } from './cut-off.ts';
import { checkAgain } from './guard.ts';
import { changing } from './phase.ts';
import {
  existingLiveBuild,
  openRecord,
  refuse,
  stopOnCompanions,
  stopOnDrift,
  stopOnOverwritten,
  stopOnStrayed,
} from './refusals.ts';
import { liveBuild, stopBuilds } from './rollback-builds.ts';
import { restore, restoreDone } from './rollback-restore.ts';
import { onOriginalSince, refuseUnsafe } from './rollback-safety.ts';
import { scopeOf } from './rollback-scope.ts';
import { sendBack } from './send-back.ts';

/**
 * The live build is the candidate again; with scope code-and-database the content is that of the rollback point. Nobody is
 * on it before "validate" and "complete". Before "deploy" has changed anything visitors are back on it.
 */
export const rollback = changing('rollback', plan);

function plan(settings: Settings, observed: Observed): Plan {
  const record = openRecord('rollback', observed);
  const settle = openIntentPlan(observed);
  if (settle) return settle;
  if (serving(observed) === 'candidate') return backToCopy(settings, observed, record);
  const apart = together(observed);
  if (apart)
    return settings.dryRun && windowOpen(observed) ? [...apart, ...plan(settings, allOnCopies(observed))] : apart;
  if (!windowOpen(observed)) {
    stopOnDrift(observed);
    if (record.windowOpenedAt !== undefined) {
      refuse(
        `Production serves what somebody brought there after "complete" (marker "${observed.production.markerText || 'none'}"), not the new build of this deployment.`,
        'Run "cleanup"; this action did not deploy what production serves now.',
      );
    }
    // Before the switch there is nothing to roll back; "cleanup" is next.
    return [];
  }
  stopOnOverwritten(observed);
  const scope = scopeOf(settings, observed, record);
  if (scope === 'code') stopOnStrayed(observed);
  const candidate = rolledBack(observed, record, scope);
  if (candidate && isProven(observed)) return [];
  const live = existingLiveBuild(observed, record);
  // Only the proof is missing: another attempt would restore once more.
  if (candidate) return liveBuild(settings, observed, record, live, scope, candidate.attempt);
  const back = sendBack(observed, record, live);
  if (back) return back;
  refuseUnsafe(settings, observed, record, scope);
  const continued = record.rollbackUnderWay?.scope === scope ? record.rollbackUnderWay : undefined;
  const attempt = continued?.attempt ?? record.attempt + 1;
  const moving = scope === 'code-and-database' && !restoreDone(observed, attempt);
  return inOrder(
    awaitNewBuild(observed, record),
    moving && continued === undefined && checkAgain('rollback', settings, observed),
    !(continued && !isOutdated(record)) && begin(record, scope, attempt),
    ...stopBuilds(settings, observed, record, live, attempt, moving),
    ...(moving ? restore(settings, observed, record, attempt) : []),
    (continued?.databases ?? databasesAtFirst(scope)) !== 'settled' && settled(record, scope, attempt),
    ...liveBuild(settings, observed, record, live, scope, attempt),
  );
}

/** Companions that a move has left on the other side go back first. Undefined when there are none. */
export function together(observed: Observed): Plan | undefined {
  stopOnCompanions(observed);
  const move = windowOpen(observed) ? 'complete' : 'switch';
  const back = backwards(observed, move);
  if (back.length > 0) return back;
  if (observed.record?.movingBack === undefined) return undefined;
  return inOrder(recordFields({ movingBack: undefined }, 'all apps are back'));
}

/** The live build of every app runs, and was proven in this run. */
function isProven(observed: Observed): boolean {
  return [observed, ...observed.companions.map((companion) => focusOn(observed, companion))].every(
    ({ readonlySlot: live, thisRun: { started } }) =>
      live?.state === 'Running' && started[live.name] === live.markerText,
  );
}

/** The candidate, where the record says that it is the live build, and every database is where this scope wants it. */
function rolledBack(
  observed: Observed,
  { rollbackUnderWay, candidate }: DeploymentRecord,
  scope: RollbackUnderWay['scope'],
): Candidate | undefined {
  if (rollbackUnderWay || candidate?.role !== 'live') return undefined;
  return scope === 'code' || restoreDone(observed, candidate.attempt) ? candidate : undefined;
}

/** What the live build and its jobs write from here belongs before the rollback point: `switch` takes another, unless `deploy` has begun. */
function isOutdated({ deployBegun, rollbackPoint }: DeploymentRecord): boolean {
  return deployBegun === undefined && rollbackPoint !== undefined;
}

function begin(record: DeploymentRecord, scope: RollbackUnderWay['scope'], attempt: number): Step {
  return recordFields(
    {
      rollbackUnderWay: { scope, attempt, databases: databasesAtFirst(scope) },
      attempt,
      candidate: undefined,
      verdict: undefined,
      ...(isOutdated(record) ? { rollbackPoint: undefined } : {}),
    },
    'the next run must know that a rollback is half-way',
  );
}

function databasesAtFirst(scope: RollbackUnderWay['scope']): RollbackUnderWay['databases'] {
  return scope === 'code' ? 'settled' : 'moving';
}

/** What a migration had done is gone with its database. */
function settled(record: DeploymentRecord, scope: RollbackUnderWay['scope'], attempt: number): Step {
  const gone: Partial<DeploymentRecord> = {
    ...(record.migrated === undefined ? {} : { migrated: undefined }),
    ...(record.afterStart === undefined ? {} : { afterStart: undefined }),
  };
  return recordFields(
    { rollbackUnderWay: { scope, attempt, databases: 'settled' }, ...gone },
    'the databases have their names again',
  );
}

/** After `complete`: visitors go back to the read-only copy first, then everything is as before `complete`. */
function backToCopy(settings: Settings, observed: Observed, record: DeploymentRecord): Plan {
  const scope = scopeOf(settings, observed, record);
  refuseUnsafe(settings, observed, record, scope);
  const copy = copySlot(observed);
  // After a rollback the live build serves, and the copy is where it was.
  if (copy && copy.name !== record.readonlySlot) existingLiveBuild(observed, record);
  const isLost = observed.databases.some((pair) => pair.clone === null);
  if (!copy || isLost) {
    throw new Stop(
      'refused',
      `The read-only copy ${copy ? 'has lost its database' : 'is gone'}, so visitors have nowhere to wait while the live build returns.`,
      'Run "cleanup" to its end, then deploy the old package with a deployment of its own.',
    );
  }
  const since = record.visitorsOnOriginalSince ?? onOriginalSince(observed, record);
  return inOrder(
    copy.state !== 'Running' && startSlot(copy.name, 'visitors go back to it first'),
    ...swapPlan(
      observed,
      { ...copy, state: 'Running' },
      'return',
      'nobody may be on a build that is rolled back, and the rest of the rollback is planned from there',
      record.visitorsOnOriginalSince === undefined ? { visitorsOnOriginalSince: since } : {},
    ),
    ...(settings.dryRun
      ? plan(settings, onCopyAgain(observed, { ...record, visitorsOnOriginalSince: since }, copy))
      : []),
  );
}

/** What will be there once visitors are on the copy again: a dry run shows the whole way. */
function onCopyAgain(observed: Observed, record: DeploymentRecord, copy: Slot): Observed {
  const { production, readonlySlot, stagingSlot } = observed;
  const carried = ({ appSettings, connectionStrings, marker, markerText, build }: Slot) => ({
    ...{ appSettings, connectionStrings, marker, markerText, build },
  });
  const after = (slot: Slot | null) =>
    slot && slot.name === copy.name ? { ...slot, ...carried(production), state: 'Running' } : slot;
  return {
    ...observed,
    production: { ...production, ...carried(copy) },
    readonlySlot: after(readonlySlot),
    stagingSlot: after(stagingSlot),
    record,
  };
}

/** And once those of the other apps are. */
function allOnCopies(observed: Observed): Observed {
  const record = { ...openRecord('rollback', observed), movingBack: undefined };
  const moved = movedIn(observed, 'complete');
  const companions = observed.companions.map((companion) => {
    const focus = focusOn(observed, companion);
    const copy = moved.includes(companion) ? copySlot(focus) : undefined;
    if (!copy) return companion;
    const { production, readonlySlot, stagingSlot } = onCopyAgain(focus, record, copy);
    return { ...companion, look: { ...companion.look, production, readonlySlot, stagingSlot } };
  });
  return { ...observed, record, companions };
}
