import type { Principal, World } from '../world.ts';
import type { Answer } from './answer.ts';
import { isAllowed } from './authorize.ts';
import { isJson, type Json } from './call.ts';
import type { ArmPath } from './path.ts';

/**
 * Lists over a subscription, and those of resources in general, refuse nobody: they show what the caller may read,
 * wherever below a role was given.
 */
export function isFilteredList(method: string, path: ArmPath): boolean {
  if (method !== 'GET' || path.subscriptionId === undefined) return false;
  const [first] = path.segments;
  if (path.provider !== '') {
    const isOfRoles = path.provider.toLowerCase() === 'microsoft.authorization';
    return path.resourceGroup === undefined && path.segments.length === 1 && !isOfRoles;
  }
  if (/\/resourceGroups$/i.test(path.scope)) return true;
  return path.segments.length === 1 && first?.toLowerCase() === 'resources';
}

/** The answer without what the caller may not read. */
export function onlyReadable(world: World, clientId: string, answer: Answer): Answer {
  const principal = world.principals[clientId];
  const { body } = answer;
  if (principal === undefined || !isJson(body) || !Array.isArray(body.value)) return answer;
  const value = body.value.filter((one: Json) => mayRead(principal, String(one.type), String(one.id)));
  return { ...answer, body: { ...body, value } };
}

function mayRead(principal: Principal, type: string, id: string): boolean {
  const name =
    type === 'Microsoft.Resources/resourceGroups' ? 'Microsoft.Resources/subscriptions/resourceGroups' : type;
  return isAllowed(principal, `${name}/read`, id);
}
