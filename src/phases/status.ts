import { appOfKey } from '../deployment/app-key.ts';
import { azWebApp } from '../deployment/commands.ts';
import { anyDrift, lostCloneOf } from '../deployment/drift.ts';
import { missingOriginal } from '../deployment/missing-original.ts';
import { nextPhases } from '../deployment/next-phases.ts';
import type { Observed } from '../deployment/observed.ts';
import { isPartial, type Look, type PartialLook, wholeOf } from '../deployment/partial-look.ts';
import { stateInWindow, windowOpen, windowRecorded } from '../deployment/stage.ts';
import { unsettledSwap } from '../deployment/unsettled-swap.ts';
import { windowExceeded } from '../deployment/window-limit.ts';
import { Stop } from '../errors.ts';
import type { PhaseName } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { mustBringBack } from './bring-back.ts';
import { looking } from './phase.ts';
import { oneOf } from './refusals.ts';

/** Nothing was changed; it is said who serves what on which database, how visitors are answered, and what may be run next. */
export const status = looking('status', (settings, look) => {
  if (look.production !== undefined && look.thisRun.production === undefined) {
    return [[{ kind: 'ask-production', because: 'what serves visitors need not be healthy' }]];
  }
  try {
    stopOnLook(settings, look);
  } catch (error) {
    throw whenUnhealthy(settings, look, error);
  }
  const unhealthy = whenUnhealthy(settings, look);
  if (unhealthy !== undefined) throw unhealthy;
  return [];
});

/** Nothing is more urgent, whatever the window: it comes before everything else that is wrong. */
function whenUnhealthy({ resourceGroup, appName }: Settings, { thisRun }: Look, other?: unknown): unknown {
  if (!thisRun.production) return other;
  const also = other instanceof Stop ? other : undefined;
  const app = thisRun.illApp === undefined ? { resourceGroup, name: appName } : appOfKey(thisRun.illApp);
  return new Stop(
    'failed',
    [`Production is not healthy: ${thisRun.production}.`, also?.happened].filter(Boolean).join(' '),
    [`Look at the log of production: ${azWebApp(app, 'log tail')}.`, also?.next].filter(Boolean).join(' '),
    { azure: also?.azure, cause: other },
  );
}

function stopOnLook(settings: Settings, look: Look): void {
  const whole = wholeOf(look);
  if (whole) stopOnWhole(settings, whole);
  else if (isPartial(look)) stopOnPartial(settings, look);
}

function stopOnWhole(settings: Settings, observed: Observed): void {
  const drift = anyDrift(observed);
  if (drift) throw drift;
  stopOnForgottenSwap(settings, observed);
  if (!mustBringBack(settings, observed))
    stopWhenTooLong(settings, observed, windowOpen(observed), nextPhases(observed));
}

function stopOnPartial(settings: Settings, look: PartialLook): void {
  const { production, databasePart, now, unseen } = look;
  const [{ stop: first }] = unseen;
  if (production === undefined) throw first;
  const drifted = unseen.find(({ stop }) => stop.kind === 'drifted');
  if (drifted) throw drifted.stop;
  if (databasePart === undefined) {
    stopWithoutWindow(settings, look);
    return;
  }
  const isOpen = windowRecorded(databasePart.record);
  const drift = missingOriginal(databasePart) ?? lostCloneOf(databasePart, isOpen);
  if (drift) throw drift;
  // What else may run depends on what could not be seen; a way back always may.
  stopWhenTooLong(settings, { record: databasePart.record, now }, isOpen, ['rollback']);
}

/** A watchdog that cannot see must not look like one that sees nothing wrong. */
function stopWithoutWindow({ maxReadOnlyMinutes, onWindowExceeded }: Settings, { unseen }: PartialLook): void {
  if (maxReadOnlyMinutes === undefined || onWindowExceeded === 'warn') return;
  const { stop } = unseen[0];
  throw new Stop(
    'failed',
    `How long visitors have been read-only (max-read-only-minutes) could not be looked at. ${stop.happened}`,
    stop.next,
    { azure: stop.azure },
  );
}

/** A run that swaps ends it in this time, or ends red: nobody is at it any more. */
function stopOnForgottenSwap({ swapTimeout }: Settings, observed: Observed): void {
  const swap = unsettledSwap(observed);
  if (swap === undefined || swap.sinceMs <= swapTimeout * 1000) return;
  throw new Stop('failed', swap.happened, swap.next);
}

/** For a watchdog on a schedule: an approval that nobody gives keeps the site read-only for days. See also `bring-back.ts`. */
function stopWhenTooLong(
  settings: Settings,
  seen: Pick<Observed, 'record' | 'now'>,
  isOpen: boolean,
  phases: readonly PhaseName[],
): void {
  const exceeded = windowExceeded(settings, seen, isOpen);
  if (exceeded === undefined || !seen.record || settings.onWindowExceeded === 'warn') return;
  throw new Stop(
    'failed',
    exceeded,
    // Only a candidate that was validated waits for somebody.
    `${stateInWindow(seen.record) === 'validated' ? 'Approve or reject the job that waits in that run; or run' : 'Run'} ${oneOf(phases)}.`,
  );
}
