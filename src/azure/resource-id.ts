import { Stop } from '../errors.ts';

/** What the operations of the management clients ask for instead of a resource id. */
export interface SiteParts {
  readonly group: string;
  readonly app: string;
  /** `undefined` for production, which has operations of its own. */
  readonly slot: string | undefined;
}

export interface ServerParts {
  readonly group: string;
  readonly server: string;
}

/** A segment of a path that is one wherever it goes: not dots alone, and nothing that ends or escapes a path. */
const NAME = '((?!\\.{1,2}(?:/|$))[^/?#%\\\\\\s]+)';
const idOf = (type: string) => new RegExp(`/resourceGroups/${NAME}/providers/${type}$`, 'i');
const SITE = idOf(`Microsoft\\.Web/sites/${NAME}(?:/slots/${NAME})?`);
const SERVER = idOf(`Microsoft\\.Sql/servers/${NAME}`);
const PLAN = idOf(`Microsoft\\.Web/serverfarms/${NAME}`);

export function siteParts(id: string): SiteParts {
  const [, group, app, slot] = SITE.exec(id) ?? [];
  return group === undefined || app === undefined ? unknown(id) : { group, app, slot };
}

export function serverParts(id: string): ServerParts {
  const [, group, server] = SERVER.exec(id) ?? [];
  return group === undefined || server === undefined ? unknown(id) : { group, server };
}

/** Whether something that is not known to come from Azure is the id of a server. */
export function isServerId(id: string): boolean {
  return /^\/subscriptions\/[\w-]+\/resourceGroups\//i.test(id) && SERVER.test(id);
}

export function planParts(id: string): { readonly group: string; readonly plan: string } {
  const [, group, plan] = PLAN.exec(id) ?? [];
  return group === undefined || plan === undefined ? unknown(id) : { group, plan };
}

/** `undefined` when the path names none, as those of SCM. */
export function subscriptionIn(id: string): string | undefined {
  return /^(?:https:\/\/[^/]+)?\/subscriptions\/([^/?]+)/i.exec(id)?.[1];
}

function unknown(id: string): never {
  throw new Stop('failed', `${id} is not the id of what was expected there.`, 'Report this as a defect.');
}
