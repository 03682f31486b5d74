import type { Json } from '../arm/call.ts';
import { isJson } from '../arm/call.ts';
import { newGuid, type World } from '../world.ts';
import { isProduction, slotOfInstance } from './lookup.ts';
import type { Identity, Instance, Slot } from './state.ts';

/** The identity that a client asks for, with the ids that Azure makes; those that exist keep theirs. */
export function identityFrom(world: World, slot: Slot, wanted: Json): Identity | undefined {
  const type = String(wanted.type ?? 'None');
  if (type === 'None') return undefined;
  const before = slot.identity;
  const isSystem = type.includes('SystemAssigned');
  const users = isJson(wanted.userAssignedIdentities) ? Object.keys(wanted.userAssignedIdentities) : [];
  const assigned: Record<string, { principalId: string; clientId: string }> = {};
  for (const id of users) assigned[id] = before?.userAssignedIdentities?.[id] ?? userAssigned(world, id);
  return {
    type,
    ...(isSystem && { principalId: before?.principalId ?? systemAssigned(world, slot), tenantId: world.tenantId }),
    ...(type.includes('UserAssigned') && { userAssignedIdentities: assigned }),
  };
}

/**
 * The client id with which a process signs in: of the identity that it names, or of its slot's own. Variant
 * `process-keeps-identity`: after a swap it goes on with the one of the slot in which it was started
 * (Azure-Functions#2511, azure-sdk-for-net#45367); else with the one of the slot where it is now.
 */
export function clientIdOf(
  world: World,
  instance: Pick<Instance, 'id'> & Partial<Pick<Instance, 'identity'>>,
  named: string,
): string | undefined {
  const { identity } = world.variants['process-keeps-identity']
    ? instance
    : (slotOfInstance(world, instance.id) ?? instance);
  if (named !== '') {
    return Object.values(identity?.userAssignedIdentities ?? {}).find(({ clientId }) => clientId === named)?.clientId;
  }
  return Object.values(world.principals).find(({ objectId }) => objectId === identity?.principalId)?.clientId;
}

/**
 * The identity of a slot goes with it; users that databases have of it stay, and are nobody's.
 * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
 */
export function forgetIdentity(world: World, { identity }: Slot): void {
  const own = Object.values(world.principals).find(({ objectId }) => objectId === identity?.principalId);
  if (own) delete world.principals[own.clientId];
}

/** A new principal in Entra, named as Azure names it: the app, or `app/slots/slot`. */
function systemAssigned(world: World, slot: Slot): string {
  const name = isProduction(slot) ? slot.site : `${slot.site}/slots/${slot.name}`;
  return addPrincipal(world, name).objectId;
}

function userAssigned(world: World, id: string): { principalId: string; clientId: string } {
  const name = id.slice(id.lastIndexOf('/') + 1);
  const known = Object.values(world.principals).find((principal) => principal.name === name);
  const { objectId, clientId } = known ?? addPrincipal(world, name);
  return { principalId: objectId, clientId };
}

function addPrincipal(world: World, name: string): { objectId: string; clientId: string } {
  const ids = { objectId: newGuid(world), clientId: newGuid(world) };
  const late = world.variants['identities-late'] ? { hiddenFor: 3 } : {};
  world.principals[ids.clientId] = { ...ids, ...late, name, federated: [], roles: [] };
  return ids;
}
