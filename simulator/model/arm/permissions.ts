import type { Answer } from './answer.ts';
import { isAtOrBelow } from './authorize.ts';
import type { ArmCall } from './call.ts';

/** `{scope}/providers/Microsoft.Authorization/permissions`: what the caller may do there. Anyone may ask. */
export function listPermissions(call: ArmCall): Answer {
  const { world, path } = call;
  const roles = world.principals[call.clientId]?.roles ?? [];
  const value = roles
    .filter((role) => isAtOrBelow(path.scope, role.scope))
    .map(({ actions, notActions, dataActions = [] }) => ({ actions, notActions, dataActions, notDataActions: [] }));
  return { status: 200, body: { value } };
}
