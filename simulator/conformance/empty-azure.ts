import { createWorld } from '../model/create-world.ts';
import type { World } from '../model/world.ts';

/** An Azure with a subscription and nothing in it. */
export function emptyAzure(subscriptionId: string): World {
  const world = createWorld({ subscriptionId, databases: [] });
  world.web.sites = {};
  world.web.plans = {};
  world.web.pending = [];
  world.sql.servers = {};
  return { ...world, resourceGroups: {} };
}

/** Somebody who may do everything in the subscription; the client id. */
export function addRoleOfOwner(world: World): string {
  const clientId = '5a445a44-0000-4000-8000-000000000004';
  const scope = `/subscriptions/${world.subscriptionId}`;
  world.principals[clientId] = {
    clientId,
    objectId: clientId,
    name: 'owner',
    federated: [],
    roles: [{ scope, actions: ['*'], notActions: [], name: 'Owner' }],
  };
  return clientId;
}
