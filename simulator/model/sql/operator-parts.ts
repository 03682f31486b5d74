import type { Answer } from '../arm/answer.ts';
import type { Json } from '../arm/call.ts';
import type { DatabaseCall, ServerCall } from './database-call.ts';
import { databaseId, serverId } from './lookup.ts';

/** `GET …/servers/{server}/usages`: shape as recorded, numbers of the model's own. */
export function listServerUsages({ world, server }: ServerCall): Answer {
  const used = Object.keys(server.databases).length;
  const usage = (name: string, displayName: string, currentValue: number, limit: number, unit: string) => ({
    properties: { displayName, currentValue, limit, unit },
    id: `${serverId(world, server)}/usages/${name}`,
    name,
    type: 'Microsoft.Sql/servers/usages',
  });
  const value = [
    usage('server_dtu_quota', 'Database Throughput Unit Quota', 54_000, 54_000, 'DTUs'),
    usage('database_count', 'Database Count', used, 5000, 'Count'),
  ];
  return { status: 200, body: { value } };
}

/** `GET …/databases/{database}/usages` */
export function listDatabaseUsages({ world, server, database }: DatabaseCall): Answer {
  const value = [
    {
      properties: {
        displayName: 'Database Size',
        currentValue: 6_291_456,
        limit: database.maxSizeBytes,
        unit: 'Bytes',
      },
      id: `${databaseId(world, server, database.name)}/usages/database_size`,
      name: 'database_size',
      type: 'Microsoft.Sql/servers/databases/usages',
    },
  ];
  return { status: 200, body: { value } };
}

/** `GET …/administrators`: the Entra administrator, when there is one. */
export function listAdministrators({ world, server }: ServerCall): Answer {
  const { entraAdministrator } = server;
  if (entraAdministrator === undefined) return { status: 200, body: { value: [] } };
  const one: Json = {
    properties: {
      administratorType: 'ActiveDirectory',
      login: world.principals[entraAdministrator]?.name ?? 'database administrators',
      sid: entraAdministrator,
      tenantId: world.tenantId,
      azureADOnlyAuthentication: server.entraOnly === true,
    },
    id: `${serverId(world, server)}/administrators/ActiveDirectory`,
    name: 'ActiveDirectory',
    type: 'Microsoft.Sql/servers/administrators',
  };
  return { status: 200, body: { value: [one] } };
}

/** `GET …/transparentDataEncryption/current`: on, as it is for every database unless somebody switched it off. */
export function showEncryption({ world, server, database }: DatabaseCall): Answer {
  return {
    status: 200,
    body: {
      properties: { state: 'Enabled' },
      id: `${databaseId(world, server, database.name)}/transparentDataEncryption/Current`,
      name: 'Current',
      type: 'Microsoft.Sql/servers/databases/transparentDataEncryption',
    },
  };
}
