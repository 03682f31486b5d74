import type { Answer } from '../arm/answer.ts';
import { isJson, type Json } from '../arm/call.ts';
import { FORBIDDEN_PAGE } from './pages.ts';
import type { Slot } from './state.ts';

/** A request as App Service's front end sees it, before any process does. */
export interface Arriving {
  readonly path: string;
  readonly isHttps: boolean;
  readonly from: string;
  readonly host: string;
}

/** What the front end answers instead of the app: access restrictions, HTTPS Only, site authentication, in this order. */
export function atFrontDoor(slot: Slot, arriving: Arriving): Answer | undefined {
  if (isForbidden(slot, arriving.from, 'app')) return forbidden(arriving.from);
  const { host, path } = arriving;
  if (slot.properties.httpsOnly === true && !arriving.isHttps) {
    return { status: 301, headers: { location: `https://${host}${path}` } };
  }
  return signInFor(slot, arriving);
}

/**
 * The status with which site authentication answers a ping of App Service itself; undefined when the app does. It came
 * through with HTTPS Only on and was sent to sign in with it off: MicrosoftDocs/azure-docs PR#104815 (Microsoft employee,
 * tested on Windows and Linux). Variant `pings-must-sign-in`: 401 either way, azure-functions-host#6942.
 */
export function pingAtSignIn(slot: Slot, path: string, mustSignIn: boolean): number | undefined {
  if (slot.properties.httpsOnly === true && !mustSignIn) return undefined;
  const answer = signInFor(slot, { path, isHttps: false, from: '', host: slot.host });
  return answer === undefined ? undefined : mustSignIn ? 401 : answer.status;
}

/** Access restrictions: https://learn.microsoft.com/azure/app-service/overview-access-restrictions */
export function isForbidden(slot: Slot, from: string, to: 'app' | 'scm'): boolean {
  if (slot.privateEndpoints.length > 0 && from.startsWith('10.')) return false;
  if (isClosed(slot)) return true;
  const config = slot.fixedConfig;
  const own = to === 'scm' && config.scmIpSecurityRestrictionsUseMain !== true;
  const rules = config[own ? 'scmIpSecurityRestrictions' : 'ipSecurityRestrictions'];
  const otherwise = config[own ? 'scmIpSecurityRestrictionsDefaultAction' : 'ipSecurityRestrictionsDefaultAction'];
  const inOrder = (Array.isArray(rules) ? rules.filter(isJson) : []).sort(
    (a, b) => Number(a.priority) - Number(b.priority),
  );
  const first = inOrder.find((rule) => holds(String(rule.ipAddress), from));
  if (first !== undefined) return first.action === 'Deny';
  // Rules that allow an address deny all others, unless the default says otherwise.
  const allows = inOrder.some((rule) => rule.action !== 'Deny' && rule.ipAddress !== 'Any');
  return typeof otherwise === 'string' ? otherwise === 'Deny' : allows;
}

/** An endpoint shuts the public out unless it is let in expressly: https://learn.microsoft.com/azure/app-service/overview-access-restrictions#app-access */
function isClosed({ privateEndpoints, properties }: Slot): boolean {
  if (properties.publicNetworkAccess === undefined) return privateEndpoints.length > 0;
  return properties.publicNetworkAccess === 'Disabled';
}

/** As Azure answers: projectkudu/kudu#2945, with the address in `x-ms-forbidden-ip`. */
export function forbidden(from: string): Answer {
  return { status: 403, headers: { 'content-type': 'text/html', 'x-ms-forbidden-ip': from }, body: FORBIDDEN_PAGE };
}

/** Site authentication ("Easy Auth"): nobody who asks here has signed in. */
function signInFor(slot: Slot, { host, path }: Arriving): Answer | undefined {
  if (slot.auth.enabled !== true) return undefined;
  const v2: Json = isJson(slot.auth.v2) ? slot.auth.v2 : {};
  const validation: Json = isJson(v2.globalValidation) ? v2.globalValidation : {};
  const action = validation.unauthenticatedClientAction ?? 'RedirectToLoginPage';
  const open = Array.isArray(validation.excludedPaths) ? validation.excludedPaths : [];
  if (validation.requireAuthentication === false || action === 'AllowAnonymous' || open.includes(path))
    return undefined;
  if (action === 'Return401') return { status: 401, headers: { 'www-authenticate': `Bearer realm="${host}"` } };
  if (action === 'Return403') return { status: 403 };
  return { status: 302, headers: { location: `https://${host}/.auth/login/aad?post_login_redirect_uri=${path}` } };
}

/** Whether an IPv4 address lies in `Any`, an address, or a range such as `10.0.0.0/8`. */
function holds(range: string, address: string): boolean {
  if (range === 'Any') return true;
  const [base = '', bits = '32'] = range.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(base) / size) === Math.floor(numberOf(address) / size);
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
