import { isServer, type NamedServer } from '../azure/server-names.ts';
import type { SlotSettings } from '../azure/slot-settings.ts';
import { bareName, keyOf } from '../settings/database-key.ts';
import type { Address } from './address.ts';
import { type Place, places } from './places.ts';
import { understand } from './understand.ts';
import { findUnsure, type Unsure } from './unsure.ts';

/** A setting that was understood as leading to a database. */
export interface Found extends Place {
  /** What the app gets. */
  readonly value: string;
  readonly address: Address & { readonly database: string };
}

/** Reads a connection string of any form that we are certain about; undefined for everything else. */
export function parseConnectionString(text: string): Address | undefined {
  return understand(text)?.address;
}

/** Every setting that is understood as leading to a database of an SQL server. */
export function findDatabases(settings: SlotSettings): readonly Found[] {
  return places(settings).flatMap(({ place, value, type }) => {
    const address = understand(value, type)?.address;
    const database = address?.database;
    return address && database ? [{ ...place, value, address: { ...address, database } }] : [];
  });
}

/** Those of them that lead to a database of these servers, by whichever of their names. `key`: which database. */
export function findDatabasesOn(
  settings: SlotSettings,
  servers: readonly NamedServer[],
): readonly (Found & { readonly key: string })[] {
  return findDatabases(settings).flatMap((found) => {
    const key = keyOfAddress(servers, found.address);
    return key === undefined ? [] : [{ ...found, key }];
  });
}

/** Which database of the servers an address leads to; undefined when it leads to another server. @param servers the first one first. */
export function keyOfAddress(
  servers: readonly NamedServer[],
  { host, database }: Pick<Found['address'], 'host' | 'database'>,
): string | undefined {
  const server = servers.find((each) => isServer(each, host));
  return server && keyOf(servers[0]?.name ?? '', server.name, database);
}

export interface Redirected {
  readonly settings: SlotSettings;
  /** The settings that were changed, and from which database. */
  readonly changed: readonly (Place & { readonly from: string; readonly to: string })[];
  /** Settings that may still lead to an original: input `clone-connection-settings` has to name them. */
  readonly unsure: readonly Unsure[];
}

/**
 * The settings with every connection string to one of the databases leading to another one of the same server instead, and
 * everything else left as it is, byte for byte.
 * @param servers the first one first.
 * @param databases from the key of a database (in any case, as SQL compares names) to the key of the one to use.
 */
export function redirect(
  settings: SlotSettings,
  servers: readonly NamedServer[],
  databases: Readonly<Record<string, string>>,
): Redirected {
  const targets = new Map(Object.entries(databases).map(([from, to]) => [from.toLowerCase(), to]));
  const appSettings = { ...settings.appSettings };
  const connectionStrings = { ...settings.connectionStrings };
  const changed: (Place & { from: string; to: string })[] = [];
  for (const { place, value, type } of places(settings)) {
    const understood = understand(value, type);
    const { host, database } = understood?.address ?? {};
    const from = host && database ? keyOfAddress(servers, { host, database }) : undefined;
    const to = from === undefined ? undefined : targets.get(from.toLowerCase());
    if (!understood?.withDatabase || from === undefined || to === undefined) continue;
    const replaced = understood.withDatabase(bareName(to));
    const before = connectionStrings[place.name];
    if (place.kind === 'app-setting') appSettings[place.name] = replaced;
    else if (before) connectionStrings[place.name] = { ...before, value: replaced };
    changed.push({ ...place, from, to });
  }
  return {
    settings: { appSettings, connectionStrings },
    changed,
    unsure: findUnsure(settings, servers, Object.keys(databases)),
  };
}
