import { type ModelResponse, Unmodelled, type World } from '../world.ts';
import { answer, Refusal } from './answer.ts';
import { beginCopy } from './begin-copy.ts';
import { beginRestore } from './begin-restore.ts';
import { type DatabaseRequest, parseDatabaseBody } from './database-request.ts';
import { beginOperation, operationHeaders, refuseWhileBusy, startedBody } from './operations.ts';
import { type Route, serverOf } from './route.ts';
import { touch } from './serverless.ts';
import type { Database, DatabaseChange, SqlServer } from './state.ts';

/** `PUT …/databases/{name}`: copy, point-in-time restore, new database; on an existing name always an update. */
export function putDatabase(world: World, route: Route, body: unknown, now: number): ModelResponse {
  const server = serverOf(world, route);
  const name = route.segments[3] ?? '';
  if (name.toLowerCase() === 'master')
    throw new Refusal(400, 'CannotUseReservedDatabaseName', "The database name 'master' is reserved.");
  if (!/^[^<>*%&:\\/?\r\n]{1,128}$/.test(name) || /[. ]$/.test(name)) {
    throw new Refusal(400, 'InvalidIdentifier', `'${name}' is not a valid name for a database.`);
  }
  const request = parseDatabaseBody(body);
  const existing = server.databases[name.toLowerCase()];
  if (existing !== undefined) return updateByPut(world, server, existing, request, route, now);
  if (request.createMode === 'Copy') return create(world, server, name, request, route, now, beginCopy);
  if (request.createMode === 'PointInTimeRestore')
    return create(world, server, name, request, route, now, beginRestore);
  if (request.createMode === 'Default')
    throw new Unmodelled(`creating the empty database ${name}; createWorld makes them`);
  throw new Refusal(400, 'InvalidDatabaseCreateMode', `The create mode '${request.createMode}' is not supported.`);
}

/** `PATCH …/databases/{name}`: what is named changes; tags, when named, are replaced. */
export function patchDatabase(
  world: World,
  server: SqlServer,
  database: Database,
  body: unknown,
  route: Route,
  now: number,
): ModelResponse {
  const request = parseDatabaseBody(body);
  return update(world, server, database, changesOf(request, database), route, now);
}

type Begin = (world: World, server: SqlServer, name: string, request: DatabaseRequest, now: number) => Database;

function create(
  world: World,
  server: SqlServer,
  name: string,
  request: DatabaseRequest,
  route: Route,
  now: number,
  begin: Begin,
): ModelResponse {
  const database = begin(world, server, name, request, now);
  server.databases[name.toLowerCase()] = database;
  const operation = world.sql.operations[database.operationId ?? ''];
  if (operation === undefined) throw new Error('a new database has no operation');
  return answer(world, now, 202, startedBody(operation), operationHeaders(world, server, route, operation));
}

function updateByPut(
  world: World,
  server: SqlServer,
  database: Database,
  request: DatabaseRequest,
  route: Route,
  now: number,
): ModelResponse {
  if (database.status === 'Copying' || database.status === 'Restoring') {
    throw new Refusal(
      409,
      '45138',
      `The destination database name '${database.name}' already exists on the server '${server.name}'.`,
    );
  }
  // A PUT replaces: one without tags clears them.
  return update(world, server, database, { tags: {}, ...changesOf(request, database) }, route, now);
}

function update(
  world: World,
  server: SqlServer,
  database: Database,
  change: DatabaseChange,
  route: Route,
  now: number,
): ModelResponse {
  refuseWhileBusy(server, database);
  touch(world, database, now);
  const onlyTags = Object.keys(change).every((key) => key === 'tags');
  const duration = onlyTags ? world.durations.tagWrite : world.durations.copy;
  const operation = beginOperation(world, server, database, 'UpdateLogicalDatabase', duration, now);
  world.sql.pending.push({ kind: 'update-database', at: operation.endsAt, databaseId: database.databaseId, change });
  return answer(world, now, 202, startedBody(operation), operationHeaders(world, server, route, operation));
}

function changesOf(request: DatabaseRequest, database: Database): DatabaseChange {
  const { change, tags } = request;
  const sku = change.sku;
  const same =
    sku !== undefined &&
    sku.name === database.sku.name &&
    (sku.capacity === 0 || sku.capacity === database.sku.capacity);
  const { sku: _same, ...rest } = change;
  return { ...(same ? rest : change), ...(tags === undefined ? {} : { tags }) };
}
