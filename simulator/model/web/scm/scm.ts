import type { Answer } from '../../arm/answer.ts';
import { isAllowed } from '../../arm/authorize.ts';
import { type ModelRequest, Unmodelled, type World } from '../../world.ts';
import { idOf, isProduction } from '../lookup.ts';
import { STOPPED_PAGE } from '../pages.ts';
import type { Slot } from '../state.ts';
import { scmIsUp } from '../webjobs.ts';
import type { ScmCall } from './call.ts';
import { deploymentsRequest } from './deployments.ts';
import { jobsRequest } from './jobs.ts';
import { publishRequest, zipDeployRequest } from './publish.ts';
import { vfsRequest } from './vfs.ts';
import { zipRequest } from './zip.ts';

/** Answers a request to the SCM site of a slot. */
export function scmRequest(world: World, slot: Slot, request: ModelRequest, url: URL, now: number): Answer {
  if (!scmIsUp(world, slot)) return { status: 403, headers: { 'content-type': 'text/html' }, body: STOPPED_PAGE };
  const refused = refuse(world, slot, request);
  if (refused !== undefined) return refused;
  const segments = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  if (segments.shift()?.toLowerCase() !== 'api') throw new Unmodelled(`${request.method} ${request.url}`);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  const call = {
    world,
    slot,
    now,
    url,
    segments,
    headers,
    method: request.method,
    body: request.body ?? new Uint8Array(),
  };
  return dispatch(call);
}

function dispatch(call: ScmCall): Answer {
  const { method } = call;
  switch (call.segments[0]?.toLowerCase()) {
    case 'zip':
      return zipRequest(call);
    case 'vfs':
      return vfsRequest(call);
    case 'publish':
      if (method === 'POST' || method === 'PUT') return publishRequest(call);
      break;
    case 'zipdeploy':
      if (method === 'POST' || method === 'PUT') return zipDeployRequest(call);
      break;
    case 'deployments':
      return deploymentsRequest(call);
    case 'continuouswebjobs':
      return jobsRequest(call, 'continuous');
    case 'triggeredwebjobs':
      return jobsRequest(call, 'triggered');
    case 'settings':
      if (method === 'GET' && call.segments.length === 1) return { status: 200, body: call.slot.occupant.settings };
      break;
    case 'environment':
      if (method === 'GET')
        return {
          status: 200,
          body: { version: '105.0.0.0', siteLastModified: new Date(call.slot.lastModified).toISOString() },
        };
      break;
  }
  throw new Unmodelled(`${method} ${call.url}`);
}

/** SCM takes the tokens of Azure Resource Manager; the caller needs the publish action on the slot. */
function refuse(world: World, slot: Slot, request: ModelRequest): Answer | undefined {
  const principal = request.clientId === undefined ? undefined : world.principals[request.clientId];
  if (principal === undefined) {
    return {
      status: 401,
      headers: { 'content-type': 'text/html', 'www-authenticate': 'Basic realm="site"' },
      body: '401 - Unauthorized: Access is denied due to invalid credentials.',
    };
  }
  const action = isProduction(slot) ? 'Microsoft.Web/sites/publish/Action' : 'Microsoft.Web/sites/slots/publish/Action';
  if (isAllowed(principal, action, idOf(world, slot))) return undefined;
  return { status: 403, headers: { 'content-type': 'text/html' }, body: '403 - Forbidden: Access is denied.' };
}
