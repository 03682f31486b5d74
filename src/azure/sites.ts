import { Stop } from '../errors.ts';
import type { Arm, AzureAnswer, AzureRequest } from './client.ts';
import { type Plan, type Site, type SiteWire, siteOf } from './site-shapes.ts';

export type { ConnectionString, Plan, Site, SiteIdentity, StickyNames, SwapStatus } from './site-shapes.ts';

export const WEB_VERSION = '2024-11-01';
/** Slot creation, start and stop are synchronous and take up to minutes. */
const SLOW_MS = 300_000;

/** An App Service app. */
export interface App {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

/** The resource id of the app (`production`) or of one of its slots. */
export function slotId(app: App, slot: string): string {
  const site = `/subscriptions/${app.subscriptionId}/resourceGroups/${app.resourceGroup}/providers/Microsoft.Web/sites/${app.name}`;
  return slot.toLowerCase() === 'production' ? site : `${site}/slots/${slot}`;
}

/** The app's own id, whichever of its slots `id` names. */
export function appId(id: string): string {
  return id.replace(/\/slots\/[^/]+$/i, '');
}

/** `production` or the slot's name. */
export function slotName(id: string): string {
  return /\/slots\/([^/]+)$/i.exec(id)?.[1] ?? 'production';
}

/** All functions take the id of a slot (see {@link slotId}); null when it does not exist. */
export async function getSite(arm: Arm, id: string): Promise<Site | null> {
  const answer = await web(arm, `read ${named(id)}`, 'GET', id, { accept: [404] });
  return answer.status === 404 ? null : siteOf(read(answer));
}

/** The deployment slots of the app, production not among them. */
export async function listSlots(arm: Arm, id: string): Promise<readonly Site[]> {
  const sites: Site[] = [];
  let at: string | undefined = `${appId(id)}/slots`;
  while (at !== undefined) {
    const answer: AzureAnswer = await web(arm, `list the slots of ${named(appId(id))}`, 'GET', at);
    const page: { value: readonly SiteWire[]; nextLink?: string | null } = read(answer);
    sites.push(...page.value.map(siteOf));
    at = page.nextLink ?? undefined;
  }
  return sites;
}

/**
 * Creates a slot: `body` is the site's resource (location, tags, identity, properties). It is live at once.
 * Rule 3: on an existing name this would silently be an update, so look first.
 */
export async function createSlot(arm: Arm, id: string, body: Readonly<Record<string, unknown>>): Promise<Site> {
  return siteOf(read(await web(arm, `create ${named(id)}`, 'PUT', id, { body, timeoutMs: SLOW_MS })));
}

/** Changes single properties of a site, such as `{ scmSiteAlsoStopped: true }`. Read back: Azure ignores some. */
export async function patchSite(arm: Arm, id: string, properties: Readonly<Record<string, unknown>>): Promise<void> {
  await web(arm, `change ${named(id)}`, 'PATCH', id, { body: { properties }, timeoutMs: SLOW_MS });
}

export async function deleteSlot(arm: Arm, id: string): Promise<void> {
  if (slotName(id) === 'production')
    throw new Stop('refused', 'Production is never deleted.', 'Report this as a defect.');
  await web(arm, `delete ${named(id)}`, 'DELETE', id, { accept: [404], timeoutMs: SLOW_MS });
}

export async function startSite(arm: Arm, id: string): Promise<void> {
  await web(arm, `start ${named(id)}`, 'POST', `${id}/start`, { timeoutMs: SLOW_MS });
}

export async function stopSite(arm: Arm, id: string): Promise<void> {
  await web(arm, `stop ${named(id)}`, 'POST', `${id}/stop`, { timeoutMs: SLOW_MS });
}

export async function restartSite(arm: Arm, id: string): Promise<void> {
  await web(arm, `restart ${named(id)}`, 'POST', `${id}/restart`, { timeoutMs: SLOW_MS });
}

/** Gives up a swap with preview that waits for its second half. Harmless when none does. */
export async function resetSlotConfig(arm: Arm, id: string): Promise<void> {
  await web(arm, `cancel the pending swap of ${named(appId(id))}`, 'POST', `${appId(id)}/resetSlotConfig`);
}

/** The App Service plan, from `serverFarmId`; null when it cannot be seen. */
export async function getPlan(arm: Arm, serverFarmId: string): Promise<Plan | null> {
  const answer = await web(arm, 'read the App Service plan', 'GET', serverFarmId, { accept: [403, 404] });
  if (answer.status !== 200) return null;
  const wire: { id: string; name: string; sku?: { tier?: string; name?: string; capacity?: number } } = read(answer);
  return {
    id: wire.id,
    name: wire.name,
    tier: wire.sku?.tier ?? '',
    size: wire.sku?.name ?? '',
    workers: wire.sku?.capacity ?? 1,
  };
}

/** "slot x of app y" for sentences. */
export function named(id: string): string {
  const app = /\/sites\/([^/]+)/i.exec(id)?.[1] ?? id;
  return slotName(id) === 'production' ? `app ${app}` : `slot ${slotName(id)} of app ${app}`;
}

/** A request to Microsoft.Web. */
export function web(
  arm: Arm,
  what: string,
  method: AzureRequest['method'],
  at: string,
  more: Partial<AzureRequest> = {},
): Promise<AzureAnswer> {
  return arm.request({ what, method, at, version: WEB_VERSION, ...more });
}

/** The body as the shape that the api-version promises. */
export function read<T>(answer: AzureAnswer): T {
  return answer.json() as T;
}
