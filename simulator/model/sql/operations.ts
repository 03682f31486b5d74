import type { Answer } from '../arm/answer.ts';
import { armRefusal } from '../arm/refusal.ts';
import { newGuid, type World } from '../world.ts';
import { azureTime } from './azure-time.ts';
import type { ServerCall } from './database-call.ts';
import type { Database, SqlOperation, SqlOperationKind, SqlPending, SqlServer } from './state.ts';

/** Begins a long operation on a database that ends by itself after `duration` milliseconds. */
export function beginOperation(
  world: World,
  server: SqlServer,
  database: Database,
  kind: SqlOperationKind,
  duration: number,
  now: number,
  outcome?: 'suspect' | 'failed',
): SqlOperation {
  const operation: SqlOperation = {
    id: newGuid(world),
    kind,
    server: server.name.toLowerCase(),
    databaseId: database.databaseId,
    databaseName: database.name,
    startedAt: now,
    endsAt: now + duration,
    state: 'InProgress',
  };
  world.sql.operations[operation.id] = operation;
  database.operationId = operation.id;
  const pending: SqlPending = { kind: 'end-operation', at: operation.endsAt, operationId: operation.id };
  world.sql.pending.push(outcome === undefined ? pending : { ...pending, outcome });
  return operation;
}

/** 202: where to ask how far it is (operation URLs carry the target server's resource group and location). */
export function accepted(
  { world, server, url }: ServerCall,
  operation: SqlOperation,
  of: 'database' | 'shortTermRetentionPolicy' = 'database',
): Answer {
  const base = `${url.origin}/subscriptions/${world.subscriptionId}/resourceGroups/${server.resourceGroup}/providers/Microsoft.Sql/locations/${server.location}`;
  const query = `?api-version=${url.searchParams.get('api-version')}`;
  return {
    status: 202,
    headers: {
      location: `${base}/${of}OperationResults/${operation.id}${query}`,
      'azure-asyncoperation': `${base}/${of}AzureAsyncOperation/${operation.id}${query}`,
      'x-ms-ratelimit-remaining-subscription-writes': '1195',
    },
    body: { operation: operation.kind, startTime: azureTime(operation.startedAt) },
  };
}

/** Ends an operation at once, as failed, with an error of SQL's own number. */
export function failAtOnce(
  world: World,
  operation: SqlOperation,
  database: Database,
  number: number,
  text: string,
): void {
  operation.state = 'Failed';
  operation.error = { code: String(number), message: text };
  world.sql.pending = world.sql.pending.filter(
    (one) => one.kind !== 'end-operation' || one.operationId !== operation.id,
  );
  delete database.operationId;
}

/** Refuses what cannot run beside the operation under way. */
export function refuseWhileBusy(server: SqlServer, database: Database): void {
  if (database.operationId === undefined) return;
  throw armRefusal(
    409,
    'ConflictingDatabaseOperation',
    `Operation on server '${server.name}' and database '${database.name}' is in progress. Please wait a few minutes before trying again.`,
  );
}
