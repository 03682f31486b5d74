import type { Answer } from '../arm/answer.ts';
import { isJson, type Json } from '../arm/call.ts';
import { type ModelRequest, Unmodelled, type World } from '../world.ts';
import { createApplication, listApplications, renameApplication, showApplication } from './applications.ts';
import type { GraphCall } from './call.ts';
import { createCredential, deleteCredential, listCredentials } from './federated-credentials.ts';
import { graphRefusal } from './refusal.ts';
import {
  createServicePrincipal,
  listServicePrincipals,
  objectsByIds,
  showServicePrincipal,
} from './service-principals.ts';

const ID = '([^/]+)';
const ROUTES: readonly (readonly [method: string, path: string, handle: (call: GraphCall) => Answer])[] = [
  ['GET', '/applications', listApplications],
  ['POST', '/applications', createApplication],
  ['GET', `/applications/${ID}`, showApplication],
  ['PATCH', `/applications/${ID}`, renameApplication],
  ['GET', `/applications/${ID}/federatedIdentityCredentials`, listCredentials],
  ['POST', `/applications/${ID}/federatedIdentityCredentials`, createCredential],
  ['DELETE', `/applications/${ID}/federatedIdentityCredentials/${ID}`, deleteCredential],
  ['GET', '/servicePrincipals', listServicePrincipals],
  ['POST', '/servicePrincipals', createServicePrincipal],
  ['GET', `/servicePrincipals/${ID}`, showServicePrincipal],
  ['POST', '/directoryObjects/getByIds', objectsByIds],
];

/**
 * Microsoft Graph 1.0, as far as an identity for a deployment is set up with it: applications, their service
 * principals, their federated credentials. https://learn.microsoft.com/graph/api/resources/application
 */
export function graphRequest(world: World, asked: ModelRequest, url: URL): Answer {
  const path = url.pathname.replace(/^.*?\/v1\.0\//, '/');
  const what = `${asked.method} ${asked.url}`;
  for (const [method, pattern, handle] of ROUTES) {
    const found = new RegExp(`^${pattern}$`, 'i').exec(path);
    if (found === null || method !== asked.method) continue;
    if (!world.principals[asked.clientId ?? '']?.administersApplications)
      throw graphRefusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
    const [, ...ids] = found;
    return handle({ world, url, ids, body: bodyOf(asked), what });
  }
  throw new Unmodelled(what);
}

function bodyOf({ body }: ModelRequest): Json {
  const value: unknown = body === undefined ? {} : JSON.parse(new TextDecoder().decode(body));
  return isJson(value) ? value : {};
}
