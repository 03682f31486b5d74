import { Stop } from '../errors.ts';
import type { Arm } from './client.ts';
import { listAll, read, sql } from './databases.ts';

/** A logical SQL server. */
export interface Server {
  readonly id: string;
  readonly name: string;
  readonly hostName: string;
  readonly location: string;
  /** `Enabled`, `Disabled`, `SecuredByPerimeter`. */
  readonly publicNetworkAccess: string;
  /** Names of private endpoints that are connected to it. */
  readonly privateEndpoints: readonly string[];
  /** The Microsoft Entra administrator's name; null when it has none. */
  readonly entraAdmin: string | null;
}

interface ServerWire {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly properties: {
    readonly fullyQualifiedDomainName?: string;
    readonly publicNetworkAccess?: string;
    readonly administrators?: { readonly login?: string } | null;
    readonly privateEndpointConnections?: readonly { readonly id?: string }[] | null;
  };
}

/**
 * Finds the server by resource id, name or host name: first in the resource group, then in the whole subscription.
 * Stops when there is none, and when it is a Managed Instance, which cannot do what we need (it has no READ_ONLY).
 */
export async function findServer(
  arm: Arm,
  subscriptionId: string,
  server: string,
  resourceGroup?: string,
): Promise<Server> {
  if (/\/managedInstances\//i.test(server) || isManagedInstanceHost(server)) throw managedInstance(server);
  if (server.startsWith('/')) {
    const answer = await sql(arm, `read SQL server ${server.split('/').at(-1)}`, 'GET', server);
    return serverOf(read(answer));
  }
  const wanted = server.replace(/^tcp:/i, '').replace(/[,:]\d+$/, '');
  const near = resourceGroup === undefined ? [] : await serversIn(arm, subscriptionId, resourceGroup);
  const found = pick(near, wanted) ?? pick(await serversIn(arm, subscriptionId), wanted);
  if (found) return found;
  throw new Stop(
    'failed',
    `There is no SQL server ${wanted} that the identity may see in subscription ${subscriptionId}.`,
    'Check input sql-server (a name, a host name or a resource id) and that the identity may read the server.',
  );
}

function pick(servers: readonly Server[], wanted: string): Server | undefined {
  const name = wanted.toLowerCase();
  return servers.find((server) => server.name.toLowerCase() === name || server.hostName.toLowerCase() === name);
}

/** Those that we may see: an identity with rights at a resource group need not have any at the subscription. */
async function serversIn(arm: Arm, subscriptionId: string, resourceGroup?: string): Promise<readonly Server[]> {
  const scope = `/subscriptions/${subscriptionId}${resourceGroup === undefined ? '' : `/resourceGroups/${resourceGroup}`}`;
  const all = await listAll<ServerWire>(arm, 'list the SQL servers', `${scope}/providers/Microsoft.Sql/servers`, {
    accept: [403],
  });
  return all.map(serverOf);
}

/** Managed Instances have a zone between name and suffix: `name.0123456789ab.database.windows.net`. */
function isManagedInstanceHost(server: string): boolean {
  return /^(tcp:)?[^.]+\.(public\.)?[0-9a-f]{12}\.database\./i.test(server);
}

function managedInstance(server: string): Stop {
  return new Stop(
    'refused',
    `${server} is an Azure SQL Managed Instance, which cannot set a database READ_ONLY.`,
    'Use Azure SQL Database; Managed Instance is not supported.',
  );
}

function serverOf(wire: ServerWire): Server {
  const facts = wire.properties;
  return {
    id: wire.id,
    name: wire.name,
    hostName: facts.fullyQualifiedDomainName ?? '',
    location: wire.location,
    publicNetworkAccess: facts.publicNetworkAccess ?? 'Enabled',
    privateEndpoints: (facts.privateEndpointConnections ?? []).map(({ id }) => id?.split('/').at(-1) ?? ''),
    entraAdmin: facts.administrators?.login ?? null,
  };
}
