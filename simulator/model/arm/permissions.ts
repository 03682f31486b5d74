import { Unmodelled } from '../world.ts';
import type { Answer } from './answer.ts';
import { isAtOrBelow } from './authorize.ts';
import type { ArmCall } from './call.ts';

/** `{scope}/providers/Microsoft.Authorization/permissions`: what the caller may do there. Anyone may ask. */
export function permissionsRequest(call: ArmCall): Answer {
  const { world, path } = call;
  if (call.method !== 'GET' || path.segments.length !== 1 || path.segments[0]?.toLowerCase() !== 'permissions') {
    throw new Unmodelled(`${call.method} ${call.url.pathname}`);
  }
  const roles = world.principals[call.clientId]?.roles ?? [];
  const value = roles
    .filter((role) => isAtOrBelow(path.scope, role.scope))
    .map(({ actions, notActions }) => ({ actions, notActions, dataActions: [], notDataActions: [] }));
  return { status: 200, body: { value } };
}
