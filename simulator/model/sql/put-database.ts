import { type ModelResponse, Unmodelled, type World } from '../world.ts';
import { answer, Refusal } from './answer.ts';
import { type DatabaseRequest, parseDatabaseBody } from './database-request.ts';
import { earliestRestore } from './databases.ts';
import { copyOf, pooledSku, restoreOf } from './derive.ts';
import { beginOperation, operationHeaders, startedBody } from './operations.ts';
import { findByResourceId, type Route, serverOf } from './route.ts';
import { touch } from './serverless.ts';
import type { Database, DatabaseChange, InjectedOutcome, SqlServer } from './state.ts';

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

/** Refuses what cannot run beside the operation under way. */
export function refuseWhileBusy(server: SqlServer, database: Database): void {
  if (database.operationId === undefined) return;
  throw new Refusal(
    409,
    'ConflictingDatabaseOperation',
    `Operation on server '${server.name}' and database '${database.name}' is in progress. Please wait a few minutes before trying again.`,
  );
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

/** Copies by seeding: consistent at one instant somewhere between request and end; here at 60 % of the way. */
function beginCopy(world: World, server: SqlServer, name: string, request: DatabaseRequest, now: number): Database {
  const source = sourceOf(world, request);
  const busy = Object.values(world.sql.operations).some(
    (one) =>
      one.kind === 'CreateDatabaseAsCopy' &&
      one.state === 'InProgress' &&
      copiesFrom(world, one.databaseId, source.database.contentId),
  );
  if (busy) {
    throw new Refusal(
      409,
      '40565',
      'Database copy failed. No more than 1 concurrent database copy from the same source is allowed. Please drop target database and try again later.',
    );
  }
  if (!['Online', 'Paused', 'Resuming'].includes(source.database.status)) refuseSource(source.database);
  touch(world, source.database, now);
  const duration = world.durations.copy;
  const database = copyOf(world, source.database, name, now + Math.round(duration * 0.6));
  shape(server, database, request);
  database.status = 'Copying';
  database.tags = world.variants['tags-lost-on-copy'] ? {} : (request.tags ?? {});
  database.creationDate = now + Math.round(duration * 0.46);
  const outcome = inject(world, 'copy-suspect') ? 'suspect' : inject(world, 'copy-failed') ? 'failed' : undefined;
  beginOperation(world, server, database, 'CreateDatabaseAsCopy', duration, now, outcome);
  return database;
}

/**
 * Restores to an instant. When the log of that instant is not backed up yet, the service waits for the backup
 * (recorded: 8 minutes for a point 6 s old, 3 to 4.5 for older ones). A point before the earliest one is refused by
 * the operation, not by the request; one in the future by the request: which codes Azure uses there is not known.
 */
function beginRestore(world: World, server: SqlServer, name: string, request: DatabaseRequest, now: number): Database {
  const source = sourceOf(world, request);
  if (source.server !== server)
    throw new Refusal(400, 'InvalidLiveDatabase', 'A database can be restored on its own server only.');
  if (request.restorePointInTime === undefined) {
    throw new Refusal(
      400,
      'MissingRestorePointInTime',
      `The point in time was not specified for restoring live database '${source.database.name}'.`,
    );
  }
  const point = request.restorePointInTime;
  if (point > now)
    throw new Refusal(
      400,
      'InvalidRestorePointInTime',
      `The restore point '${new Date(point).toISOString()}' lies in the future.`,
    );
  if (source.database.status === 'Copying' || source.database.status === 'Restoring') refuseSource(source.database);
  const earliest = earliestRestore(source.database, now);
  const tooEarly = earliest === undefined || point < earliest;
  const database = restoreOf(world, source.database, name, point);
  shape(server, database, request);
  database.status = 'Restoring';
  database.tags = request.tags ?? {};
  database.isReadOnly = world.variants['read-only-carried-by-restore'] ? source.database.isReadOnly : false;
  const wait = Math.max(0, nextLogBackup(world, source.database, point) - now);
  const outcome = tooEarly || inject(world, 'restore-failed') ? 'failed' : undefined;
  const operation = beginOperation(
    world,
    server,
    database,
    'CreateRestoreRequest',
    world.durations.restore + wait,
    now,
    outcome,
  );
  database.creationDate = operation.endsAt;
  return database;
}

/** Log backups come at a regular pace, here one and a half restores apart. */
function nextLogBackup(world: World, database: Database, point: number): number {
  const pace = Math.max(1, Math.round(world.durations.restore * 1.5));
  return database.backupsFrom + Math.ceil(Math.max(0, point - database.backupsFrom) / pace) * pace;
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

function shape(server: SqlServer, database: Database, request: DatabaseRequest): void {
  const { change } = request;
  if (change.elasticPoolId !== undefined) {
    const pool = Object.values(server.elasticPools).find((one) =>
      change.elasticPoolId?.toLowerCase().endsWith(`/elasticpools/${one.name.toLowerCase()}`),
    );
    if (pool === undefined)
      throw new Refusal(
        400,
        'ElasticPoolNotFound',
        `The elastic pool '${change.elasticPoolId}' does not exist on server '${server.name}'.`,
      );
    database.sku = pooledSku(pool.sku);
  } else if (change.sku !== undefined) {
    delete database.elasticPoolId;
  }
  Object.assign(database, change);
  if (change.sku !== undefined && !change.sku.name.includes('_S_')) {
    delete database.autoPauseDelay;
    delete database.minCapacity;
  }
}

function sourceOf(world: World, request: DatabaseRequest): { server: SqlServer; database: Database } {
  if (request.sourceDatabaseId === undefined)
    throw new Refusal(400, 'MissingSourceDatabaseId', 'The source database id is missing.');
  const source = findByResourceId(world, request.sourceDatabaseId);
  if (source === undefined)
    throw new Refusal(
      400,
      'SourceDatabaseNotFound',
      `The source database '${request.sourceDatabaseId}' does not exist.`,
    );
  return source;
}

function refuseSource(database: Database): never {
  throw new Refusal(
    409,
    'DatabaseUnavailable',
    `The source database '${database.name}' is in state '${database.status}'.`,
  );
}

function copiesFrom(world: World, databaseId: string, contentId: string): boolean {
  for (const server of Object.values(world.sql.servers)) {
    for (const database of Object.values(server.databases)) {
      if (database.databaseId === databaseId)
        return world.sql.contents[database.contentId]?.from?.contentId === contentId;
    }
  }
  return false;
}

/** Takes one injected outcome, when there is one. */
export function inject(world: World, outcome: InjectedOutcome): boolean {
  const place = world.sql.injected.indexOf(outcome);
  if (place < 0) return false;
  world.sql.injected.splice(place, 1);
  return true;
}
