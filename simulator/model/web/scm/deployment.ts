import type { World } from '../../world.ts';
import { swapInFlight } from '../conflict.ts';
import { restartApp } from '../instances.ts';
import { planOf, siteOf, slotOfVolume } from '../lookup.ts';
import { schedule } from '../pending.ts';
import { configValue } from '../site-body.ts';
import type { Deployment, Slot } from '../state.ts';
import { beginSwap } from '../swap.ts';

/** Takes a deployment in: it ends later, by itself. */
export function beginDeployment(world: World, slot: Slot, deployment: Deployment): void {
  slot.occupant.deployments.push(deployment);
  schedule(world, {
    kind: 'deployment-ends',
    at: deployment.endsAt,
    volumeId: slot.occupant.volumeId,
    deploymentId: deployment.id,
  });
}

/** The deployment that has not ended yet. */
export function deploymentUnderWay(slot: Slot): Deployment | undefined {
  return slot.occupant.deployments.find((deployment) => deployment.outcome === undefined);
}

/** Puts the new content in place, restarts the app when asked to, and swaps by itself where the slot says so. */
export function endDeployment(world: World, volumeId: string, deploymentId: string, now: number): void {
  const slot = slotOfVolume(world, volumeId);
  const deployment = slot?.occupant.deployments.find(({ id }) => id === deploymentId);
  if (slot === undefined || deployment === undefined || deployment.outcome !== undefined) return;
  if (deployment.contentId === undefined) {
    deployment.outcome = 'failed';
    return;
  }
  deployment.outcome = 'success';
  slot.occupant.contentId = deployment.contentId;
  if (deployment.restart) restartApp(world, slot, now);
  autoSwap(world, slot, now);
}

/**
 * On Linux a management operation restarts the SCM container, and a deployment that is under way ends with it.
 * https://github.com/Azure-App-Service/kudu/issues/90
 */
export function interruptDeployment(world: World, slot: Slot): void {
  const deployment = deploymentUnderWay(slot);
  if (deployment === undefined || !planOf(world, siteOf(world, slot)).reserved) return;
  stopDeployment(deployment);
}

/** Ends a deployment as a restart of SCM does. */
export function stopDeployment(deployment: Deployment): void {
  deployment.outcome = 'failed';
  deployment.failure =
    'Deployment has been stopped due to SCM container restart. The restart can happen due to a management operation on the site. Do not perform a management operation and a deployment operation in quick succession.';
}

/** Ends a deployment as a disk without room does. */
export function fillDisk(deployment: Deployment): void {
  deployment.outcome = 'failed';
  deployment.failure = 'There is not enough space on the disk.';
}

/** Kudu asks for the swap itself once a deployment has succeeded; not on Linux. */
function autoSwap(world: World, slot: Slot, now: number): void {
  const site = siteOf(world, slot);
  const target = configValue(slot, 'autoSwapSlotName');
  if (typeof target !== 'string' || target === '' || planOf(world, site).reserved) return;
  const targetSlot = site.slots[target.toLowerCase()];
  if (targetSlot === undefined || swapInFlight(world, site) !== undefined) return;
  beginSwap(world, slot, targetSlot, now);
}
