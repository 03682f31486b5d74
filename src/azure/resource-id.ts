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

const SITE = /\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Web\/sites\/([^/]+)(?:\/slots\/([^/]+))?$/i;
const SERVER = /\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Sql\/servers\/([^/]+)$/i;
const PLAN = /\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Web\/serverfarms\/([^/]+)$/i;

export function siteParts(id: string): SiteParts {
  const [, group, app, slot] = SITE.exec(id) ?? [];
  return group === undefined || app === undefined ? unknown(id) : { group, app, slot };
}

export function serverParts(id: string): ServerParts {
  const [, group, server] = SERVER.exec(id) ?? [];
  return group === undefined || server === undefined ? unknown(id) : { group, server };
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
