import type { Answer } from '../arm/answer.ts';
import type { ArmCall, Json } from '../arm/call.ts';
import { armRefusal, type Refusal } from '../arm/refusal.ts';
import { azureTime } from './azure-time.ts';
import type { DatabaseCall } from './database-call.ts';
import { databaseBody } from './databases.ts';
import { findDatabase, serverId } from './lookup.ts';
import { inject } from './new-database.ts';
import { beginOperation } from './operations.ts';
import type { SqlOperation, SqlOperationKind } from './state.ts';

/** Polls report a start this much later than the answer to the PUT does (as recorded). */
const RECORDED_START_SHIFT = 220;

/** `GET …/databaseAzureAsyncOperation/{operation}`: the state. */
export function pollState(call: ArmCall): Answer {
  return { status: 200, body: asyncBody(operationOf(call)) };
}

/** `GET …/databaseOperationResults/{operation}`: ends with the database itself. */
export function pollResult(call: ArmCall): Answer {
  const { world, now } = call;
  const operation = operationOf(call);
  if (operation.state === 'InProgress') return { status: 202, body: asyncBody(operation) };
  if (operation.error !== undefined) return { status: 400, body: { error: operation.error } };
  const found = findDatabase(world, operation.databaseId);
  if (found === undefined) return { status: 204 };
  return { status: 200, body: databaseBody(world, found.server, found.database, now) };
}

/** `GET …/operations` of a database. */
export function listOperations({ world, server, database, now }: DatabaseCall): Answer {
  const operations = Object.values(world.sql.operations).filter((one) => one.databaseId === database.databaseId);
  const value = operations.map((one) => ({
    properties: {
      databaseName: database.name,
      operation: one.kind,
      operationFriendlyName: friendly[one.kind],
      percentComplete: percent(one, now),
      serverName: server.name,
      startTime: azureTime(one.startedAt),
      state: one.state,
      isCancellable: one.state === 'InProgress',
      ...(one.error === undefined ? {} : errorOf(one.error)),
    },
    id: `${serverId(world, server)}/databases/${database.name}/operations/${one.id}`,
    name: one.id,
    type: 'Microsoft.Sql/servers/databases/operations',
  }));
  return { status: 200, body: { value } };
}

function errorOf({ code, message }: NonNullable<SqlOperation['error']>): Json {
  const errorCode = Number.isInteger(Number(code)) ? Number(code) : 400;
  return { errorCode, errorDescription: message, errorSeverity: 16, isUserError: true };
}

/** `POST …/operations/{operation}/cancel`, of a copy or restore: the target vanishes, as when it is deleted. */
export function cancelOperation(call: DatabaseCall): Answer {
  const { world, server, database, now } = call;
  const { operation: id = '' } = call.names;
  const operation = world.sql.operations[id];
  if (operation === undefined || operation.databaseId !== database.databaseId) throw unknown(id);
  if (operation.state !== 'InProgress')
    throw armRefusal(409, 'CannotCancelOperation', `Cannot cancel management operation '${id}' in the current state.`);
  operation.state = 'Cancelled';
  delete database.operationId;
  if (operation.kind === 'CreateDatabaseAsCopy' || operation.kind === 'CreateRestoreRequest') {
    beginOperation(world, server, database, 'DropLogicalDatabase', world.durations.drop, now);
  }
  return { status: 200 };
}

function operationOf({ world, names }: ArmCall): SqlOperation {
  const { operation: id = '' } = names;
  const operation = world.sql.operations[id];
  if (operation === undefined || inject(world, 'poll-404')) throw unknown(id);
  return operation;
}

function unknown(id: string): Refusal {
  return armRefusal(404, 'OperationIdNotFound', `The operation with Id '${id}' does not exist.`);
}

/** What a poll of `databaseAzureAsyncOperation` says. The shape of a failure is ARM's convention, in no recording. */
function asyncBody(operation: SqlOperation): unknown {
  return {
    name: operation.id,
    status: operation.state,
    startTime: azureTime(operation.startedAt + RECORDED_START_SHIFT),
    ...(operation.error === undefined ? {} : { error: operation.error }),
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
