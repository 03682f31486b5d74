import type { DeployedApp, Slot } from './observed.ts';
import { slots } from './slots.ts';

/**
 * The slot of ours that was swapped with production since the deployment was opened and before it swapped anything: it may hold the only
 * live build there is. Undefined when there is none. What Azure remembers does not tell whether it was swapped back since.
 */
export function swappedByHand(look: DeployedApp): Slot | undefined {
  const { record, deploymentId } = look;
  const { at, source, destination } = look.production.swapStatus ?? {};
  if (!record || record.swaps > 0 || at === undefined || Date.parse(at) <= Date.parse(record.requestedAt))
    return undefined;
  const swapped = [source, destination].map((name) => name?.toLowerCase());
  // What this deployment has put into a slot is seen by its marker, wherever it is.
  return slots(look).find(
    ({ name, marker }) => swapped.includes(name.toLowerCase()) && marker?.deploymentId !== deploymentId,
  );
}
