import type { Observed } from '../deployment/observed.ts';
import { type Look, wholeOf } from '../deployment/partial-look.ts';
import { serving, stateInWindow, windowOpen } from '../deployment/stage.ts';
import { windowExceeded } from '../deployment/window-limit.ts';
import { Stop } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import { recordFields } from '../steps/constructors.ts';
import { inOrder } from '../steps/in-order.ts';
import type { Plan } from '../steps/steps.ts';
import { openIntentPlan } from '../swap/plan.ts';
import { movedIn } from './companion-moves.ts';
import { changing } from './phase.ts';
import { existingLiveBuild, openRecord, stopOnDrift, stopOnOverwritten } from './refusals.ts';
import { together } from './rollback.ts';
import { sendBack } from './send-back.ts';

/** `status` found the window too long, or apps on their way back from one, and `on-window-exceeded: rollback` says what then. */
export function mustBringBack(settings: Settings, look: Look): boolean {
  const observed = wholeOf(look);
  if (observed === undefined || settings.onWindowExceeded !== 'rollback') return false;
  if (observed.record?.movingBack === 'switch' && movedIn(observed, 'switch').length > 0) return true;
  return windowExceeded(settings, observed, windowOpen(observed)) !== undefined;
}

/**
 * The short way of `rollback` and no other: visitors are back on the live build where nothing of the new build has changed anything. Nobody
 * decides here, so where something would have to be restored or validated it stops, and somebody does.
 */
export const bringBack = changing('rollback', plan);

function plan(settings: Settings, observed: Observed): Plan {
  const record = openRecord('rollback', observed);
  const settle = openIntentPlan(observed);
  if (settle) return settle;
  if (serving(observed) === 'candidate') return [];
  if (!windowOpen(observed)) return together(observed) ?? stopOnAnyDrift(observed);
  stopOnOverwritten(observed);
  const isMoving = movedIn(observed, 'complete').length > 0;
  const back = isMoving ? undefined : sendBack(observed, record, existingLiveBuild(observed, record));
  // The first app goes back first: a run that is killed behind it leaves the others on their copies, and this tells the next one.
  const marked = observed.companions.length === 0 || record.movingBack === 'switch';
  if (back) return inOrder(!marked && recordFields({ movingBack: 'switch' }, 'all apps go back'), ...back);
  const lost =
    record.mode === 'read-write'
      ? 'what they wrote meanwhile would be lost'
      : '"deploy" or a rollback may have changed the databases';
  throw new Stop(
    'refused',
    [windowExceeded(settings, observed, true), `They were not brought back by themselves: ${lost}.`]
      .filter(Boolean)
      .join(' '),
    `${stateInWindow(record) === 'validated' ? 'Approve or reject the job that waits in that run; or run' : 'Run'} "rollback" with rollback-scope: auto.`,
  );
}

function stopOnAnyDrift(observed: Observed): Plan {
  stopOnDrift(observed);
  return [];
}
