import { type Refusal, webRefusal } from '../arm/refusal.ts';
import { newGuid, type World } from '../world.ts';
import type { Site, Slot, Swap } from './state.ts';

/** A swap of this app that has not ended. */
export function swapInFlight(world: World, site: Site): Swap | undefined {
  for (const swap of Object.values(world.web.swaps)) {
    if (swap.site === site.name.toLowerCase() && swap.stage !== 'succeeded' && swap.stage !== 'failed') return swap;
  }
  return undefined;
}

/** While a swap is in flight every write to the app or any of its slots is refused, with the text of Azure's own answer. */
export function refuseDuringSwap(world: World, site: Site): void {
  const swap = swapInFlight(world, site);
  if (swap !== undefined) throw busy(world, site, site.slots[swap.source]?.name ?? '', swap.startedAt, swap.id);
}

/** Refuses because another operation is in progress: a swap, by what it says. */
export function busy(world: World, site: Site, slot: string, since: number, id = newGuid(world)): Refusal {
  const details = [
    `Id: ${id}`,
    'OperationName: SwapSiteSlots',
    `CreatedTime: ${usTime(since)}`,
    'WebSystemName: websites',
    `SubscriptionName: ${world.subscriptionId}`,
    `WebspaceName: ${site.resourceGroup}-${site.location.replaceAll(' ', '')}webspace`,
    `SiteName: ${site.name}`,
    `SlotName: ${slot}`,
    'ServerFarmName: ',
    'GeoOperationId: (null)',
  ].join(', ');
  return webRefusal(
    409,
    'Conflict',
    'Cannot modify this site because another operation is in progress. Details: {0}',
    [details],
    '59203',
  );
}

/**
 * A slot that takes part in a pending preview cannot be configured.
 * https://github.com/Azure/azure-cli/issues/27820
 */
export function refusePrepared(site: Site, slot: Slot): void {
  const name = slot.name.toLowerCase();
  if (site.preview?.source === name || site.preview?.target === name) throw prepared();
}

/** The refusal of whatever a pending preview forbids. */
export function prepared(): Refusal {
  const words = 'The slot cannot be changed because its configuration settings have been prepared for swap.';
  return webRefusal(409, 'Conflict', words);
}

/** `9/6/2024 4:11:07 PM` */
function usTime(at: number): string {
  const date = new Date(at);
  const hours = date.getUTCHours();
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()} ${hours % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${hours < 12 ? 'AM' : 'PM'}`;
}
