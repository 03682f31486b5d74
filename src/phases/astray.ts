import { focusOn } from '../deployment/companions.ts';
import type { Observed } from '../deployment/observed.ts';
import { slotNamed } from '../deployment/slots.ts';
import { stopSlot } from '../steps/constructors.ts';
import { forApp } from '../steps/in-order.ts';
import type { Plan } from '../steps/steps.ts';

/**
 * A read-only copy that works on an original, or may, is stopped before anything is said of it: it might write. Undefined when
 * this run has seen none.
 */
export function astrayPlan(observed: Observed): Plan | undefined {
  const { astray } = observed.thisRun;
  if (astray === undefined) return undefined;
  if (slotNamed(observed, astray.slot)?.state === 'Running') {
    return [[stopSlot(astray.slot, 'the read-only copy may be working on an original')]];
  }
  throw astray.stop;
}

/** The same of the copies of other apps. */
export function companionAstrayPlan(observed: Observed): Plan | undefined {
  const companion = observed.companions.find(({ key }) => observed.thisRun.companions?.[key]?.astray);
  const steps = companion && astrayPlan(focusOn(observed, companion));
  return companion && steps && forApp(companion.key, steps);
}
