import { type ModelResponse, Unmodelled, type World } from '../world.ts';
import { answer, Refusal } from './answer.ts';
import { beginOperation, listOperations } from './operations.ts';
import { databaseId, type Route } from './route.ts';
import type { Database, SqlServer } from './state.ts';

/** What hangs under a database: operations, replication links, retention policies, auditing settings. */
export function databasePart(
  world: World,
  route: Route,
  server: SqlServer,
  database: Database,
  body: unknown,
  now: number,
): ModelResponse {
  const [, , , , part, name, action] = route.segments;
  const id = databaseId(world, server, database.name);
  const ask = `${route.method} ${part}`;
  if (ask === 'GET operations') return answer(world, now, 200, listOperations(world, server, database, now));
  if (ask === 'POST operations' && action === 'cancel') return cancel(world, server, database, name ?? '', now);
  if (ask === 'GET replicationlinks') return answer(world, now, 200, { value: links(id, database, server) });
  if (ask === 'GET backupshorttermretentionpolicies') return answer(world, now, 200, shortTerm(id, database));
  if (ask === 'GET backuplongtermretentionpolicies') return answer(world, now, 200, longTerm(id, database));
  if (ask === 'GET auditingsettings') return answer(world, now, 200, auditing(id, database));
  const { properties = {} } = (body ?? {}) as { properties?: Record<string, unknown> };
  if (ask === 'PUT backupshorttermretentionpolicies' || ask === 'PATCH backupshorttermretentionpolicies') {
    const days = Number(properties.retentionDays ?? database.shortTermRetentionDays);
    if (!Number.isInteger(days) || days < 1 || days > 35)
      throw new Refusal(
        400,
        'InvalidBackupRetentionPeriod',
        `The retention of ${days} days is not valid; 1 to 35 are.`,
      );
    database.shortTermRetentionDays = days;
    database.diffBackupIntervalInHours = Number(
      properties.diffBackupIntervalInHours ?? database.diffBackupIntervalInHours,
    );
    return answer(world, now, 200, shortTerm(id, database));
  }
  if (ask === 'PUT backuplongtermretentionpolicies') {
    const {
      weeklyRetention = 'PT0S',
      monthlyRetention = 'PT0S',
      yearlyRetention = 'PT0S',
      weekOfYear = 0,
    } = properties;
    database.longTermRetention = {
      weeklyRetention: String(weeklyRetention),
      monthlyRetention: String(monthlyRetention),
      yearlyRetention: String(yearlyRetention),
      weekOfYear: Number(weekOfYear),
    };
    return answer(world, now, 200, longTerm(id, database));
  }
  throw new Unmodelled(`${route.method} ${route.url.pathname}`);
}

/** Cancels a copy or restore: the target vanishes, as when it is deleted. */
function cancel(world: World, server: SqlServer, database: Database, id: string, now: number): ModelResponse {
  const operation = world.sql.operations[id];
  if (operation === undefined || operation.databaseId !== database.databaseId)
    throw new Refusal(404, 'OperationIdNotFound', `The operation with Id '${id}' does not exist.`);
  if (operation.state !== 'InProgress')
    throw new Refusal(
      409,
      'CannotCancelOperation',
      `The management operation '${id}' is in state ${operation.state} and cannot be cancelled.`,
    );
  operation.state = 'Cancelled';
  delete database.operationId;
  if (operation.kind === 'CreateDatabaseAsCopy' || operation.kind === 'CreateRestoreRequest') {
    beginOperation(world, server, database, 'DropLogicalDatabase', world.durations.drop, now);
  }
  return answer(world, now, 200);
}

function links(id: string, database: Database, server: SqlServer): unknown[] {
  return database.replicationLinks.map((link) => ({
    properties: {
      partnerServer: link.partnerServer,
      partnerDatabase: link.partnerDatabase,
      partnerLocation: link.partnerLocation,
      role: 'Primary',
      partnerRole: 'Secondary',
      replicationMode: 'ASYNC',
      percentComplete: 100,
      replicationState: 'CATCH_UP',
      isTerminationAllowed: true,
      linkType: 'GEO',
    },
    location: server.location,
    id: `${id}/replicationLinks/${link.name}`,
    name: link.name,
    type: 'Microsoft.Sql/servers/databases/replicationLinks',
  }));
}

function shortTerm(id: string, database: Database): unknown {
  return {
    properties: {
      retentionDays: database.shortTermRetentionDays,
      diffBackupIntervalInHours: database.diffBackupIntervalInHours,
    },
    id: `${id}/backupShortTermRetentionPolicies/default`,
    name: 'default',
    type: 'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies',
  };
}

function longTerm(id: string, database: Database): unknown {
  return {
    properties: { ...database.longTermRetention },
    id: `${id}/backupLongTermRetentionPolicies/default`,
    name: 'default',
    type: 'Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies',
  };
}

function auditing(id: string, database: Database): unknown {
  return {
    properties: {
      retentionDays: 0,
      auditActionsAndGroups: [],
      isStorageSecondaryKeyInUse: false,
      isAzureMonitorTargetEnabled: database.isAuditingEnabled,
      state: database.isAuditingEnabled ? 'Enabled' : 'Disabled',
      storageAccountSubscriptionId: '00000000-0000-0000-0000-000000000000',
    },
    id: `${id}/auditingSettings/Default`,
    name: 'Default',
    type: 'Microsoft.Sql/servers/databases/auditingSettings',
  };
}
