import type { Answer } from '../../arm/answer.ts';
import { isAllowed } from '../../arm/authorize.ts';
import { Refusal } from '../../arm/refusal.ts';
import { type Route, router } from '../../arm/router.ts';
import { type ModelRequest, Unmodelled, type World } from '../../world.ts';
import { forbidden, isForbidden } from '../front-door.ts';
import { idOf, isProduction } from '../lookup.ts';
import { STOPPED_PAGE } from '../pages.ts';
import { letsInByPassword } from '../publishing.ts';
import type { Slot } from '../state.ts';
import { scmIsUp } from '../webjobs.ts';
import type { ScmCall } from './call.ts';
import { listDeployments, recordDeployment, showDeployment, showLog, showLogDetails } from './deployments.ts';
import { listJobs, showJob, switchJob } from './jobs.ts';
import { publish, zipDeploy } from './publish.ts';
import { showEnvironment, showSettings, streamLog } from './site.ts';
import { deleteFile, readPath, writeFile } from './vfs.ts';
import { downloadZip, uploadZip } from './zip.ts';

/** Every request to the SCM site of a slot that is modelled. */
const routes: readonly Route<ScmCall>[] = [
  ['GET', '/api/zip[/{folder*}]', downloadZip],
  ['PUT', '/api/zip[/{folder*}]', uploadZip],
  ['GET HEAD', '/api/vfs[/{path*}]', readPath],
  ['PUT', '/api/vfs[/{path*}]', writeFile],
  ['DELETE', '/api/vfs[/{path*}]', deleteFile],
  ['POST PUT', '/api/publish', publish],
  ['POST PUT', '/api/zipdeploy', zipDeploy],
  ['GET', '/api/deployments', listDeployments],
  ['GET', '/api/deployments/{id}', showDeployment],
  ['PUT', '/api/deployments/{id}', recordDeployment],
  ['GET', '/api/deployments/{id}/log', showLog],
  ['GET', '/api/deployments/{id}/log/{entry}', showLogDetails],
  ['GET', '/api/continuouswebjobs', listJobs('continuous')],
  ['GET', '/api/continuouswebjobs/{job}', showJob('continuous')],
  ['POST', '/api/continuouswebjobs/{job}/start', switchJob(true)],
  ['POST', '/api/continuouswebjobs/{job}/stop', switchJob(false)],
  ['GET', '/api/triggeredwebjobs', listJobs('triggered')],
  ['GET', '/api/triggeredwebjobs/{job}', showJob('triggered')],
  ['GET', '/api/settings', showSettings],
  ['GET', '/api/environment', showEnvironment],
  ['GET', '/logstream[/{log*}]', streamLog],
];

const find = router(routes);

/** Answers a request to the SCM site of a slot. */
export function scmRequest(world: World, slot: Slot, request: ModelRequest, url: URL, now: number): Answer {
  if (!scmIsUp(world, slot)) throw htmlRefusal(403, STOPPED_PAGE);
  if (isForbidden(slot, request.from, 'scm'))
    throw new Refusal(forbidden(request.from), '403 - Forbidden: not from this address.');
  authorize(world, slot, request);
  const route = find(request.method, url.pathname);
  if (route === undefined) throw new Unmodelled(`${request.method} ${request.url}`);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  const { method, body = new Uint8Array() } = request;
  const answer = route.handler({ world, slot, now, url, names: route.names, headers, method, body });
  return isJsonBody(answer.body) ? { ...answer, headers: { ...JSON_TYPE, ...answer.headers } } : answer;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

function isJsonBody(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !(body instanceof Uint8Array);
}

/**
 * SCM takes the tokens of Azure Resource Manager, whose caller needs the publish action on the slot, and the slot's own
 * password while basic authentication is on. https://learn.microsoft.com/azure/app-service/configure-basic-auth-disable
 */
function authorize(world: World, slot: Slot, request: ModelRequest): void {
  if (letsInByPassword(slot, request.headers.authorization ?? '')) return;
  const principal = request.clientId === undefined ? undefined : world.principals[request.clientId];
  if (principal === undefined) {
    const challenge = { 'www-authenticate': 'Basic realm="site"' };
    throw htmlRefusal(401, '401 - Unauthorized: Access is denied due to invalid credentials.', challenge);
  }
  const action = isProduction(slot) ? 'Microsoft.Web/sites/publish/Action' : 'Microsoft.Web/sites/slots/publish/Action';
  if (!isAllowed(principal, action, idOf(world, slot))) {
    throw htmlRefusal(403, '403 - Forbidden: Access is denied.');
  }
}

function htmlRefusal(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Refusal {
  return new Refusal({ status, headers: { 'content-type': 'text/html', ...headers }, body }, body);
}
