import type { World } from '../world.ts';
import { addContent, WWWROOT } from './content.ts';
import { pushImage, registryOf } from './registry.ts';
import type { Registry, Slot } from './state.ts';

/**
 * Pushes an image; `reference` as `linuxFxVersion` names it: `DOCKER|shop.azurecr.io/shop:1`. Returns its digest. A tag that
 * was there moves. Its registry lets everybody in, unless something else is said.
 */
export function addImage(
  world: World,
  image: {
    readonly reference: string;
    readonly files: Readonly<Record<string, Uint8Array>>;
    readonly asksForIdentity?: boolean;
    readonly login?: Registry['login'];
  },
  now: number,
): string {
  const files = Object.fromEntries(Object.entries(image.files).map(([path, bytes]) => [WWWROOT + path, bytes]));
  const contentId = addContent(world, files, [], now);
  return pushImage(world, image.reference.replace(/^DOCKER\|/, ''), contentId, {
    isPublic: !image.asksForIdentity && image.login === undefined,
    asksForIdentity: image.asksForIdentity === true,
    ...(image.login && { login: image.login }),
    pullers: [],
  });
}

/** What a slot runs as a container; undefined when it is none. */
export function containerOf(slot: Slot): string | undefined {
  const { linuxFxVersion, windowsFxVersion } = slot.occupant.config;
  return /^DOCKER\|(.+)$/i.exec(String(linuxFxVersion || windowsFxVersion || ''))?.[1];
}

/** The content of the image that a slot would run if it started now: a tag means what it means at that moment. */
export function imageOf(world: World, slot: Slot): string | undefined {
  const named = containerOf(slot);
  if (named === undefined) return undefined;
  const found = registryOf(world, named);
  return found?.registry.images[found.repository]?.manifests[found.digest ?? ''];
}

/**
 * Whether the slot's worker gets its image. A registry that asks for an identity needs `acrUseManagedIdentityCreds`,
 * which stays with its slot (azure-docs#91449): a new slot cannot pull (CDCgov/trusted-intermediary#1302). One with a
 * login takes it from the app settings.
 * https://learn.microsoft.com/azure/app-service/configure-custom-container#use-an-image-from-a-private-registry
 */
export function canPull(world: World, slot: Slot): boolean {
  const named = containerOf(slot);
  if (named === undefined) return true;
  const found = registryOf(world, named);
  if (found === undefined || imageOf(world, slot) === undefined) return false;
  const { isPublic, login, asksForIdentity } = found.registry;
  if (isPublic) return true;
  const { DOCKER_REGISTRY_SERVER_USERNAME: user, DOCKER_REGISTRY_SERVER_PASSWORD: password } = slot.occupant.settings;
  if (login !== undefined && login.user === user && login.password === password) return true;
  return asksForIdentity && slot.identity !== undefined && slot.fixedConfig.acrUseManagedIdentityCreds === true;
}
