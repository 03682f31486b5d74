import type { World } from '../world.ts';
import type { Answer } from './answer.ts';
import type { ArmCall, Json } from './call.ts';
import { regionOf } from './region.ts';

/** `/tenants` */
export function listTenants({ world }: ArmCall): Answer {
  return { status: 200, body: { value: [{ id: `/tenants/${world.tenantId}`, tenantId: world.tenantId }] } };
}

/** `/subscriptions` */
export function listSubscriptions({ world }: ArmCall): Answer {
  return { status: 200, body: { value: [subscriptionBody(world)], count: { type: 'Total', value: 1 } } };
}

/** `/subscriptions/{subscription}`: there is one, and the door has refused every other. */
export function showSubscription({ world }: ArmCall): Answer {
  return { status: 200, body: subscriptionBody(world) };
}

/** `…/resourceGroups` */
export function listGroups({ world }: ArmCall): Answer {
  return { status: 200, body: { value: Object.keys(world.resourceGroups).map((name) => groupBody(world, name)) } };
}

/** `HEAD …/resourceGroups/{group}`: whether there is one; the door has answered 404 for what is none. */
export function hasGroup(): Answer {
  return { status: 204 };
}

/** `…/resourceGroups/{group}` */
export function showGroup({ world, names }: ArmCall): Answer {
  return { status: 200, body: groupBody(world, names.group ?? '') };
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
    location: regionOf(group.location),
    tags: group.tags,
    properties: { provisioningState: 'Succeeded' },
  };
}
