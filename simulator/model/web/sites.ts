import type { Answer } from '../arm/answer.ts';
import { type ArmCall, isJson, type Json, propertiesOf, unmodelled } from '../arm/call.ts';
import { webRefusal } from '../arm/refusal.ts';
import { Unmodelled } from '../world.ts';
import { refusePrepared } from './conflict.ts';
import { addSlot } from './create.ts';
import { forgetIdentity, identityFrom } from './identity.ts';
import { end } from './instances.ts';
import { isProduction, PRODUCTION, planOf } from './lookup.ts';
import { slotLimit } from './plans.ts';
import { recordedSite } from './recorded/site.ts';
import { changed } from './settings.ts';
import { createdSlotBody, siteBody } from './site-body.ts';
import type { SiteCall, SlotCall } from './slot-call.ts';
import type { Slot } from './state.ts';
import { writeConfig } from './web-config.ts';

/** Properties of a site that a client may send; each is kept, and shown on GET. */
const WRITABLE = new Set([
  'clientAffinityEnabled',
  'clientAffinityProxyEnabled',
  'clientCertEnabled',
  'clientCertExclusionPaths',
  'clientCertMode',
  'enabled',
  'endToEndEncryptionEnabled',
  'hostNamesDisabled',
  'httpsOnly',
  'keyVaultReferenceIdentity',
  'outboundVnetRouting',
  'publicNetworkAccess',
  'redundancyMode',
  'scmSiteAlsoStopped',
  'storageAccountRequired',
  'virtualNetworkSubnetId',
]);
/** Sent along by clients that hand back what they read; without effect. */
const IGNORED = new Set(['serverFarmId', 'siteConfig', 'reserved', 'isXenon', 'hyperV']);

/** Apps of a resource group or subscription, production slots only. */
export function listSites(call: ArmCall): Answer {
  const group = call.path.resourceGroup?.toLowerCase();
  const sites = Object.values(call.world.web.sites).filter(
    (site) => group === undefined || site.resourceGroup.toLowerCase() === group,
  );
  const bodies = sites.map((site) => site.slots[PRODUCTION]).filter((slot) => slot !== undefined);
  return {
    status: 200,
    body: { value: bodies.map((slot) => siteBody(call.world, slot, call.now)), nextLink: null, id: null },
  };
}

/** Slots of an app, production left out. */
export function listSlots(call: SiteCall): Answer {
  const slots = Object.values(call.site.slots).filter((slot) => !isProduction(slot));
  return {
    status: 200,
    body: { value: slots.map((slot) => siteBody(call.world, slot, call.now)), nextLink: null, id: null },
  };
}

/** An app or slot itself. */
export function showSite({ world, slot, now }: SlotCall): Answer {
  return { status: 200, headers: { etag: slot.etag }, body: siteBody(world, slot, now) };
}

/** `PUT …/slots/{slot}`: a new one, or an update. */
export function putSlot(call: SiteCall): Answer {
  const { slot: name = '' } = call.names;
  const slot = call.site.slots[name.toLowerCase()];
  return slot === undefined ? create(call, name) : updateSite({ ...call, slot });
}

/** `DELETE …/slots/{slot}`: 204 when there is none. */
export function deleteSlot(call: SiteCall): Answer {
  const { world, site, now } = call;
  const name = (call.names.slot ?? '').toLowerCase();
  const slot = site.slots[name];
  if (slot === undefined) return { status: 204 };
  if (isProduction(slot)) throw unmodelled(call);
  end(world, slot, now);
  forgetIdentity(world, slot);
  delete site.slots[name];
  if (site.preview?.source === name || site.preview?.target === name) delete site.preview;
  return { status: 200 };
}

/** A new slot: running at once, without content, and inheriting nothing. The answer takes about 20 s. */
function create(call: SiteCall, name: string): Answer {
  const { world, site, now } = call;
  const plan = planOf(world, site);
  if (Object.keys(site.slots).length > slotLimit(plan)) {
    const template =
      "Cannot complete the operation because the site will exceed the number of slots allowed for the '{0}' SKU.";
    throw webRefusal(409, 'Conflict', template, [plan.sku.tier]);
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,58}$/.test(name)) throw new Unmodelled(`a slot named ${name}`);
  checkProperties(call);
  const slot = addSlot(world, site, name, now);
  try {
    apply(call, slot);
  } catch (refusal) {
    delete site.slots[name.toLowerCase()];
    throw refusal;
  }
  changed({ world, slot, now });
  return {
    status: 200,
    headers: { etag: slot.etag },
    body: createdSlotBody(world, slot, now),
    delayMs: world.durations.slotCreate,
  };
}

/** PUT onto an existing one silently updates it, and drops tags that it does not name. PATCH leaves the rest alone. */
export function updateSite(call: SlotCall): Answer {
  const { world, slot, now } = call;
  const body = isJson(call.body) ? call.body : {};
  const isTagsOnly = call.method === 'PATCH' && Object.keys(body).every((key) => key === 'tags');
  if (!isTagsOnly) refusePrepared(call.site, slot);
  checkProperties(call);
  if (call.method === 'PUT' && !isJson(body.tags)) slot.tags = {};
  apply(call, slot);
  if (!isTagsOnly) changed({ world, slot, now });
  return {
    status: 200,
    headers: { etag: slot.etag },
    body: siteBody(world, slot, now),
    ...(!isTagsOnly && { delayMs: world.durations.settingsWrite }),
  };
}

function apply(call: SiteCall, slot: Slot): void {
  const body = isJson(call.body) ? call.body : {};
  const given = propertiesOf(body);
  if (isJson(given.siteConfig)) writeConfig(slot, withoutNulls(given.siteConfig));
  if (isJson(body.tags)) slot.tags = Object.fromEntries(Object.entries(body.tags).map(([k, v]) => [k, String(v)]));
  if (isJson(body.identity)) slot.identity = identityFrom(call.world, slot, body.identity);
  // A slot's PUT ignores it: https://github.com/Azure/azure-powershell/issues/13227
  const isIgnored = (name: string) => name === 'scmSiteAlsoStopped' && call.method === 'PUT' && !isProduction(slot);
  const written = Object.entries(given).filter(
    ([name, value]) => WRITABLE.has(name) && value !== null && !isIgnored(name),
  );
  slot.properties = { ...slot.properties, ...Object.fromEntries(written) };
}

/** Read-only properties may be sent back as they were read; what nobody knows, and cloning, is refused loudly. */
function checkProperties(call: SiteCall): void {
  const given = propertiesOf(call.body);
  for (const [name, value] of Object.entries(given)) {
    const isKnown = name in recordedSite || IGNORED.has(name) || WRITABLE.has(name);
    if (!isKnown || (name === 'cloningInfo' && value !== null)) throw new Unmodelled(`${name} in the body of a site`);
  }
  for (const name of Object.keys(isJson(call.body) ? call.body : {})) {
    if (
      !['id', 'name', 'type', 'kind', 'location', 'tags', 'identity', 'properties', 'extendedLocation'].includes(name)
    ) {
      throw new Unmodelled(`${name} in the body of a site`);
    }
  }
}

function withoutNulls(config: Json): Json {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));
}
