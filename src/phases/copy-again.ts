import { disarmedSettings, isEmptied } from '../deployment/instances.ts';
import type { Observed } from '../deployment/observed.ts';
import { originals } from '../deployment/originals.ts';
import { imageOfCopy } from '../deployment/overwritten.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { isOurs } from '../deployment/slots.ts';
import type { Settings } from '../settings/settings.ts';
import { stopSlot, stopWebJobs, writeSettings } from '../steps/constructors.ts';
import { isDone } from '../steps/done.ts';
import { inOrder } from '../steps/in-order.ts';
import type { Plan } from '../steps/steps.ts';
import { swapPlan } from '../swap/plan.ts';
import { prepareSlot } from './prepare-slot.ts';
import { readOnlyCopy } from './read-only-copy.ts';
import { existing, existingLiveBuild, stopWithoutClone } from './refusals.ts';

/**
 * Somebody wrote settings over those of the read-only copy. Production is never written (rule 1), so another copy is made in the
 * staging slot, from the live build where it waits, and sent there. The new build gives way: "deploy" brings it again.
 */
export function copyAgain(settings: Settings, observed: Observed, record: DeploymentRecord): Plan {
  stopWithoutClone(observed);
  existingLiveBuild(observed, record);
  const look = { ...observed, newBuild: null, liveImage: imageOfCopy(observed) };
  const steps = prepareSlot(settings, look, readOnlyCopy(settings, look, record.stagingSlot));
  if (steps.length > 0) return steps;
  const copy = existing(observed.stagingSlot, record.stagingSlot, 'nobody');
  return swapPlan(observed, copy, 'return', 'visitors are on settings that somebody wrote over the read-only copy', {
    candidate: undefined,
    verdict: undefined,
    ...sinceWhen(observed, record),
  });
}

/** What visitors had in between still leads to an original: it must neither run nor lie ready there. */
export function disarmOverwritten(settings: Settings, observed: Observed): Plan {
  const { stagingSlot: slot } = observed;
  if (slot === null || slot.markerText !== '' || isEmptied(slot) || !isOurs(observed, slot)) return [];
  const because = 'somebody has written its settings, and it leads to an original';
  return inOrder(
    !isDone(observed, 'stop-webjobs', slot.name) && stopWebJobs(slot.name, because),
    slot.state !== 'Stopped' && stopSlot(slot.name, because),
    [writeSettings(slot.name, disarmedSettings(settings, observed, 'new', undefined), because)],
  );
}

/** Where an original takes writes, what visitors wrote since may be there: nobody can tell since when. */
function sinceWhen(observed: Observed, record: DeploymentRecord): Partial<DeploymentRecord> {
  if (record.visitorsOnOriginalSince !== undefined || record.windowOpenedAt === undefined) return {};
  const open = originals(observed).some((name) => observed.sql[name]?.readOnly !== true);
  return open ? { visitorsOnOriginalSince: record.windowOpenedAt } : {};
}
