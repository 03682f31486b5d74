import type { Json } from '../arm/call.ts';
import { isJson } from '../arm/call.ts';
import { newGuid, type World } from '../world.ts';
import type { Identity, Slot } from './state.ts';

/** The identity that a client asks for, with the ids that Azure makes; those that exist keep theirs. */
export function identityFrom(world: World, slot: Slot, wanted: Json): Identity | undefined {
  const type = String(wanted.type ?? 'None');
  if (type === 'None') return undefined;
  const before = slot.identity;
  const isSystem = type.includes('SystemAssigned');
  const users = isJson(wanted.userAssignedIdentities) ? Object.keys(wanted.userAssignedIdentities) : [];
  const assigned: Record<string, { principalId: string; clientId: string }> = {};
  for (const id of users) {
    assigned[id] = before?.userAssignedIdentities?.[id] ?? { principalId: newGuid(world), clientId: newGuid(world) };
  }
  return {
    type,
    ...(isSystem && { principalId: before?.principalId ?? newGuid(world), tenantId: world.tenantId }),
    ...(type.includes('UserAssigned') && { userAssignedIdentities: assigned }),
  };
}
