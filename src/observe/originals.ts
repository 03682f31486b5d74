import type { SlotSettings } from '../azure/slot-settings.ts';
import { findDatabasesOn } from '../connection-strings/connection-strings.ts';
import { parseName, sameName } from '../deployment/names.ts';
import type { Server } from '../deployment/observed.ts';
import { Stop } from '../errors.ts';
import { byKey, inKey, keyOf } from '../settings/database-key.ts';
import type { Settings } from '../settings/settings.ts';
import type { Servers } from './servers.ts';

/** An original, before it is known which server is the first. */
export interface Original {
  readonly server: Server;
  readonly name: string;
}

/** The originals: input, or production's connection strings, where in the window a clone stands for its original. */
export function originalsOn(settings: Settings, production: SlotSettings, servers: Servers): readonly Original[] {
  const named = (name: string | undefined) => servers.find((server) => sameName(server.name, name));
  if (settings.databases) {
    return settings.databases.flatMap((key) => {
      const { server, name } = inKey(key);
      if (server === undefined && servers.length > 1) throw withoutServer(name, servers);
      const on = server === undefined ? servers[0] : named(server);
      return on ? [{ server: on, name }] : [];
    });
  }
  const found = findDatabasesOn(production, servers).map(({ key }) => parseName(key)?.database ?? key);
  const distinct = new Map(found.map((key) => [key.toLowerCase(), inKey(key)]));
  return [...distinct.values()].map(({ server, name }) => ({ server: named(server) ?? servers[0], name }));
}

/** Their keys, in order. @param first the name of the first server. */
export function keysOf(originals: readonly Original[], first: string): readonly string[] {
  return originals.map(({ server, name }) => keyOf(first, server.name, name)).sort(byKey);
}

/** A server that an input names and none of whose databases belongs to the deployment: one of the two is a mistake. */
export function refuseIdle({ sqlServers }: Settings, servers: Servers, originals: readonly Original[]): void {
  const idle = servers.find(({ id }) => originals.every(({ server }) => server.id !== id));
  if (sqlServers.length < 2 || idle === undefined || originals.length === 0) return;
  throw new Stop(
    'bad-input',
    `Input sql-server names ${idle.name}, and no database of that server was found in production's connection strings or input databases.`,
    `Leave ${idle.name} out, or name its databases, too: databases: ${[...originals.map(({ server, name }) => `${server.name}/${name}`), `${idle.name}/<name>`].join(',')}`,
  );
}

function withoutServer(name: string, servers: Servers): Stop {
  const names = servers.map((server) => server.name);
  return new Stop(
    'bad-input',
    `Input databases names ${name} without its server, and there are several: ${names.join(', ')}.`,
    `Write the server before each database, such as ${names[0]}/${name}; or name one server with input sql-server: the others go on as they are.`,
  );
}
