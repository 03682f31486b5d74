import { isServer, type Named } from '../azure/server-names.ts';
import type { SlotSettings } from '../azure/slot-settings.ts';
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

/** Those of them that lead to a database of this server, by whichever of its names. */
export function findDatabasesOn(settings: SlotSettings, server: Named): readonly Found[] {
  return findDatabases(settings).filter(({ address }) => isServer(server, address.host));
}

export interface Redirected {
  readonly settings: SlotSettings;
  /** The settings that were changed, and from which database. */
  readonly changed: readonly (Place & { readonly from: string; readonly to: string })[];
  /** Settings that may still lead to an original: input `clone-connection-settings` has to name them. */
  readonly unsure: readonly Unsure[];
}

/**
 * The settings with every connection string to one of the databases on the server leading to another one instead, and
 * everything else left as it is, byte for byte.
 * @param databases from the name of a database (in any case, as SQL compares names) to the name of the one to use.
 */
export function redirect(
  settings: SlotSettings,
  server: Named,
  databases: Readonly<Record<string, string>>,
): Redirected {
  const targets = new Map(Object.entries(databases).map(([from, to]) => [from.toLowerCase(), to]));
  const appSettings = { ...settings.appSettings };
  const connectionStrings = { ...settings.connectionStrings };
  const changed: (Place & { from: string; to: string })[] = [];
  for (const { place, value, type } of places(settings)) {
    const understood = understand(value, type);
    const from = understood?.address.database;
    const to = from === undefined ? undefined : targets.get(from.toLowerCase());
    if (!understood?.withDatabase || from === undefined || to === undefined) continue;
    if (!isServer(server, understood.address.host)) continue;
    const replaced = understood.withDatabase(to);
    const before = connectionStrings[place.name];
    if (place.kind === 'app-setting') appSettings[place.name] = replaced;
    else if (before) connectionStrings[place.name] = { ...before, value: replaced };
    changed.push({ ...place, from, to });
  }
  return {
    settings: { appSettings, connectionStrings },
    changed,
    unsure: findUnsure(settings, server, Object.keys(databases)),
  };
}
