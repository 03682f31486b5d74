import type { Arm } from './arm.ts';
import { items, sqlPages } from './pages.ts';
import { serverParts } from './resource-id.ts';

/**
 * What one server is called. Clients know it by its host name, by the name of its private link, by a DNS alias, by the
 * listener of a failover group, or by its bare name: all of them are the same server.
 */
export interface Named {
  /** Canonical, see {@link canonicalHost}. */
  readonly names: readonly string[];
}

/** A server among several, by its name. */
export interface NamedServer extends Named {
  readonly name: string;
}

/** Whether a host, as a connection string or an input writes it, is this server. The one place that decides it. */
export function isServer({ names }: Named, host: string): boolean {
  return names.includes(canonicalHost(host));
}

/**
 * A host in lower case, without protocol, port and final dot, and by its public name: the zone of a private endpoint puts
 * `privatelink.` before the public one. https://learn.microsoft.com/azure/private-link/private-endpoint-dns
 */
export function canonicalHost(host: string): string {
  return host
    .trim()
    .toLowerCase()
    .replace(/^tcp:\s*/, '')
    .replace(/\s*[,:\\].*$/, '')
    .replace(/\.$/, '')
    .replace('.privatelink.', '.');
}

/** The names that need no question. */
export function plainNames(name: string, hostName: string): readonly string[] {
  return [...new Set([name, hostName].map(canonicalHost))].filter((each) => each !== '');
}

interface ServerId {
  readonly id: string;
  readonly hostName: string;
}

/** DNS aliases, and listeners of failover groups, that lead to a server now; without those that the identity may not list. */
export async function otherNames(arm: Arm, { id, hostName }: ServerId): Promise<readonly string[]> {
  const [aliases, listeners] = await Promise.all([dnsAliases(arm, id), groupListeners(arm, id, hostName)]);
  return [...aliases, ...listeners].map(canonicalHost);
}

/** https://learn.microsoft.com/azure/azure-sql/database/dns-alias-overview */
async function dnsAliases(arm: Arm, id: string): Promise<readonly string[]> {
  const { group, server } = serverParts(id);
  const pages = await sqlPages(
    arm,
    { what: 'list the DNS aliases of the server', id, repeat: 'read', accept: [403] },
    ({ serverDnsAliases }) => serverDnsAliases.listByServer(group, server),
  );
  return items(pages).flatMap(({ azureDnsRecord }) => azureDnsRecord ?? []);
}

/** `<group>.<zone>` leads to the primary, `<group>.secondary.<zone>` to the other one. https://learn.microsoft.com/azure/azure-sql/database/failover-group-sql-db */
async function groupListeners(arm: Arm, id: string, hostName: string): Promise<readonly string[]> {
  const { group, server } = serverParts(id);
  const pages = await sqlPages(
    arm,
    { what: 'list the failover groups of the server', id, repeat: 'read', accept: [403] },
    ({ failoverGroups }) => failoverGroups.listByServer(group, server),
  );
  const zone = hostName.slice(hostName.indexOf('.'));
  return items(pages).map(
    ({ name, replicationRole }) => `${name}${replicationRole === 'Secondary' ? '.secondary' : ''}${zone}`,
  );
}
