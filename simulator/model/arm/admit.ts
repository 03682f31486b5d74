import type { ModelRequest, World } from '../world.ts';
import { takeFromAllowance } from './allowance.ts';
import { refuseUnknownVersion } from './api-versions.ts';
import { authorize, mayAnywhere, unauthenticated } from './authorize.ts';
import { isFilteredList } from './filtered-list.ts';
import { refuseLocked } from './locks.ts';
import { type ArmPath, actionOf } from './path.ts';
import { armRefusal } from './refusal.ts';

/** Lets a request in, or refuses it, in Azure's order: who, which version, where, what. */
export function admit(world: World, request: ModelRequest, url: URL, path: ArmPath, now: number): void {
  const action = actionOf(request.method, path);
  const principal = request.clientId === undefined ? undefined : world.principals[request.clientId];
  if (principal === undefined) throw unauthenticated(world, request.clientId);
  takeFromAllowance(world, principal.clientId, request.method, now);
  const version = url.searchParams.get('api-version');
  if (version === null) {
    throw armRefusal(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  const { subscriptionId, resourceGroup } = path;
  if (subscriptionId !== undefined && subscriptionId.toLowerCase() !== world.subscriptionId.toLowerCase()) {
    throw armRefusal(404, 'SubscriptionNotFound', `The subscription '${subscriptionId}' could not be found.`);
  }
  const isShownToAll = isFilteredList(request.method, path) && (path.provider === '' || mayAnywhere(principal, action));
  if (!isShownToAll && !isOpenToAll(path) && path.segments[0]?.toLowerCase() !== 'tagsoperationresults') {
    authorize(principal, action, resourceScope(url.pathname, path, request.method));
  }
  refuseLocked(world, request.method, path.provider === '' ? path.scope : url.pathname);
  const isNewGroup = request.method === 'PUT' && path.provider === '' && path.segments.length === 0;
  if (!isNewGroup && resourceGroup !== undefined && world.resourceGroups[resourceGroup.toLowerCase()] === undefined) {
    throw armRefusal(404, 'ResourceGroupNotFound', `Resource group '${resourceGroup}' could not be found.`);
  }
  refuseUnknownVersion(world, version, path);
}

/** Kept by path, because the same few hundred are asked for a million times in one sweep. */
function isOpenToAll(path: ArmPath): boolean {
  let isOpen = open.get(path);
  if (isOpen === undefined) {
    isOpen =
      actionOf('GET', path).toLowerCase() === 'microsoft.authorization/permissions/read' ||
      /^\/(subscriptions|tenants)?$/i.test(path.scope) ||
      isProvider(path);
    open.set(path, isOpen);
  }
  return isOpen;
}

const open = new WeakMap<ArmPath, boolean>();

/** `…/providers/Microsoft.Web`: what a provider is, which everybody may know. */
function isProvider({ provider, segments, resourceGroup }: ArmPath): boolean {
  return provider !== '' && segments.length === 0 && resourceGroup === undefined;
}

/** The resource that an action is checked at: that of a POST without the action's own name. */
function resourceScope(pathname: string, path: ArmPath, method: string): string {
  const isExtension = path.provider.toLowerCase() === 'microsoft.resources';
  if (isExtension) return path.scope;
  const whole = (pathname.includes('%') ? decodeURIComponent(pathname) : pathname).replace(/\/$/, '');
  return method === 'POST' ? whole.slice(0, whole.lastIndexOf('/')) : whole;
}
