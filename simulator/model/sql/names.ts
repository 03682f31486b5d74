import type { World } from '../world.ts';
import type { SqlServer } from './state.ts';

const ZONE = '.database.windows.net';

/**
 * The server that a client means, by whichever of its names: its own, short or whole, with `tcp:`, port or instance; that
 * of its private link, a DNS alias, the listener of a failover group. Undefined for a name that nobody has.
 */
export function serverAt(world: World, host: string): SqlServer | undefined {
  const name = host
    .replace(/^tcp:/i, '')
    .replace(/[,:\\].*$/, '')
    .toLowerCase();
  const servers = Object.values(world.sql.servers);
  const found = servers.find((server) => namesOf(world, server).includes(name));
  // A driver may name the address instead of the host; with one server there is no doubt who is meant.
  if (found === undefined && /^(127\.|::1|localhost)/.test(name) && servers.length === 1) return servers[0];
  return found;
}

/** Every name under which a server is found. */
function namesOf(world: World, server: SqlServer): string[] {
  const names = [server.fullyQualifiedDomainName, server.name, ...server.dnsAliases.map((alias) => alias + ZONE)];
  // The page says of it that it fails by design; users have it in their strings (MicrosoftDocs/azure-docs#54364, #82747).
  if (!world.variants['private-link-name-refused']) names.push(privateLinkOf(server));
  for (const { name } of Object.values(server.failoverGroups)) names.push(name + ZONE);
  return names.map((name) => name.toLowerCase());
}

/** Names in the server's certificate; a star stands for one label (MicrosoftDocs/azure-docs#52778: no private link). */
export function certificateCovers(server: SqlServer, host: string): boolean {
  const name = host.toLowerCase();
  if (name === server.fullyQualifiedDomainName.toLowerCase()) return true;
  return name.endsWith(ZONE) && !name.slice(0, -ZONE.length).includes('.');
}

function privateLinkOf({ fullyQualifiedDomainName }: SqlServer): string {
  const [first, ...rest] = fullyQualifiedDomainName.split('.');
  return [first, 'privatelink', ...rest].join('.');
}
