import { Stop } from '../errors.ts';
import { isSlotName } from '../settings/names.ts';
import type { Arm, AzureCall, ReadAnswer } from './arm.ts';
import { rawItems, webPages } from './pages.ts';
import { read, web } from './requests.ts';
import { planParts, type SiteParts, siteParts } from './resource-id.ts';
import { resource } from './resource-shape.ts';
import { type Plan, type Site, type SiteWire, siteOf } from './site-shapes.ts';
import type { WebOperations } from './web-operations.ts';

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
  if (slot.toLowerCase() === 'production') return site;
  if (!isSlotName(slot))
    throw new Stop('drifted', `"${slot}" is not the name of a slot.`, 'Look at where it was written.');
  return `${site}/slots/${slot}`;
}

/** True of the app itself, whose resource is the slot that serves visitors, whatever name led to the id. */
export function isProduction(id: string): boolean {
  const { slot } = siteParts(id);
  return slot === undefined || slot.toLowerCase() === 'production';
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
  const answer = await onSite(
    arm,
    { what: `read ${named(id)}`, id, repeat: 'read', accept: [404] },
    (webApps, { group, app, slot }) => (slot ? webApps.getSlot(group, app, slot) : webApps.get(group, app)),
  );
  // Not the client's own reading: it drops what it does not know, and the instant of a swap is compared as text.
  return answer.status === 404 ? null : siteOf(read(answer));
}

/** The deployment slots of the app, production not among them. */
export async function listSlots(arm: Arm, id: string): Promise<readonly Site[]> {
  const { group, app } = siteParts(id);
  const pages = await webPages(
    arm,
    { what: `list the slots of ${named(appId(id))}`, id, repeat: 'read' },
    ({ webApps }) => webApps.listSlots(group, app),
  );
  return rawItems<SiteWire>(pages).map(siteOf);
}

/** The apps of a resource group, or of the whole subscription: production alone, not their slots. */
export async function listSites(arm: Arm, subscriptionId: string, group?: string): Promise<readonly Site[]> {
  const id = `/subscriptions/${subscriptionId}${group === undefined ? '' : `/resourceGroups/${group}`}`;
  const what = group === undefined ? 'list the apps of the subscription' : `list the apps of ${group}`;
  const pages = await webPages(arm, { what, id, repeat: 'read' }, ({ webApps }) =>
    group === undefined ? webApps.list() : webApps.listByResourceGroup(group),
  );
  return rawItems<SiteWire>(pages).map(siteOf);
}

/**
 * Creates a slot: `body` is the site's resource (location, tags, identity, properties). It is live at once.
 * Rule 3: on an existing name this would silently be an update, so look first. Sent plainly: the operation of the client
 * would poll and repeat by itself.
 */
export async function createSlot(arm: Arm, id: string, body: Readonly<Record<string, unknown>>): Promise<Site> {
  return siteOf(read(await web(arm, `create ${named(id)}`, 'PUT', id, { body, timeoutMs: SLOW_MS })));
}

/** Changes single properties of a site, such as `{ scmSiteAlsoStopped: true }`. Read back: Azure ignores some. Sent plainly, as named. */
export async function patchSite(arm: Arm, id: string, properties: Readonly<Record<string, unknown>>): Promise<void> {
  await web(arm, `change ${named(id)}`, 'PATCH', id, { body: { properties }, timeoutMs: SLOW_MS });
}

export async function startSite(arm: Arm, id: string): Promise<void> {
  await onSite(arm, slowWrite(`start ${named(id)}`, id), (webApps, { group, app, slot }) =>
    slot ? webApps.startSlot(group, app, slot) : webApps.start(group, app),
  );
}

export async function stopSite(arm: Arm, id: string): Promise<void> {
  await onSite(arm, slowWrite(`stop ${named(id)}`, id), (webApps, { group, app, slot }) =>
    slot ? webApps.stopSlot(group, app, slot) : webApps.stop(group, app),
  );
}

/** The App Service plan, from `serverFarmId`; null when it cannot be seen. */
export async function getPlan(arm: Arm, serverFarmId: string): Promise<Plan | null> {
  const { group, plan } = planParts(serverFarmId);
  const answer = await arm.web(
    { what: 'read the App Service plan', id: serverFarmId, repeat: 'read', accept: [403, 404] },
    ({ appServicePlans }) => appServicePlans.get(group, plan),
  );
  if (answer.status !== 200) return null;
  const { id = serverFarmId, name = plan, sku, hyperV, isXenon } = answer.value();
  resource('an App Service plan', { id, name, properties: {} });
  const runsWindowsContainers = hyperV === true || isXenon === true;
  return { id, name, tier: sku?.tier ?? '', size: sku?.name ?? '', runsWindowsContainers };
}

/** "slot x of app y" for sentences. */
export function named(id: string): string {
  const app = /\/sites\/([^/]+)/i.exec(id)?.[1] ?? id;
  return slotName(id) === 'production' ? `app ${app}` : `slot ${slotName(id)} of app ${app}`;
}

/** Calls an operation on a slot. Production has operations of its own, without `slot`. */
export function onSite<T>(
  arm: Arm,
  call: AzureCall,
  operation: (webApps: WebOperations['webApps'], site: SiteParts) => Promise<T>,
): Promise<ReadAnswer<T>> {
  return arm.web(call, ({ webApps }) => operation(webApps, siteParts(call.id)));
}

/** Slot creation, writing settings, start and stop are synchronous and take up to minutes. */
export function slowWrite(what: string, id: string): AzureCall {
  return { what, id, repeat: 'write', timeoutMs: SLOW_MS };
}
