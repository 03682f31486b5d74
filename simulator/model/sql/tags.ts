import type { Answer } from '../arm/answer.ts';
import { armRefusal } from '../arm/refusal.ts';
import { tagsBody } from '../arm/tags.ts';
import type { DatabaseCall, ServerCall } from './database-call.ts';
import { parseTags } from './database-request.ts';
import { databaseId, serverId } from './lookup.ts';
import { beginOperation, refuseWhileBusy } from './operations.ts';
import { touch } from './serverless.ts';

/**
 * `…/providers/Microsoft.Resources/tags/default` of a database. A write is an operation of the database: 202 with a
 * Location that answers 404 when polled, tags visible when it ends.
 * Source: https://github.com/Azure/azure-sdk-for-net/issues/39799
 */
export function databaseTags(call: DatabaseCall): Answer {
  const { world, server, database, now, url } = call;
  const scope = databaseId(world, server, database.name);
  if (call.method === 'GET') return { status: 200, body: tagsBody(scope, database.tags) };
  const tags = wanted(call.method, database.tags, call.body);
  refuseWhileBusy(server, database);
  touch(world, database, now);
  const duration = world.variants['tags-late'] ? world.durations.tagWrite * 20 : world.durations.tagWrite;
  const operation = beginOperation(world, server, database, 'UpdateLogicalDatabase', duration, now);
  world.sql.pending.push({ kind: 'show-tags', at: operation.endsAt, databaseId: database.databaseId, tags });
  const original = encodeURIComponent(
    `/subscriptions/${world.subscriptionId}/resourceGroups/${server.resourceGroup}/providers/Microsoft.Sql/locations/${server.location}/databaseOperationResults/${operation.id}`,
  );
  const poll = `${url.origin}/subscriptions/${world.subscriptionId}/tagsoperationresults`;
  const location = `${poll}?api-version=${url.searchParams.get('api-version')}&$originalLocation=${original}`;
  return { status: 202, headers: { location } };
}

/** Tags of a server: written at once. */
export function serverTags({ world, server, method, body }: ServerCall): Answer {
  if (method !== 'GET') server.tags = wanted(method, server.tags, body);
  return { status: 200, body: tagsBody(serverId(world, server), server.tags) };
}

/** What polling the Location of a tag write answers. */
export function pollTags(): never {
  throw armRefusal(
    404,
    'InvalidResourceType',
    "The resource type 'locations/databaseOperationResults' could not be found in the namespace 'Microsoft.Sql' for api version '2022-09-01'. The supported api-versions are '2014-01-01,2014-04-01,2014-04-01-preview,2020-02-02-preview,2021-02-01-preview,2021-11-01,2023-08-01'.",
  );
}

function wanted(method: string, current: Record<string, string>, body: unknown): Record<string, string> {
  if (method === 'DELETE') return {};
  const { operation, properties } = (body ?? {}) as { operation?: string; properties?: { tags?: unknown } };
  const given = parseTags(properties?.tags ?? {});
  if (method === 'PUT' || operation === 'Replace') return given;
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const others = Object.entries(current).filter(([name]) => !names.has(name.toLowerCase()));
  if (operation === 'Merge') return parseTags({ ...Object.fromEntries(others), ...given });
  if (operation === 'Delete') {
    // A tag goes when its value is the one given, or none was.
    return Object.fromEntries(Object.entries(current).filter(([name, value]) => !isGiven(given, name, value)));
  }
  throw armRefusal(400, 'InvalidTagPatchOperation', `The tag patch operation '${operation}' is not valid.`);
}

function isGiven(given: Record<string, string>, name: string, value: string): boolean {
  return Object.entries(given).some(
    ([one, of]) => one.toLowerCase() === name.toLowerCase() && (of === value || of === ''),
  );
}
