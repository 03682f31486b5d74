import type { Answer } from '../arm/answer.ts';
import { type Json, propertiesOf } from '../arm/call.ts';
import { armRefusal } from '../arm/refusal.ts';
import type { DatabaseCall } from './database-call.ts';
import { databaseId } from './lookup.ts';
import { accepted, beginOperation, refuseWhileBusy } from './operations.ts';

/** `GET …/backupShortTermRetentionPolicies` */
export function showShortTerm(call: DatabaseCall): Answer {
  return { status: 200, body: shortTerm(call) };
}

/** PUT or PATCH of `…/backupShortTermRetentionPolicies`: an operation, though the new values show at once here. */
export function updateShortTerm(call: DatabaseCall): Answer {
  const { database } = call;
  const properties = propertiesOf(call.body);
  const days = Number(properties.retentionDays ?? database.shortTermRetentionDays);
  // https://learn.microsoft.com/azure/azure-sql/database/automated-backups-overview: Basic keeps a week at most.
  const most = database.sku.tier === 'Basic' ? 7 : 35;
  if (!Number.isInteger(days) || days < 1 || days > most) {
    const words = `The retention of ${days} days is not valid; 1 to ${most} are.`;
    throw armRefusal(400, 'InvalidBackupRetentionPeriod', words);
  }
  refuseWhileBusy(call.server, database);
  database.shortTermRetentionDays = days;
  database.diffBackupIntervalInHours = Number(
    properties.diffBackupIntervalInHours ?? database.diffBackupIntervalInHours,
  );
  const { world, server, now } = call;
  const operation = beginOperation(world, server, database, 'UpdateLogicalDatabase', world.durations.tagWrite, now);
  return accepted(call, operation, 'shortTermRetentionPolicy');
}

/** `GET …/backupLongTermRetentionPolicies` */
export function showLongTerm(call: DatabaseCall): Answer {
  return { status: 200, body: longTerm(call) };
}

/** `PUT …/backupLongTermRetentionPolicies` */
export function replaceLongTerm(call: DatabaseCall): Answer {
  const {
    weeklyRetention = 'PT0S',
    monthlyRetention = 'PT0S',
    yearlyRetention = 'PT0S',
    weekOfYear = 0,
  } = propertiesOf(call.body);
  call.database.longTermRetention = {
    weeklyRetention: String(weeklyRetention),
    monthlyRetention: String(monthlyRetention),
    yearlyRetention: String(yearlyRetention),
    weekOfYear: Number(weekOfYear),
  };
  return { status: 200, body: longTerm(call) };
}

function shortTerm({ world, server, database }: DatabaseCall): Json {
  return {
    properties: {
      retentionDays: database.shortTermRetentionDays,
      diffBackupIntervalInHours: database.diffBackupIntervalInHours,
    },
    id: `${databaseId(world, server, database.name)}/backupShortTermRetentionPolicies/default`,
    name: 'default',
    type: 'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies',
  };
}

function longTerm({ world, server, database }: DatabaseCall): Json {
  return {
    properties: { ...database.longTermRetention },
    id: `${databaseId(world, server, database.name)}/backupLongTermRetentionPolicies/default`,
    name: 'default',
    type: 'Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies',
  };
}
