import type { World } from '../world.ts';
import type { Plan, Site, Slot } from './state.ts';

export const PRODUCTION = 'production';

/** The app of that name in that resource group, whatever the case. */
export function findSite(world: World, resourceGroup: string, name: string): Site | undefined {
  const site = world.web.sites[name.toLowerCase()];
  return site?.resourceGroup.toLowerCase() === resourceGroup.toLowerCase() ? site : undefined;
}

/** A slot that must exist: the model itself refers to it. */
export function slotOf(world: World, site: string, slot: string): Slot {
  const found = world.web.sites[site.toLowerCase()]?.slots[slot.toLowerCase()];
  if (found === undefined) throw new Error(`The model refers to slot ${slot} of ${site}, which does not exist.`);
  return found;
}

/** The app that a slot belongs to. */
export function siteOf(world: World, slot: Slot): Site {
  const found = world.web.sites[slot.site.toLowerCase()];
  if (found === undefined) throw new Error(`The model refers to app ${slot.site}, which does not exist.`);
  return found;
}

/** The plan that an app runs on. */
export function planOf(world: World, site: Site): Plan {
  const found = world.web.plans[site.plan.toLowerCase()];
  if (found === undefined) throw new Error(`The model refers to plan ${site.plan}, which does not exist.`);
  return found;
}

/** Every slot of every app. */
export function* allSlots(world: World): Generator<Slot> {
  for (const site of Object.values(world.web.sites)) yield* Object.values(site.slots);
}

/** The slot where an occupant is now: deployments and restarts follow the volume through swaps. */
export function slotOfVolume(world: World, volumeId: string): Slot | undefined {
  for (const slot of allSlots(world)) if (slot.occupant.volumeId === volumeId) return slot;
  return undefined;
}

/** The slot whose instance this is. */
export function slotOfInstance(world: World, instanceId: string): Slot | undefined {
  for (const slot of allSlots(world)) if (slot.occupant.instance?.id === instanceId) return slot;
  return undefined;
}

export function isProduction(slot: Slot): boolean {
  return slot.name === PRODUCTION;
}

/** Resource id of an app or slot. */
export function idOf(world: World, slot: Slot): string {
  const site = siteOf(world, slot);
  const id = `/subscriptions/${world.subscriptionId}/resourceGroups/${site.resourceGroup}/providers/Microsoft.Web/sites/${site.name}`;
  return isProduction(slot) ? id : `${id}/slots/${slot.name}`;
}

/** ARM name: `web` or `web/staging`. */
export function armNameOf(slot: Slot): string {
  return isProduction(slot) ? slot.site : `${slot.site}/${slot.name}`;
}

/** ARM type: `Microsoft.Web/sites` or `Microsoft.Web/sites/slots`. */
export function armTypeOf(slot: Slot): string {
  return isProduction(slot) ? 'Microsoft.Web/sites' : 'Microsoft.Web/sites/slots';
}

/** Resource id of a plan. */
export function planIdOf(world: World, plan: Plan): string {
  return `/subscriptions/${world.subscriptionId}/resourceGroups/${plan.resourceGroup}/providers/Microsoft.Web/serverfarms/${plan.name}`;
}

/** ARM type of all configuration, of slots too: so it was recorded. */
export const CONFIG_TYPE = 'Microsoft.Web/sites/config';
