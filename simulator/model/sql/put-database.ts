import type { Answer } from '../arm/answer.ts';
import { armRefusal } from '../arm/refusal.ts';
import type { World } from '../world.ts';
import { beginCopy } from './begin-copy.ts';
import { beginCreate } from './begin-create.ts';
import { beginRestore } from './begin-restore.ts';
import type { DatabaseCall, ServerCall } from './database-call.ts';
import { type DatabaseRequest, parseDatabaseBody } from './database-request.ts';
import { accepted, beginOperation, failAtOnce, refuseWhileBusy } from './operations.ts';
import { touch } from './serverless.ts';
import { sizeProblem } from './size.ts';
import type { Database, DatabaseChange, SqlServer } from './state.ts';

/** `PUT …/databases/{database}`: copy, point-in-time restore, new database; on an existing name always an update. */
export function putDatabase(call: ServerCall): Answer {
  const { server, names } = call;
  const { database: name = '' } = names;
  if (name.toLowerCase() === 'master')
    throw armRefusal(400, 'CannotUseReservedDatabaseName', "The database name 'master' is reserved.");
  if (!/^[^<>*%&:\\/?\r\n]{1,128}$/.test(name) || /[. ]$/.test(name)) {
    throw armRefusal(400, 'InvalidIdentifier', `'${name}' is not a valid name for a database.`);
  }
  const request = parseDatabaseBody(call.body);
  const database = server.databases[name.toLowerCase()];
  if (database !== undefined) return updateByPut({ ...call, database }, request);
  if (request.createMode === 'Copy') return create(call, name, request, beginCopy);
  if (request.createMode === 'PointInTimeRestore') return create(call, name, request, beginRestore);
  if (request.createMode === 'Default') return begun(call, beginCreate(call, name, request));
  throw armRefusal(400, 'InvalidDatabaseCreateMode', `The create mode '${request.createMode}' is not supported.`);
}

/** `PATCH …/databases/{database}`: what is named changes; tags, when named, are replaced. */
export function patchDatabase(call: DatabaseCall): Answer {
  return update(call, changesOf(parseDatabaseBody(call.body), call.database));
}

type Begin = (world: World, server: SqlServer, name: string, request: DatabaseRequest, now: number) => Database;

function create(call: ServerCall, name: string, request: DatabaseRequest, begin: Begin): Answer {
  const { world, server, now } = call;
  const database = begin(world, server, name, request, now);
  server.databases[name.toLowerCase()] = database;
  return begun(call, database);
}

function begun(call: ServerCall, database: Database): Answer {
  const operation = call.world.sql.operations[database.operationId ?? ''];
  if (operation === undefined) throw new Error('a new database has no operation');
  return accepted(call, operation);
}

function updateByPut(call: DatabaseCall, request: DatabaseRequest): Answer {
  const { server, database } = call;
  if (database.status === 'Copying' || database.status === 'Restoring') {
    throw armRefusal(
      409,
      '45138',
      `The destination database name '${database.name}' already exists on the server '${server.name}'.`,
    );
  }
  // A PUT replaces: one without tags clears them.
  return update(call, { tags: {}, ...changesOf(request, database) });
}

function update(call: DatabaseCall, change: DatabaseChange): Answer {
  const { world, server, database, now } = call;
  refuseWhileBusy(server, database);
  touch(world, database, now);
  const onlyTags = Object.keys(change).every((key) => key === 'tags');
  const duration = onlyTags ? world.durations.tagWrite : world.durations.copy;
  const operation = beginOperation(world, server, database, 'UpdateLogicalDatabase', duration, now);
  const wrongSize = sizeProblem({ ...database, ...change });
  if (wrongSize !== undefined && change.sku !== undefined) {
    failAtOnce(world, operation, database, wrongSize.number, wrongSize.text);
    return accepted(call, operation);
  }
  world.sql.pending.push({ kind: 'update-database', at: operation.endsAt, databaseId: database.databaseId, change });
  return accepted(call, operation);
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
