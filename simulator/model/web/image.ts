import type { World } from '../world.ts';
import { addContent, WWWROOT } from './content.ts';
import type { Image, Slot } from './state.ts';

/** Puts an image into a registry; `reference` as `linuxFxVersion` names it: `DOCKER|shop.azurecr.io/shop:1`. */
export function addImage(
  world: World,
  image: { reference: string; files: Readonly<Record<string, Uint8Array>>; asksForIdentity: boolean },
  now: number,
): void {
  const files = Object.fromEntries(Object.entries(image.files).map(([path, bytes]) => [WWWROOT + path, bytes]));
  const contentId = addContent(world, files, [], now);
  world.web.images[image.reference] = { contentId, asksForIdentity: image.asksForIdentity };
}

/** The image that a slot runs, where it runs one that the world knows. */
export function imageOf(world: World, slot: Slot): Image | undefined {
  const { linuxFxVersion, windowsFxVersion } = slot.occupant.config;
  return world.web.images[String(linuxFxVersion ?? windowsFxVersion ?? '')];
}

/**
 * Whether the slot's worker gets its image. A registry that asks for an identity needs `acrUseManagedIdentityCreds`,
 * which stays with its slot (azure-docs#91449): a new slot cannot pull (CDCgov/trusted-intermediary#1302).
 */
export function canPull(world: World, slot: Slot): boolean {
  if (imageOf(world, slot)?.asksForIdentity !== true) return true;
  return slot.identity !== undefined && slot.fixedConfig.acrUseManagedIdentityCreds === true;
}
