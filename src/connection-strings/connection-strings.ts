import type { SlotSettings } from '../azure/slot-settings.ts';
import { type Address, sameHost, type Understood } from './address.ts';
import { understandAdo } from './ado.ts';
import { understandJdbc, understandUrl } from './url.ts';

/** Where a setting stands. */
export interface Place {
  readonly kind: 'app-setting' | 'connection-string';
  readonly name: string;
}

/** A setting that was understood as leading to a database. */
export interface Found extends Place {
  readonly address: Address & { readonly database: string };
}

/** A setting that may lead to one of the databases although it was not understood. */
export interface Unsure extends Place {
  /** `key-vault`: the value is a reference that only App Service can read. `not-understood`: it names the server. */
  readonly why: 'key-vault' | 'not-understood';
}

/** Reads a connection string of any form that we are certain about; undefined for everything else. */
export function parseConnectionString(text: string): Address | undefined {
  return understand(text)?.address;
}

/** Every setting that is understood as leading to a database of an SQL server. */
export function findDatabases(settings: SlotSettings): readonly Found[] {
  return places(settings).flatMap(({ place, value }) => {
    const address = understand(value)?.address;
    const database = address?.database;
    return address && database ? [{ ...place, address: { ...address, database } }] : [];
  });
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
  host: string,
  databases: Readonly<Record<string, string>>,
): Redirected {
  const targets = new Map(Object.entries(databases).map(([from, to]) => [from.toLowerCase(), to]));
  const appSettings = { ...settings.appSettings };
  const connectionStrings = { ...settings.connectionStrings };
  const changed: (Place & { from: string; to: string })[] = [];
  for (const { place, value } of places(settings)) {
    const understood = understand(value);
    const from = understood?.address.database;
    const to = from === undefined ? undefined : targets.get(from.toLowerCase());
    if (!understood?.withDatabase || from === undefined || to === undefined) continue;
    if (!sameHost(understood.address.host, host)) continue;
    const replaced = understood.withDatabase(to);
    const before = connectionStrings[place.name];
    if (place.kind === 'app-setting') appSettings[place.name] = replaced;
    else if (before) connectionStrings[place.name] = { ...before, value: replaced };
    changed.push({ ...place, from, to });
  }
  return { settings: { appSettings, connectionStrings }, changed, unsure: findUnsure(settings, host) };
}

/**
 * Settings that may lead to a database of the server although we cannot tell: references, and values that name the server
 * without being understood together with a database (host and database apart, unknown forms).
 */
export function findUnsure(settings: SlotSettings, host: string): readonly Unsure[] {
  return places(settings).flatMap(({ place, value }): Unsure[] => {
    if (/^@Microsoft\.(KeyVault|AppConfiguration)\(/i.test(value.trim())) {
      return place.kind === 'connection-string' || soundsLikeConnection(place.name)
        ? [{ ...place, why: 'key-vault' }]
        : [];
    }
    if (!value.toLowerCase().includes(host.toLowerCase()) || /^https?:\/\//i.test(value.trim())) return [];
    return understand(value)?.address.database === undefined ? [{ ...place, why: 'not-understood' }] : [];
  });
}

/** References of app settings are mostly API keys; only those named after a connection or a database are asked about. */
function soundsLikeConnection(name: string): boolean {
  return /conn|database|sql|dsn/i.test(name);
}

function understand(text: string): Understood | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed !== text) return trimmed === '' ? undefined : shifted(text, trimmed);
  return understandJdbc(text) ?? understandUrl(text) ?? understandAdo(text);
}

/** White space around the string is kept like everything else. */
function shifted(text: string, trimmed: string): Understood | undefined {
  const inner = understand(trimmed);
  const edit = inner?.withDatabase;
  return inner && { ...inner, withDatabase: edit && ((name) => text.replace(trimmed, () => edit(name))) };
}

function places(settings: SlotSettings): readonly { readonly place: Place; readonly value: string }[] {
  return [
    ...Object.entries(settings.appSettings).map(([name, value]) => ({
      place: { kind: 'app-setting' as const, name },
      value,
    })),
    ...Object.entries(settings.connectionStrings).map(([name, { value }]) => ({
      place: { kind: 'connection-string' as const, name },
      value,
    })),
  ];
}
