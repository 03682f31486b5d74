import { sqlRequest } from '../sql/arm.ts';
import { webRequest } from '../web/arm.ts';
import { type ModelRequest, type ModelResponse, type Principal, Unmodelled, type World } from '../world.ts';
import { type Answer, armError, respond } from './answer.ts';
import { isAllowed, refuseUnauthorized } from './authorize.ts';
import type { ArmCall } from './call.ts';
import { type ArmPath, actionOf, parseArmPath } from './path.ts';
import { permissionsRequest } from './permissions.ts';
import { resourcesRequest, tagsRequest } from './resources.ts';
import { storageRequest } from './storage.ts';

/** Answers a request to Azure Resource Manager. */
export function armRequest(world: World, request: ModelRequest, url: URL, now: number): ModelResponse {
  const path = parseArmPath(url.pathname);
  const refused = refuse(world, request, url, path);
  if (refused !== undefined) return respond(world, refused, now);
  if (isSql(path)) return sqlRequest(world, request, now);
  const body = parse(request);
  if (body === INVALID) {
    const words = 'The request content was invalid and could not be deserialized.';
    return respond(world, armError(400, 'InvalidRequestContent', words), now);
  }
  const call: ArmCall = {
    world,
    now,
    url,
    path,
    clientId: request.clientId ?? '',
    method: request.method,
    body,
  };
  const answer = answerFor(call);
  return respond(world, { ...answer, headers: { ...rateLimits(call), ...answer.headers } }, now);
}

/** In Azure's order: who, which version, where, what. */
function refuse(world: World, request: ModelRequest, url: URL, path: ArmPath): Answer | undefined {
  const action = actionOf(request.method, path);
  const isOpenToAll =
    path.provider.toLowerCase() === 'microsoft.authorization' || /^\/(subscriptions|tenants)?$/i.test(path.scope);
  const principal = request.clientId === undefined ? undefined : world.principals[request.clientId];
  if (principal === undefined) return refuseUnauthorized(world, request.clientId, action, url.pathname);
  if (url.searchParams.get('api-version') === null) {
    return armError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  const { subscriptionId, resourceGroup } = path;
  if (subscriptionId !== undefined && subscriptionId.toLowerCase() !== world.subscriptionId.toLowerCase()) {
    return armError(404, 'SubscriptionNotFound', `The subscription '${subscriptionId}' could not be found.`);
  }
  const isList = request.method === 'GET' && path.resourceGroup === undefined && path.segments.length === 1;
  if (isList && path.provider !== '' && mayAnywhere(principal, action)) return undefined;
  if (!isOpenToAll && path.segments[0]?.toLowerCase() !== 'tagsoperationresults') {
    const denied = refuseUnauthorized(
      world,
      request.clientId,
      action,
      resourceScope(url.pathname, path, request.method),
    );
    if (denied !== undefined) return denied;
  }
  if (resourceGroup !== undefined && world.resourceGroups[resourceGroup.toLowerCase()] === undefined) {
    return armError(404, 'ResourceGroupNotFound', `Resource group '${resourceGroup}' could not be found.`);
  }
  return undefined;
}

/** Lists over a whole subscription show what one may see, wherever below it one was given a role. */
function mayAnywhere(principal: Principal, action: string): boolean {
  return principal.roles.some((role) => isAllowed({ ...principal, roles: [role] }, action, role.scope));
}

/** The resource that an action is checked at: that of a POST without the action's own name. */
function resourceScope(pathname: string, path: ArmPath, method: string): string {
  const whole = decodeURIComponent(pathname).replace(/\/$/, '');
  const isExtension = path.provider.toLowerCase() === 'microsoft.resources';
  if (isExtension) return path.scope;
  return method === 'POST' ? whole.slice(0, whole.lastIndexOf('/')) : whole;
}

function isSql(path: ArmPath): boolean {
  const scope = path.scope.toLowerCase();
  return (
    path.provider.toLowerCase() === 'microsoft.sql' ||
    path.segments[0]?.toLowerCase() === 'tagsoperationresults' ||
    (path.provider.toLowerCase() === 'microsoft.resources' && scope.includes('/providers/microsoft.sql/'))
  );
}

function answerFor(call: ArmCall): Answer {
  switch (call.path.provider.toLowerCase()) {
    case 'microsoft.web':
      return webRequest(call);
    case 'microsoft.authorization':
      return permissionsRequest(call);
    case 'microsoft.storage':
      return storageRequest(call);
    case 'microsoft.resources':
      return tagsRequest(call);
    case '':
      return resourcesRequest(call);
  }
  throw new Unmodelled(`${call.method} ${call.url.pathname}`);
}

const INVALID = Symbol('a body that is no JSON');

function parse(request: ModelRequest): unknown {
  if (request.body === undefined || request.body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(request.body)) as unknown;
  } catch {
    return INVALID;
  }
}

const READS = { 'x-ms-ratelimit-remaining-subscription-global-reads': '16499' };
const WRITES = {
  'x-ms-ratelimit-remaining-subscription-global-writes': '11999',
  'x-ms-ratelimit-remaining-subscription-writes': '799',
};
const LISTS = { 'x-ms-ratelimit-remaining-subscription-resource-requests': '799' };
const DELETES = {
  'x-ms-ratelimit-remaining-subscription-deletes': '799',
  'x-ms-ratelimit-remaining-subscription-global-deletes': '11999',
};

/** What is left of the caller's budgets, by kind of request, with the numbers as recorded. */
function rateLimits(call: ArmCall): Record<string, string> {
  if (call.method === 'GET' || call.method === 'HEAD') return READS;
  if (call.method === 'DELETE') return DELETES;
  return call.method === 'POST' && call.url.pathname.endsWith('/list') ? LISTS : WRITES;
}
