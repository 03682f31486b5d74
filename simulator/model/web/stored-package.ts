import type { Answer } from '../arm/answer.ts';
import { Unmodelled, type World } from '../world.ts';
import { addContent, unpack, WWWROOT } from './content.ts';
import { containerOf } from './image.ts';
import type { Slot, StoredPackage } from './state.ts';

/** Puts a zip at a URL; a query in it is its signature. What was there gives way. */
export function storePackage(world: World, at: string, zip: Uint8Array, now: number): void {
  const url = new URL(at);
  const signature = url.searchParams.get('sig');
  const files = Object.fromEntries(Object.entries(unpack(zip) ?? {}).map(([path, bytes]) => [WWWROOT + path, bytes]));
  const contentId = addContent(world, files, [], now);
  const stored = { zip, contentId, etag: `"0x${world.nextId++}"`, ...(signature !== null && { signature }) };
  world.web.packages[url.origin + url.pathname] = stored;
}

/** What a URL gives now: the package, or the status with which it is refused. */
export function packageAt(world: World, at: string, now: number): StoredPackage | number {
  const url = new URL(at);
  const stored = world.web.packages[url.origin + url.pathname];
  if (stored === undefined) return 404;
  if (stored.signature === undefined) return stored;
  const until = Date.parse(url.searchParams.get('se') ?? '');
  const isRight = url.searchParams.get('sig') === stored.signature && until > now;
  return isRight ? stored : 403;
}

/** Where the package of a slot lies, when it runs from one on the web; a container runs its image, whatever is set. */
export function packageUrlOf(slot: Slot): string | undefined {
  const url = slot.occupant.settings.WEBSITE_RUN_FROM_PACKAGE ?? '';
  return containerOf(slot) === undefined && /^https?:/i.test(url) ? url : undefined;
}

/** Whether a slot that starts now gets its package. https://learn.microsoft.com/azure/app-service/deploy-run-package */
export function canFetch(world: World, slot: Slot, now: number): boolean {
  const url = packageUrlOf(slot);
  return url === undefined || typeof packageAt(world, url, now) === 'object';
}

/** GET and HEAD of a stored package. */
export function packageRequest(world: World, method: string, url: URL, now: number): Answer {
  if (method !== 'GET' && method !== 'HEAD') throw new Unmodelled(`${method} ${url.origin}${url.pathname}`);
  const found = packageAt(world, url.href, now);
  if (typeof found === 'number') return { status: found };
  const { zip, etag } = found;
  return { status: 200, headers: { etag }, ...(method === 'GET' && { body: zip }) };
}
