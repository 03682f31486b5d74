import { type ModelRequest, Unmodelled, type World } from '../world.ts';
import { admit } from './admit.ts';
import type { Answer } from './answer.ts';
import type { ArmCall } from './call.ts';
import { isFilteredList, onlyReadable } from './filtered-list.ts';
import { parseArmPath } from './path.ts';
import { answerOf, armRefusal } from './refusal.ts';
import { findRoute } from './routes.ts';

/** Answers a request to Azure Resource Manager. */
export function armRequest(world: World, request: ModelRequest, url: URL, now: number): Answer {
  // Before anything is refused: what is not modelled must not hide behind a 403 or 404.
  const route = findRoute(request.method, url.pathname);
  if (route === undefined) throw new Unmodelled(`${request.method} ${url.pathname}`);
  const path = parseArmPath(url.pathname);
  admit(world, request, url, path, now);
  const body = parse(request);
  const call: ArmCall = {
    world,
    now,
    url,
    path,
    names: route.names,
    clientId: request.clientId ?? '',
    method: request.method,
    body,
  };
  const whole = answerOf(() => route.handler(call));
  const answer = isFilteredList(request.method, path) ? onlyReadable(world, call.clientId, whole) : whole;
  return { ...answer, headers: { ...usualHeaders(call, answer), ...answer.headers } };
}

function parse(request: ModelRequest): unknown {
  if (request.body === undefined || request.body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(request.body)) as unknown;
  } catch {
    throw armRefusal(400, 'InvalidRequestContent', 'The request content was invalid and could not be deserialized.');
  }
}

/** What every answer of a provider carries, as recorded. */
function usualHeaders(call: ArmCall, answer: Answer): Record<string, string> {
  if (!isSql(call)) return rateLimits(call);
  return answer.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
}

/** Tags of servers and databases, and the polls of tag writes, are of Microsoft.Sql too. */
function isSql({ path }: ArmCall): boolean {
  const [provider, scope] = [path.provider.toLowerCase(), path.scope.toLowerCase()];
  return (
    provider === 'microsoft.sql' ||
    path.segments[0]?.toLowerCase() === 'tagsoperationresults' ||
    (provider === 'microsoft.resources' && scope.includes('/providers/microsoft.sql/'))
  );
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
