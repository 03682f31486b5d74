import { refuseDuringSwap } from '../web/conflict.ts';
import { findSite, PRODUCTION } from '../web/lookup.ts';
import { notFound } from '../web/slot-call.ts';
import type { Slot } from '../web/state.ts';
import { Unmodelled, type World } from '../world.ts';
import type { Answer } from './answer.ts';
import type { ArmCall, Json } from './call.ts';
import { parseArmPath } from './path.ts';
import { tagsAfter, tagsBody } from './tags.ts';

/** Subscriptions and resource groups: reads only. */
export function resourcesRequest(call: ArmCall): Answer {
  const { world, path } = call;
  if (call.method !== 'GET' && call.method !== 'HEAD') throw unmodelled(call);
  if (path.resourceGroup !== undefined && path.segments.length === 0) {
    return { status: 200, body: groupBody(world, path.resourceGroup) };
  }
  const [segment] = path.segments.map((one) => one.toLowerCase());
  const parts = call.url.pathname.split('/').filter((part) => part !== '');
  if (parts.length === 1 && parts[0]?.toLowerCase() === 'subscriptions') {
    return { status: 200, body: { value: [subscriptionBody(world)], count: { type: 'Total', value: 1 } } };
  }
  if (parts.length === 1 && parts[0]?.toLowerCase() === 'tenants') {
    return { status: 200, body: { value: [{ id: `/tenants/${world.tenantId}`, tenantId: world.tenantId }] } };
  }
  if (path.subscriptionId === undefined) throw unmodelled(call);
  if (path.segments.length === 0) return { status: 200, body: subscriptionBody(world) };
  if (segment === 'resourcegroups' && path.segments.length === 1) {
    return { status: 200, body: { value: Object.keys(world.resourceGroups).map((name) => groupBody(world, name)) } };
  }
  throw unmodelled(call);
}

/** `Microsoft.Resources/tags/default` of an app, a slot or a resource group (databases and servers: Microsoft.Sql). */
export function tagsRequest(call: ArmCall): Answer {
  const { world, path } = call;
  if (path.segments.join('/').toLowerCase() !== 'tags/default') throw unmodelled(call);
  const place = placeOf(world, path.scope);
  if (place === undefined) return notFound(path.scope.split('/providers/')[1] ?? path.scope, path.resourceGroup ?? '');
  if (call.method === 'GET') return { status: 200, body: tagsBody(path.scope, place.tags) };
  const site = 'occupant' in place ? world.web.sites[place.site.toLowerCase()] : undefined;
  const busy = site && refuseDuringSwap(world, site);
  if (busy !== undefined) return busy;
  if (call.method === 'DELETE') {
    place.tags = {};
    return { status: 200 };
  }
  if (call.method !== 'PUT' && call.method !== 'PATCH') throw unmodelled(call);
  const tags = tagsAfter(call.method, call.body, place.tags);
  if (isAnswer(tags)) return tags;
  place.tags = tags;
  return { status: 200, body: tagsBody(path.scope, place.tags) };
}

function isAnswer(tags: Record<string, string> | Answer): tags is Answer {
  return typeof tags.status === 'number';
}

/** What bears the tags of a scope. */
function placeOf(world: World, scope: string): Slot | { tags: Record<string, string> } | undefined {
  const path = parseArmPath(scope);
  const [type, name = '', slots, slot] = path.segments;
  if (path.provider === '') return world.resourceGroups[path.resourceGroup?.toLowerCase() ?? ''];
  if (path.provider.toLowerCase() !== 'microsoft.web' || type?.toLowerCase() !== 'sites') {
    throw new Unmodelled(`the tags of ${scope}`);
  }
  const site = findSite(world, path.resourceGroup ?? '', name);
  return site?.slots[slots === undefined ? PRODUCTION : (slot ?? '').toLowerCase()];
}

function subscriptionBody(world: World): Json {
  return {
    id: `/subscriptions/${world.subscriptionId}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: world.subscriptionId,
    tenantId: world.tenantId,
    displayName: 'Simulated subscription',
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}

function groupBody(world: World, name: string): Json {
  const group = world.resourceGroups[name.toLowerCase()];
  if (group === undefined) throw new Error(`There is no resource group ${name}.`);
  return {
    id: `/subscriptions/${world.subscriptionId}/resourceGroups/${group.name}`,
    name: group.name,
    type: 'Microsoft.Resources/resourceGroups',
    location: group.location.toLowerCase().replaceAll(' ', ''),
    tags: group.tags,
    properties: { provisioningState: 'Succeeded' },
  };
}

function unmodelled(call: ArmCall): Unmodelled {
  return new Unmodelled(`${call.method} ${call.url.pathname}`);
}
