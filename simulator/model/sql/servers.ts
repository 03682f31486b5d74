import type { Answer } from '../arm/answer.ts';
import type { ArmCall } from '../arm/call.ts';
import type { World } from '../world.ts';
import type { ServerCall } from './database-call.ts';
import { serverId } from './lookup.ts';
import type { SqlServer } from './state.ts';

/** Servers of a resource group, or of the whole subscription. */
export function listServers({ world, path }: ArmCall): Answer {
  const group = path.resourceGroup;
  const servers = Object.values(world.sql.servers).filter(
    (server) => group === undefined || server.resourceGroup.toLowerCase() === group.toLowerCase(),
  );
  return { status: 200, body: { value: servers.map((server) => serverBody(world, server)) } };
}

/** One server. */
export function showServer({ world, server }: ServerCall): Answer {
  return { status: 200, body: serverBody(world, server) };
}

/** A server as ARM shows it; key order as recorded. */
function serverBody(world: World, server: SqlServer): unknown {
  const administrator = world.principals[server.entraAdministrator ?? ''];
  return {
    kind: 'v12.0',
    properties: {
      administratorLogin: server.administratorLogin,
      version: '12.0',
      state: 'Ready',
      fullyQualifiedDomainName: server.fullyQualifiedDomainName,
      privateEndpointConnections: server.privateEndpoints.map((name) => ({
        id: `${serverId(world, server)}/privateEndpointConnections/${name}`,
        properties: { provisioningState: 'Ready', privateLinkServiceConnectionState: { status: 'Approved' } },
      })),
      ...(server.minimalTlsVersion === undefined ? {} : { minimalTlsVersion: server.minimalTlsVersion }),
      ...(server.entraAdministrator !== undefined
        ? {
            administrators: {
              administratorType: 'ActiveDirectory',
              principalType: 'Application',
              login: administrator?.name ?? 'database administrators',
              sid: server.entraAdministrator,
              tenantId: world.tenantId,
              azureADOnlyAuthentication: server.entraOnly === true,
            },
          }
        : {}),
      publicNetworkAccess: server.publicNetworkAccess,
      restrictOutboundNetworkAccess: 'Disabled',
    },
    location: server.location,
    ...(Object.keys(server.tags).length > 0 ? { tags: server.tags } : {}),
    id: serverId(world, server),
    name: server.name,
    type: 'Microsoft.Sql/servers',
  };
}
