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
 * Finds the server by resource id, name or host name, in the subscription unless the id says another.
 * Stops when there is none, and when it is a Managed Instance, which cannot do what we need (it has no READ_ONLY).
 */
export async function findServer(arm: Arm, subscriptionId: string, server: string): Promise<Server> {
  if (/\/managedInstances\//i.test(server) || isManagedInstanceHost(server)) throw managedInstance(server);
  if (server.startsWith('/')) {
    const answer = await sql(arm, `read SQL server ${server.split('/').at(-1)}`, 'GET', server);
    return serverOf(read(answer));
  }
  const host = server
    .replace(/^tcp:/i, '')
    .replace(/[,:]\d+$/, '')
    .toLowerCase();
  const all = await listAll<ServerWire>(
    arm,
    'list the SQL servers of the subscription',
    `/subscriptions/${subscriptionId}/providers/Microsoft.Sql/servers`,
  );
  const found = all.find(
    (wire) => wire.name.toLowerCase() === host || wire.properties.fullyQualifiedDomainName?.toLowerCase() === host,
  );
  if (found) return serverOf(found);
  throw new Stop(
    'failed',
    `There is no SQL server ${server} among the ${all.length} that the identity sees in subscription ${subscriptionId}.`,
    'Check input sql-server (a name, a host name or a resource id) and that the identity may read the server.',
  );
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
