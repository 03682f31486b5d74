import { companionSettings, focusOn } from '../deployment/companions.ts';
import type { Observed } from '../deployment/observed.ts';
import { liveBuildSlot } from '../deployment/slots.ts';
import { windowOpen } from '../deployment/stage.ts';
import { signsInAsSlot } from '../preflight/identities.ts';
import type { Settings } from '../settings/settings.ts';
import { isDone } from '../steps/done.ts';
import { forApp, inOrder } from '../steps/in-order.ts';
import type { Plan, Step } from '../steps/steps.ts';
import { scaleSteps } from './plan-size.ts';
import { refuse } from './refusals.ts';

/**
 * Where each slot signs in as itself, `slot-users` agrees that its database users are made. Under the lock, and before the clones are
 * closed: then their users are those of the originals.
 */
export function slotUserSteps(settings: Settings, observed: Observed): Plan {
  if (!settings.slotUsers || observed.record?.cloned !== undefined) return [];
  return [
    ...ofOne(settings, observed),
    ...observed.companions.flatMap((companion) =>
      forApp(companion.key, ofOne(companionSettings(settings, companion.key), focusOn(observed, companion))),
    ),
  ];
}

function ofOne(settings: Settings, observed: Observed): Plan {
  if (!signsInAsSlot(observed) || isDone(observed, 'add-slot-users')) return [];
  const slots = [settings.readonlySlot, settings.stagingSlot];
  const there = [observed.readonlySlot, observed.stagingSlot];
  const because = 'its identity must be known in the databases before they are copied';
  return inOrder(
    scaleSteps(settings, observed),
    slots.filter((_, index) => there[index] === null).map((slot): Step => ({ kind: 'create-slot', slot, because })),
    [{ kind: 'add-slot-users', slots, because: 'a build signs in as the slot that it is in, and slot-users agrees' }],
  );
}

/** For who would make a slot anew: the clones know the identity of the one that is gone, and take no other. */
export function refuseNewIdentity(observed: Observed, slot: string): void {
  const { site, appSettings } = liveBuildSlot(observed);
  const isOwn = site.identity.type.includes('SystemAssigned') && appSettings.AZURE_CLIENT_ID === undefined;
  if (!isOwn || !signsInAsSlot(observed)) return;
  refuse(
    `Slot ${slot} does not exist any more: one made anew has another identity, which the databases do not know.`,
    `Run ${windowOpen(observed) ? '"rollback", then ' : ''}"cleanup", then "preflight": it says what the databases need.`,
  );
}
