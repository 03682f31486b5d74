import { Stop } from '../errors.ts';
import { bareName, inKey } from '../settings/database-key.ts';
import { sameName } from './names.ts';
import type { DatabasePart, Server } from './observed.ts';

type Servers = Pick<DatabasePart, 'servers'>;

/** The server on which a database of the deployment lies, by its key. */
export function serverOf({ servers }: Servers, key: string): Server {
  const { server } = inKey(key);
  const found = server === undefined ? servers[0] : servers.find(({ name }) => sameName(name, server));
  if (found) return found;
  throw new Stop(
    'failed',
    `Database ${key} lies on a server that this run has not looked at.`,
    'This is a defect of the action; please report it.',
  );
}

/** Where a database lies, as the gateways to Azure ask for it: the id of its server, and its name there. */
export function placeOf(part: Servers, key: string): readonly [serverId: string, name: string] {
  return [serverOf(part, key).id, bareName(key)];
}

/** Their names, for people. */
export function serverNames({ servers }: Servers): string {
  return servers.map(({ name }) => name).join(', ');
}
