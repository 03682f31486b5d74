import type { Answer } from '../arm/answer.ts';
import type { DatabaseCall } from './database-call.ts';
import { databaseId } from './lookup.ts';

/** `GET …/replicationLinks` */
export function listLinks({ world, server, database }: DatabaseCall): Answer {
  const id = databaseId(world, server, database.name);
  const value = database.replicationLinks.map((link) => ({
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
  return { status: 200, body: { value } };
}

/** `GET …/auditingSettings` */
export function showAuditing({ world, server, database }: DatabaseCall): Answer {
  const id = databaseId(world, server, database.name);
  const body = {
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
  return { status: 200, body };
}
