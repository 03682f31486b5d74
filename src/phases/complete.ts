import { candidateOf, copyOf, focusOn } from '../deployment/companions.ts';
import type { Observed, Slot } from '../deployment/observed.ts';
import { originals } from '../deployment/originals.ts';
import type { Candidate, DeploymentRecord, Verdict } from '../deployment/record.ts';
import { candidateSlot, copySlot } from '../deployment/slots.ts';
import { serving, windowOpen } from '../deployment/stage.ts';
import { candidateFingerprint } from '../deployment/verdict.ts';
import { Stop } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import { recordFields, startSlot, stopSlot } from '../steps/constructors.ts';
import { isDone } from '../steps/done.ts';
import { forApp, inOrder } from '../steps/in-order.ts';
import type { Plan, Step, StepOf } from '../steps/steps.ts';
import { openIntentPlan, swapPlan } from '../swap/plan.ts';
import { allOrNone, watchCompanions, withCompanions } from './companion-moves.ts';
import { isOutOfSight, refuseOtherCandidate, refuseWithoutVerdict } from './complete-verdict.ts';
import { carryFromCopy } from './kept-files.ts';
import { configSteps } from './match-config.ts';
import { forgetOtherApps, startOtherApps } from './other-apps.ts';
import { refuseOverdue } from './overdue.ts';
import { changing } from './phase.ts';
import { existing, openRecord, refuse, refuseDuringRollback, refuseState, stopOnDrift } from './refusals.ts';

/**
 * Production serves the candidate, read-write, on the original databases; it stayed healthy through the soak; the read-only
 * copy is stopped.
 */
export const complete = changing('complete', plan);

function plan(settings: Settings, observed: Observed): Plan {
  if (observed.companions.length === 0 || serving(observed) !== 'read-only-copy') return ofAll(settings, observed);
  return allOrNone(observed, 'complete', () => ofAll(settings, observed));
}

function ofAll(settings: Settings, observed: Observed): Plan {
  const record = openRecord('complete', observed);
  const settle = openIntentPlan(observed);
  if (settle) return settle;
  refuseDuringRollback('complete', observed, record);
  if (serving(observed) === 'candidate') {
    stopOnDrift(observed);
    return afterSwap(settings, observed, record);
  }
  stopAfterReturn(observed);
  stopOnDrift(observed);
  if (!windowOpen(observed))
    refuseState('complete', observed, 'visitors on the read-only copy and a validated candidate');
  if (record.candidate === undefined) refuseState('complete', observed, 'a candidate');
  const slot = existing(candidateSlot(observed), record.candidate.slot, 'deploy');
  refuseStopped(slot, record.candidate);
  refuseWithoutVerdict(settings, record);
  const closed = originals(observed).filter((name) => observed.sql[name]?.readOnly !== false);
  if (closed.length > 0 && !isOutOfSight(settings, observed)) {
    throw new Stop(
      'drifted',
      `The original database ${closed.join(', ')} is READ_ONLY or could not be read, and visitors of the candidate must be able to write.`,
      'Run "deploy" (or "rollback") again: it sets the originals READ_WRITE.',
    );
  }
  refuseOtherCandidate(settings, observed, record, slot);
  refuseOverdue('complete', settings, observed, record);
  const fields: Partial<DeploymentRecord> = {};
  if (record.visitorsOnOriginalSince === undefined) Object.assign(fields, { visitorsOnOriginalSince: observed.now });
  const { verdict } = record;
  const fingerprint = (result: Verdict['result']) => candidateFingerprint(settings, observed, slot, result);
  const holds = verdict !== undefined && verdict.result !== 'failed' && verdict.of === fingerprint(verdict.result);
  if (settings.overrideValidation !== undefined && !holds) {
    const by = `${settings.github.actor}: ${settings.overrideValidation}`.replaceAll('|', '/').slice(0, 150);
    Object.assign(fields, { verdict: { of: fingerprint('overridden'), result: 'overridden', by } });
  }
  return inOrder(
    // Of a live build that comes back it is its own.
    record.candidate.role === 'new' && configSteps(observed, slot),
    carryFromCopy(settings, observed, record, slot.name),
    ...withCompanions(observed, 'complete', swapPlan(observed, slot, 'complete', PASSED, fields), PASSED, fields),
    ...soak(settings, observed, true),
  );
}

/** The candidate serves: it must stay healthy through the soak, then the read-only copy may stop. */
function afterSwap(settings: Settings, observed: Observed, record: DeploymentRecord): Plan {
  const why = [observed, ...observed.companions.map((companion) => focusOn(observed, companion))].flatMap(illness)[0];
  if (record.completedAt === undefined && why !== undefined) return backToCopy(observed, record, why);
  return soak(settings, observed, false);
}

/** What was wrong with what an app serves, when the soak found it unhealthy. */
function illness({ thisRun: { watched }, production }: Observed): readonly string[] {
  const isIll = watched?.purpose === 'soak' && watched.marker === production.markerText && !watched.healthy;
  return isIll ? [watched.why] : [];
}

function soak(settings: Settings, observed: Observed, ahead: boolean): Plan {
  const { record } = observed;
  const watched = observed.thisRun.watched?.marker === observed.production.markerText;
  const done = record?.completedAt !== undefined;
  // After the swap it will be where the candidate is now.
  const copy = ahead ? candidateSlot(observed) : copySlot(observed);
  const asksToWrite = settings.writeProbes.length > 0 && record?.candidate?.role === 'new';
  return inOrder(
    asksToWrite &&
      !isDone(observed, 'prove-writes', 'production') &&
      !done && {
        kind: 'prove-writes',
        slot: 'production',
        because: 'the window is over when visitors can write again',
      },
    [
      ...(watched || done ? [] : [watchSoak(settings, observed)]),
      ...(done ? [] : watchCompanions(observed, watchSoak(settings, observed))),
      ...startOtherApps(observed),
    ],
    !isDone(observed, 'check-sessions', 'production') &&
      !done && {
        kind: 'check-sessions',
        slot: 'production',
        because: 'the candidate must be seen working on the originals',
      },
    [
      ...(copy !== null && copy.state !== 'Stopped' ? [stopSlot(copy.name, NOBODY)] : []),
      ...stopCopies(observed, ahead),
    ],
    !done && recordFields({ completedAt: observed.now, ...forgetOtherApps(observed) }, '"cleanup" may run from here'),
  );
}

const PASSED = 'the candidate passed validation';

const NOBODY = 'nobody is on the read-only copy any more';

function stopCopies(observed: Observed, ahead: boolean): Step[] {
  return observed.companions.flatMap((companion) => {
    const copy = ahead ? candidateOf(observed, companion) : copyOf(observed, companion);
    return copy === null || copy.state === 'Stopped'
      ? []
      : forApp(companion.key, [[stopSlot(copy.name, NOBODY)]]).flat();
  });
}

/** The run that moved visitors has watched production since: the soak counts from the route change. Another run has seen nothing of it. */
function watchSoak({ soakSeconds }: Settings, { record, thisRun, now }: Observed): StepOf<'watch-production'> {
  const hasMoved = thisRun.settled?.outcome === 'happened' && record?.windowClosedAt !== undefined;
  const since = hasMoved ? Math.floor((Date.parse(now) - Date.parse(record.windowClosedAt)) / 1000) : 0;
  return {
    kind: 'watch-production',
    seconds: Math.max(0, soakSeconds - Math.max(0, since)),
    purpose: 'soak',
    because: 'a late restart shows up minutes after a swap',
  };
}

/** The candidate became unhealthy during the soak. Visitors go back to the read-only copy, when that is healthy. */
function backToCopy(observed: Observed, record: DeploymentRecord, why: string): Plan {
  const copy = copySlot(observed);
  if (!copy) {
    throw new Stop(
      'failed',
      `The candidate became unhealthy during the soak (${why}), and the read-only copy is gone: the unhealthy candidate is the only instance.`,
      'Nothing was swapped. Fix the candidate or roll forward by hand; visitors are on it.',
    );
  }
  const proven = observed.thisRun.proven[copy.name] === copy.markerText;
  return inOrder(
    record.verdict !== undefined &&
      recordFields({ verdict: undefined }, 'the verdict was wrong: the candidate became unhealthy'),
    copy.state !== 'Running' && startSlot(copy.name, 'visitors go back to it'),
    !proven && {
      kind: 'prove-instance',
      slot: copy.name,
      as: 'read-only-copy',
      lastResort: `The candidate became unhealthy during the soak (${why})`,
      because: 'visitors see only what was proven',
    },
    ...swapPlan(observed, { ...copy, state: 'Running' }, 'return', 'the candidate became unhealthy during the soak'),
  );
}

/** The phase that made it the candidate starts it, and proves it. */
function refuseStopped({ name, state }: Slot, { role }: Candidate): void {
  if (state === 'Running') return;
  refuse(
    `The candidate in slot ${name} is ${state}.`,
    `Run "${role === 'new' ? 'deploy' : 'rollback'}" again: it starts the candidate and proves it.`,
  );
}

function stopAfterReturn(observed: Observed): void {
  const others = Object.entries(observed.thisRun.companions ?? {});
  const ill = [['', observed.thisRun] as const, ...others].find(
    ([, run]) => run.watched?.purpose === 'soak' && !run.watched.healthy,
  );
  if (ill === undefined) return;
  const [key, run] = ill;
  throw new Stop(
    'failed',
    `The candidate${key === '' ? '' : ` of ${key}`} became unhealthy during the soak (${run.watched?.why}), so visitors were sent back to the read-only copy. The validation no longer counts.`,
    'Run "deploy" with a fixed package, or "rollback"; then "validate" and "complete".',
  );
}
