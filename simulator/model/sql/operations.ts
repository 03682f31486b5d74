import { newGuid, type World } from '../world.ts';
import { azureTime, Refusal } from './answer.ts';
import { type Route, serverId } from './route.ts';
import type { Database, SqlOperation, SqlOperationKind, SqlPending, SqlServer } from './state.ts';

/** Polls report a start this much later than the answer to the PUT does (as recorded). */
const RECORDED_START_SHIFT = 220;

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

/** Headers of a 202: where to ask (operation URLs carry the target server's resource group and location). */
export function operationHeaders(
  world: World,
  server: SqlServer,
  route: Route,
  operation: SqlOperation,
): Record<string, string> {
  const base = `${route.url.origin}/subscriptions/${world.subscriptionId}/resourceGroups/${server.resourceGroup}/providers/Microsoft.Sql/locations/${server.location}`;
  const query = `?api-version=${route.apiVersion}`;
  return {
    location: `${base}/databaseOperationResults/${operation.id}${query}`,
    'azure-asyncoperation': `${base}/databaseAzureAsyncOperation/${operation.id}${query}`,
    'x-ms-ratelimit-remaining-subscription-writes': '1195',
  };
}

/** The body of a 202. */
export function startedBody(operation: SqlOperation): unknown {
  return { operation: operation.kind, startTime: azureTime(operation.startedAt) };
}

/** What a poll of `databaseAzureAsyncOperation` says. The shape of a failure is ARM's convention, in no recording. */
export function asyncBody(operation: SqlOperation): unknown {
  return {
    name: operation.id,
    status: operation.state,
    startTime: azureTime(operation.startedAt + RECORDED_START_SHIFT),
    ...(operation.error === undefined ? {} : { error: operation.error }),
  };
}

/** `GET …/databases/{db}/operations`. */
export function listOperations(world: World, server: SqlServer, database: Database, now: number): unknown {
  const operations = Object.values(world.sql.operations).filter((one) => one.databaseId === database.databaseId);
  return {
    value: operations.map((one) => ({
      properties: {
        databaseName: database.name,
        operation: one.kind,
        operationFriendlyName: friendly[one.kind],
        percentComplete: percent(one, now),
        serverName: server.name,
        startTime: azureTime(one.startedAt),
        state: one.state,
        isCancellable: one.state === 'InProgress',
        ...(one.error === undefined ? {} : { errorCode: 400, errorDescription: one.error.message }),
      },
      id: `${serverId(world, server)}/databases/${database.name}/operations/${one.id}`,
      name: one.id,
      type: 'Microsoft.Sql/servers/databases/operations',
    })),
  };
}

const friendly: Record<SqlOperationKind, string> = {
  CreateDatabaseAsCopy: 'CREATE DATABASE AS COPY',
  CreateRestoreRequest: 'RESTORE DATABASE',
  CreateLogicalDatabase: 'CREATE DATABASE',
  UpdateLogicalDatabase: 'ALTER DATABASE',
  DropLogicalDatabase: 'DROP DATABASE',
};

function percent(operation: SqlOperation, now: number): number {
  if (operation.state !== 'InProgress') return 100;
  const share = (now - operation.startedAt) / Math.max(operation.endsAt - operation.startedAt, 1);
  return Math.floor(Math.min(Math.max(share, 0), 0.99) * 100);
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
