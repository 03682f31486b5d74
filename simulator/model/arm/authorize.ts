import type { Principal, World } from '../world.ts';
import { armRefusal, type Refusal } from './refusal.ts';

/** Refuses the caller who may not do this. Texts as Azure's. */
export function authorize(principal: Principal, action: string, scope: string): void {
  if (isAllowed(principal, action, scope)) return;
  throw armRefusal(
    403,
    'AuthorizationFailed',
    `The client '${principal.clientId}' with object id '${principal.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

/** Whether one of the principal's role assignments at or above the scope grants the action. */
export function isAllowed(principal: Principal, action: string, scope: string): boolean {
  return principal.roles.some(
    (role) =>
      isAtOrBelow(scope, role.scope) &&
      role.actions.some((pattern) => matches(pattern, action)) &&
      !role.notActions.some((pattern) => matches(pattern, action)),
  );
}

/** The same of what a resource holds, such as the blobs of an account: no `*` of the resource manager grants it. */
export function mayWithData(principal: Principal, action: string, scope: string): boolean {
  return principal.roles.some(
    ({ scope: at, dataActions = [] }) =>
      isAtOrBelow(scope, at) && dataActions.some((pattern) => matches(pattern, action)),
  );
}

/** Whether some role of the principal, wherever it was given, grants the action. */
export function mayAnywhere(principal: Principal, action: string): boolean {
  return principal.roles.some((role) => isAllowed({ ...principal, roles: [role] }, action, role.scope));
}

/** Whether a scope is the given one or lies below it. */
export function isAtOrBelow(scope: string, above: string): boolean {
  const lower = scope.toLowerCase();
  const prefix = above.toLowerCase().replace(/\/$/, '');
  return lower === prefix || lower.startsWith(`${prefix}/`);
}

/** The refusal of a caller whom nobody knows. */
export function unauthenticated(world: World, clientId: string | undefined): Refusal {
  const problem =
    clientId === undefined
      ? "The authentication failed because of missing 'Authorization' header."
      : 'The access token is invalid.';
  return armRefusal(
    401,
    clientId === undefined ? 'AuthenticationFailed' : 'InvalidAuthenticationToken',
    clientId === undefined ? "Authentication failed. The 'Authorization' header is missing." : problem,
    {
      'www-authenticate': `Bearer authorization_uri="https://login.microsoftonline.com/${world.tenantId}", error="invalid_token", error_description="${problem}"`,
    },
  );
}

/** Actions are compared without regard to case; `*` stands for anything, slashes included. Kept: both are few. */
function matches(pattern: string, action: string): boolean {
  let answers = known.get(pattern);
  if (answers === undefined) {
    answers = new Map();
    known.set(pattern, answers);
  }
  let answer = answers.get(action);
  if (answer === undefined) {
    answer = compiled(pattern).test(action);
    answers.set(action, answer);
  }
  return answer;
}

const known = new Map<string, Map<string, boolean>>();

function compiled(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i');
}
