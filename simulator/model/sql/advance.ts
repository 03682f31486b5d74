import type { World } from '../world.ts';
import { FIRST_BACKUP_AFTER, pooledSku } from './derive.ts';
import { endSession, endSessionsOf } from './end-session.ts';
import { findDatabase } from './lookup.ts';
import { pausesAt } from './serverless.ts';
import type { Database, SqlOperation, SqlOperationKind, SqlPending, SqlServer } from './state.ts';

/** Carries out what is due until `now`, in order of time (and of being scheduled, where times are equal). */
export function advanceSql(world: World, now: number): void {
  for (;;) {
    const due = earliest(world);
    if (due === undefined || due.at > now) break;
    world.sql.pending = world.sql.pending.filter((one) => one !== due);
    carryOut(world, due);
  }
  for (const server of Object.values(world.sql.servers)) {
    for (const database of Object.values(server.databases)) {
      const at = pausesAt(world, database);
      if (at !== undefined && at <= now) database.status = 'Paused';
    }
  }
}

/** The next instant at which something happens by itself. */
export function nextSqlEventAt(world: World): number | undefined {
  let next = earliest(world)?.at;
  for (const server of Object.values(world.sql.servers)) {
    for (const database of Object.values(server.databases)) {
      if (database.autoPauseDelay === undefined) continue;
      const at = pausesAt(world, database);
      if (at !== undefined && (next === undefined || at < next)) next = at;
    }
  }
  return next;
}

function earliest(world: World): SqlPending | undefined {
  let first: SqlPending | undefined;
  for (const one of world.sql.pending) if (first === undefined || one.at < first.at) first = one;
  return first;
}

function carryOut(world: World, due: SqlPending): void {
  if (due.kind === 'kill') endSession(world, due.sessionId, due.at);
  else if (due.kind === 'end-operation') endOperation(world, due);
  else changeDatabase(world, due);
}

function changeDatabase(world: World, due: Exclude<SqlPending, { kind: 'kill' } | { kind: 'end-operation' }>): void {
  const database = findDatabase(world, due.databaseId)?.database;
  if (database === undefined) return;
  if (due.kind === 'show-tags') database.tags = due.tags;
  else if (due.kind === 'resumed') {
    if (database.status === 'Resuming') database.status = 'Online';
    database.lastActiveAt = due.at;
  } else Object.assign(database, due.change);
}

function endOperation(world: World, due: SqlPending & { kind: 'end-operation' }): void {
  const operation = world.sql.operations[due.operationId];
  if (operation === undefined || operation.state !== 'InProgress') return;
  const found = findDatabase(world, operation.databaseId);
  if (found === undefined) return;
  const { server, database } = found;
  if (due.outcome !== undefined) {
    endBadly(operation, server, database, due.outcome);
    return;
  }
  operation.state = 'Succeeded';
  delete database.operationId;
  if (operation.kind === 'DropLogicalDatabase') {
    endSessionsOf(world, database, due.at);
    delete server.databases[database.name.toLowerCase()];
  } else if (MAKING.has(operation.kind)) {
    database.status = 'Online';
    database.availableFrom = due.at;
    database.lastActiveAt = due.at;
    database.backupsFrom = due.at + FIRST_BACKUP_AFTER;
    if (database.elasticPoolId !== undefined) database.sku = pooledSku(database.sku);
  }
}

const MAKING: ReadonlySet<SqlOperationKind> = new Set([
  'CreateDatabaseAsCopy',
  'CreateRestoreRequest',
  'CreateLogicalDatabase',
]);

function endBadly(operation: SqlOperation, server: SqlServer, database: Database, outcome: 'suspect' | 'failed'): void {
  operation.state = 'Failed';
  delete database.operationId;
  if (outcome === 'suspect') {
    database.status = 'Suspect';
    operation.error = { code: '40562', message: 'Database copy failed. The source database has been dropped.' };
    return;
  }
  operation.error = { code: 'BadRequest', message: 'The request could not be carried out.' };
  delete server.databases[database.name.toLowerCase()];
}
