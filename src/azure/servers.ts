import type { Server as ServerResource } from '@azure/arm-sql';
import { Stop } from '../errors.ts';
import type { Arm } from './arm.ts';
import { items, sqlPages } from './pages.ts';
import { serverParts } from './resource-id.ts';

/** A logical SQL server. */
export interface Server {
  readonly id: string;
  readonly name: string;
  readonly hostName: string;
  readonly location: string;
  /** `Enabled`, `Disabled`, `SecuredByPerimeter`. */
  readonly publicNetworkAccess: string;
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
    const { group, server: name } = serverParts(server);
    const answer = await arm.sql({ what: `read SQL server ${name}`, id: server, repeat: 'read' }, ({ servers }) =>
      servers.get(group, name),
    );
    return serverOf(answer.value());
  }
  const wanted = server.replace(/^tcp:/i, '').replace(/[,:]\d+$/, '');
  const near = resourceGroup === undefined ? [] : await listServers(arm, subscriptionId, resourceGroup);
  const found = pick(near, wanted) ?? pick(await listServers(arm, subscriptionId), wanted);
  if (found) return found;
  throw new Stop(
    'failed',
    `There is no SQL server ${wanted} that the identity may see in subscription ${subscriptionId}.`,
    'Check input sql-server (a name, a host name or a resource id) and that the identity may read the server.',
  );
}

/** The servers that we may see, of a resource group or the subscription: an identity with rights at a resource group need not have any at the subscription. */
export async function listServers(
  arm: Arm,
  subscriptionId: string,
  resourceGroup?: string,
): Promise<readonly Server[]> {
  const id = `/subscriptions/${subscriptionId}`;
  const pages = await sqlPages(
    arm,
    { what: 'list the SQL servers', id, repeat: 'read', accept: [403] },
    ({ servers }) => (resourceGroup === undefined ? servers.list() : servers.listByResourceGroup(resourceGroup)),
  );
  return items(pages).map(serverOf);
}

function pick(servers: readonly Server[], wanted: string): Server | undefined {
  const name = wanted.toLowerCase();
  return servers.find((server) => server.name.toLowerCase() === name || server.hostName.toLowerCase() === name);
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

function serverOf(server: ServerResource): Server {
  return {
    id: server.id ?? '',
    name: server.name ?? '',
    hostName: server.fullyQualifiedDomainName ?? '',
    location: server.location,
    publicNetworkAccess: server.publicNetworkAccess ?? 'Enabled',
  };
}
