import type { Server as ServerResource } from '@azure/arm-sql';
import { Stop } from '../errors.ts';
import type { Arm } from './arm.ts';
import { items, sqlPages } from './pages.ts';
import { serverParts } from './resource-id.ts';
import { resource } from './resource-shape.ts';
import { isServer, type Named, otherNames, plainNames } from './server-names.ts';
import { listSubscriptions } from './subscriptions.ts';

/** A logical SQL server, with the names that are known of it. */
export interface Server extends Named {
  readonly id: string;
  readonly name: string;
  readonly hostName: string;
  readonly location: string;
  /** `Enabled`, `Disabled`, `SecuredByPerimeter`. */
  readonly publicNetworkAccess: string;
  /** A private endpoint leads to it: whoever is in its network needs no firewall rule. */
  readonly privateEndpoint: boolean;
  /** Such as `1.2`; empty when the server does not say. */
  readonly minimalTlsVersion: string;
}

/**
 * Finds the server by resource id or by any of its names: first in the resource group, then in the whole subscription, then in others.
 * Stops when there is none, and when it is a Managed Instance, which cannot do what we need (it has no READ_ONLY).
 */
export async function findServer(
  arm: Arm,
  subscriptionId: string,
  server: string,
  resourceGroup?: string,
  inGroup?: Promise<readonly Server[]>,
): Promise<Server> {
  const found = await seekServer(arm, subscriptionId, server, resourceGroup, inGroup);
  if (found) return found;
  throw new Stop(
    'failed',
    `There is no SQL server ${server} that the identity may see, in subscription ${subscriptionId} or another.`,
    'Name the server with input sql-server (a name, a host name or a resource id), and let the identity read it (Microsoft.Sql/servers/read) and its DNS aliases (Microsoft.Sql/servers/dnsAliases/read).',
  );
}

/**
 * The same; undefined when there is none.
 * @param inGroup the servers of the resource group, where they were asked for already
 */
export async function seekServer(
  arm: Arm,
  subscriptionId: string,
  server: string,
  resourceGroup?: string,
  inGroup?: Promise<readonly Server[]>,
): Promise<Server | undefined> {
  if (/\/managedInstances\//i.test(server) || isManagedInstanceHost(server)) throw managedInstance(server);
  if (server.startsWith('/')) {
    const { group, server: name } = serverParts(server);
    const answer = await arm.sql({ what: `read SQL server ${name}`, id: server, repeat: 'read' }, ({ servers }) =>
      servers.get(group, name),
    );
    return serverOf(answer.value());
  }
  const near = resourceGroup === undefined ? [] : await (inGroup ?? listServers(arm, subscriptionId, resourceGroup));
  const found = named(near, server);
  if (found) return found;
  const all = await listServers(arm, subscriptionId);
  return (
    named(all, server) ??
    named(await Promise.all(all.map((each) => withOtherNames(arm, each))), server) ??
    named(await listServersElsewhere(arm, subscriptionId), server)
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

/** Those of all other subscriptions of which the identity may see anything. */
export async function listServersElsewhere(arm: Arm, subscriptionId: string): Promise<readonly Server[]> {
  const others = (await listSubscriptions(arm)).filter((id) => id.toLowerCase() !== subscriptionId.toLowerCase());
  return (await Promise.all(others.map((id) => listServers(arm, id)))).flat();
}

/** The server with what Azure lists of other names. */
export async function withOtherNames(arm: Arm, server: Server): Promise<Server> {
  return { ...server, names: [...server.names, ...(await otherNames(arm, server))] };
}

function named(servers: readonly Server[], host: string): Server | undefined {
  return servers.find((server) => isServer(server, host));
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

/** The client has lifted the properties by then: the host name is one, and tokens go there. */
function serverOf(server: ServerResource): Server {
  const { id = '', name = '', fullyQualifiedDomainName: hostName = '' } = server;
  resource('an SQL server', { id, name, properties: { hostName } }, ['hostName']);
  return {
    id,
    name,
    hostName,
    names: plainNames(name, hostName),
    location: server.location,
    publicNetworkAccess: server.publicNetworkAccess ?? 'Enabled',
    privateEndpoint: (server.privateEndpointConnections ?? []).some(isApproved),
    minimalTlsVersion: server.minimalTlsVersion ?? '',
  };
}

type Connection = NonNullable<ServerResource['privateEndpointConnections']>[number];

function isApproved({ properties }: Connection): boolean {
  return properties?.privateLinkServiceConnectionState?.status === 'Approved';
}
