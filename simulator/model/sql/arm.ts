import { type ModelRequest, type ModelResponse, Unmodelled, type World } from '../world.ts';
import { advance, nextAt } from './advance.ts';
import { answer, errorBody, Refusal } from './answer.ts';
import { databasePart } from './database-parts.ts';
import { databaseBody, listDatabases, masterBody } from './databases.ts';
import { dropDatabase } from './drop.ts';
import { firewallRequest } from './firewall.ts';
import { moveDatabase } from './move.ts';
import { inject } from './new-database.ts';
import { asyncBody } from './operations.ts';
import { patchDatabase, putDatabase } from './put-database.ts';
import { databaseOf, findDatabase, parseRoute, type Route, serverId, serverOf } from './route.ts';
import { listServers, serverBody } from './servers.ts';
import { databaseTags, serverTags, tagPollRefusal } from './tags.ts';

/**
 * Answers a request whose first provider is Microsoft.Sql (tags of databases and servers included), or
 * `/subscriptions/{id}/tagsoperationresults…`. Permission has been checked by the caller.
 */
export function sqlRequest(world: World, request: ModelRequest, now: number): ModelResponse {
  advance(world, now);
  try {
    if (/^\/subscriptions\/[^/]+\/tagsoperationresults/i.test(new URL(request.url).pathname)) throw tagPollRefusal();
    const route = parseRoute(request.method, request.url);
    if (route === undefined) throw new Unmodelled(`${request.method} ${request.url}`);
    if (route.subscription.toLowerCase() !== world.subscriptionId.toLowerCase()) {
      throw new Refusal(404, 'SubscriptionNotFound', `The subscription '${route.subscription}' could not be found.`);
    }
    if (route.apiVersion === '') {
      throw new Refusal(
        400,
        'MissingApiVersionParameter',
        'The api-version query parameter (?api-version=) is required for all requests.',
      );
    }
    return dispatch(world, route, parseBody(request), now);
  } catch (error) {
    if (error instanceof Refusal) return answer(world, now, error.status, errorBody(error.code, error.message));
    throw error;
  }
}

/** Carries out, in order, everything that is due until `now`. */
export function advanceSql(world: World, now: number): void {
  advance(world, now);
}

/** The next instant at which something happens by itself. */
export function nextSqlEventAt(world: World): number | undefined {
  return nextAt(world);
}

function dispatch(world: World, route: Route, body: unknown, now: number): ModelResponse {
  const [type, name, child, childName] = route.segments;
  if (type === 'locations') return operationPoll(world, route, now);
  if (type !== 'servers') throw new Unmodelled(`${route.method} ${route.url.pathname}`);
  if (name === undefined && route.method === 'GET')
    return answer(world, now, 200, listServers(world, route.resourceGroup));
  const server = serverOf(world, route);
  if (child === undefined) {
    if (route.isTags) return serverTags(world, route, server, body, now);
    if (route.method === 'GET') return answer(world, now, 200, serverBody(world, server));
  }
  if (child === 'databases') return databaseRequest(world, route, body, now);
  if (child === 'firewallrules') return firewallRequest(world, route, body, now);
  if (child === 'elasticpools' && route.method === 'GET') {
    const bodies = Object.values(server.elasticPools).map((pool) => ({
      sku: pool.sku,
      kind: 'vcore,pool',
      properties: { state: 'Ready', maxSizeBytes: 34_359_738_368, zoneRedundant: false },
      location: server.location,
      id: `${serverId(world, server)}/elasticPools/${pool.name}`,
      name: pool.name,
      type: 'Microsoft.Sql/servers/elasticPools',
    }));
    if (childName === undefined) return answer(world, now, 200, { value: bodies });
    const one = bodies.find((pool) => pool.name.toLowerCase() === childName.toLowerCase());
    if (one === undefined)
      throw new Refusal(
        404,
        'ResourceNotFound',
        `The requested resource of type 'Microsoft.Sql/servers/elasticPools' with name '${childName}' was not found.`,
      );
    return answer(world, now, 200, one);
  }
  if (child === 'failovergroups' && childName === undefined && route.method === 'GET') {
    const value = Object.values(server.failoverGroups).map((group) => ({
      properties: {
        replicationRole: 'Primary',
        replicationState: 'CATCH_UP',
        partnerServers: [{ id: group.partnerServerId, replicationRole: 'Secondary' }],
        databases: group.databases.map((one) => `${serverId(world, server)}/databases/${one}`),
      },
      location: server.location,
      id: `${serverId(world, server)}/failoverGroups/${group.name}`,
      name: group.name,
      type: 'Microsoft.Sql/servers/failoverGroups',
    }));
    return answer(world, now, 200, { value });
  }
  throw new Unmodelled(`${route.method} ${route.url.pathname}`);
}

function databaseRequest(world: World, route: Route, body: unknown, now: number): ModelResponse {
  const server = serverOf(world, route);
  const [, , , name, part] = route.segments;
  const { method } = route;
  if (name === undefined) {
    if (method === 'GET') return answer(world, now, 200, listDatabases(world, server, now));
    throw new Unmodelled(`${method} ${route.url.pathname}`);
  }
  if (part === 'move' && method === 'POST') return moveDatabase(world, route, body, now);
  if (part === undefined && !route.isTags) {
    if (method === 'PUT') return putDatabase(world, route, body, now);
    if (method === 'DELETE') return dropDatabase(world, route, now);
    if (method === 'GET' && name.toLowerCase() === 'master') return answer(world, now, 200, masterBody(world, server));
  }
  const database = databaseOf(server, route);
  if (route.isTags) return databaseTags(world, route, server, database, body, now);
  if (part !== undefined) return databasePart(world, route, server, database, body, now);
  if (method === 'GET') return answer(world, now, 200, databaseBody(world, server, database, now));
  if (method === 'PATCH') return patchDatabase(world, server, database, body, route, now);
  throw new Unmodelled(`${method} ${route.url.pathname}`);
}

/** Polls: `databaseAzureAsyncOperation` tells the state, `databaseOperationResults` ends with the database itself. */
function operationPoll(world: World, route: Route, now: number): ModelResponse {
  const [, , kind, id = ''] = route.segments;
  const operation = world.sql.operations[id];
  if (route.method !== 'GET' || (kind !== 'databaseazureasyncoperation' && kind !== 'databaseoperationresults')) {
    throw new Unmodelled(`${route.method} ${route.url.pathname}`);
  }
  if (operation === undefined || inject(world, 'poll-404')) {
    throw new Refusal(404, 'OperationIdNotFound', `The operation with Id '${id}' does not exist.`);
  }
  if (kind === 'databaseazureasyncoperation') return answer(world, now, 200, asyncBody(operation));
  if (operation.state === 'InProgress') return answer(world, now, 202, asyncBody(operation));
  if (operation.error !== undefined) return answer(world, now, 400, { error: operation.error });
  const found = findDatabase(world, operation.databaseId);
  return found === undefined
    ? answer(world, now, 204)
    : answer(world, now, 200, databaseBody(world, found.server, found.database, now));
}

const decoder = new TextDecoder();

function parseBody(request: ModelRequest): unknown {
  if (request.body === undefined || request.body.length === 0) return undefined;
  try {
    return JSON.parse(decoder.decode(request.body));
  } catch {
    throw new Refusal(400, 'InvalidRequestContent', 'The request content was invalid and could not be deserialized.');
  }
}
