import type { AppLook } from '../deployment/observed.ts';
import type { ThisRun } from '../deployment/this-run.ts';
import type { Settings } from '../settings/settings.ts';
import { isDone } from '../steps/done.ts';
import type { Step } from '../steps/steps.ts';

/** Before slots are made that the plan may have no room for, where the owner agreed that it is scaled up. */
export function scaleSteps(settings: Settings, observed: AppLook & { readonly thisRun: ThisRun }): Step[] {
  const { planSku: sku } = settings;
  const slots = [observed.readonlySlot, observed.stagingSlot].filter((slot) => slot === null).length;
  if (sku === undefined || slots === 0 || isDone(observed, 'scale-plan')) return [];
  return [{ kind: 'scale-plan', sku, slots, because: 'its slots are made next, and visitors are not moved yet' }];
}
