import type { Answer } from '../arm/answer.ts';
import type { Json } from '../arm/call.ts';
import { armRefusal } from '../arm/refusal.ts';
import type { ServerCall } from './database-call.ts';
import { serverId } from './lookup.ts';

/** `GET …/elasticPools` */
export function listPools(call: ServerCall): Answer {
  return { status: 200, body: { value: poolBodies(call) } };
}

/** `GET …/elasticPools/{pool}` */
export function showPool(call: ServerCall): Answer {
  const { pool: name = '' } = call.names;
  const body = poolBodies(call).find((pool) => pool.name.toLowerCase() === name.toLowerCase());
  if (body === undefined) {
    throw armRefusal(
      404,
      'ResourceNotFound',
      `The requested resource of type 'Microsoft.Sql/servers/elasticPools' with name '${name}' was not found.`,
    );
  }
  return { status: 200, body };
}

/** `GET …/failoverGroups` */
export function listFailoverGroups({ world, server }: ServerCall): Answer {
  const value = Object.values(server.failoverGroups).map((group) => ({
    properties: {
      replicationRole: 'Primary',
      replicationState: 'CATCH_UP',
      partnerServers: [{ id: group.partnerServerId, replicationRole: 'Secondary' }],
      databases: group.databases.map((one) => `${serverId(world, server)}/databases/${one}`),
    },
    location: server.location,
    id: `${serverId(world, server)}/failoverGroups/${group.name}`,
    name: group.name,
    type: 'Microsoft.Sql/servers/failoverGroups',
  }));
  return { status: 200, body: { value } };
}

/** `GET …/dnsAliases`: https://learn.microsoft.com/rest/api/sql/server-dns-aliases/list-by-server */
export function listAliases({ world, server }: ServerCall): Answer {
  const value = server.dnsAliases.map((name) => ({
    properties: { azureDnsRecord: `${name}.database.windows.net` },
    id: `${serverId(world, server)}/dnsAliases/${name}`,
    name,
    type: 'Microsoft.Sql/servers/dnsAliases',
  }));
  return { status: 200, body: { value } };
}

function poolBodies({ world, server }: ServerCall): readonly (Json & { readonly name: string })[] {
  return Object.values(server.elasticPools).map((pool) => ({
    sku: pool.sku,
    kind: 'vcore,pool',
    properties: { state: 'Ready', maxSizeBytes: 34_359_738_368, zoneRedundant: false },
    location: server.location,
    id: `${serverId(world, server)}/elasticPools/${pool.name}`,
    name: pool.name,
    type: 'Microsoft.Sql/servers/elasticPools',
  }));
}
