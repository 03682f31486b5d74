import type { NamedServer } from '../azure/server-names.ts';
import type { SlotSettings } from '../azure/slot-settings.ts';
import {
  findDatabasesOn,
  keyOfAddress,
  parseConnectionString,
  redirect,
} from '../connection-strings/connection-strings.ts';
import type { Unsure } from '../connection-strings/unsure.ts';
import { bareName } from '../settings/database-key.ts';
import type { Settings } from '../settings/settings.ts';
import { withSettings } from './instance-settings.ts';
import { sameName } from './names.ts';
import type { DeployedApp, Observed } from './observed.ts';
import { fillPlaceholders, isUnchanged, type PlaceholderValues } from './placeholders.ts';
import { liveBuildSlot } from './slots.ts';

export interface CloneConnections {
  readonly settings: SlotSettings;
  /** Originals to which no setting leads any more, and none did: nothing was found to lead to the clone. */
  readonly notFound: readonly string[];
  /** Settings that may still lead to an original and are not named in `clone-connection-settings`. */
  readonly unsure: readonly Doubt[];
}

/** `original`: the input itself leads there. */
type Doubt = Pick<Unsure, 'name'> & { readonly why: Unsure['why'] | 'original' };

/**
 * The live build's settings with every connection to an original leading to its clone: those that can be parsed, and those
 * that `clone-connection-settings` names. What that input declares to be harmless (`{{unchanged}}`) keeps its value, unless it
 * was understood as leading to an original. Refuse to go on while anything is unsure or not found.
 */
export function cloneConnections(
  live: SlotSettings,
  servers: readonly NamedServer[],
  settings: Settings,
  values: PlaceholderValues,
): CloneConnections {
  const redirected = redirect(live, servers, values.clones);
  const own = settings.cloneConnectionSettings
    .filter(({ value }) => !isUnchanged(value))
    .map((setting) => ({ ...setting, value: fillPlaceholders(setting.value, values) }));
  const connectionStrings = { ...redirected.settings.connectionStrings };
  const appSettings = own.filter(({ name, value, type: wanted }) => {
    const existing = Object.keys(connectionStrings).find((each) => each.toLowerCase() === name.toLowerCase()) ?? name;
    const type = wanted ?? connectionStrings[existing]?.type;
    if (type !== undefined) connectionStrings[existing] = { value, type };
    return type === undefined;
  });
  const named = new Set(settings.cloneConnectionSettings.map(({ name }) => name.toLowerCase()));
  const parsed = new Set(redirected.changed.map(({ from }) => from.toLowerCase()));
  const ends: SlotSettings = {
    appSettings: withSettings(redirected.settings.appSettings, appSettings),
    connectionStrings,
    secrets: live.secrets,
  };
  return {
    settings: ends,
    notFound: Object.entries(values.clones)
      .filter(
        ([original, clone]) =>
          settings.copyCommand === undefined &&
          !parsed.has(original.toLowerCase()) &&
          !own.some(({ value }) => leadsTo(value, clone, servers)),
      )
      .map(([original]) => original),
    unsure: [
      ...redirected.unsure.filter(({ name }) => !named.has(name.toLowerCase())),
      ...stillLeading(ends, servers, Object.keys(values.clones)),
    ],
  };
}

/**
 * Originals to which no setting of the live build was understood to lead: that the read-only copy asks their clones is only
 * said, by `clone-connection-settings`. With copy-command it is so of all: what that writes nobody here sees. By the names that
 * they had at `clone`.
 */
export function onlyDeclared(
  { copyCommand }: Pick<Settings, 'copyCommand'>,
  observed: DeployedApp & Pick<Observed, 'servers' | 'databases'>,
): readonly string[] {
  if (copyCommand !== undefined) return observed.databases.map(({ name }) => name);
  const found = findDatabasesOn(liveBuildSlot(observed), observed.servers).map(({ key }) => key);
  return observed.databases.flatMap(({ name }) => (found.some((each) => sameName(each, name)) ? [] : [name]));
}

/** What is wrong with a setting, as a sentence without its full stop. */
export function doubtText({ name, why }: Doubt): string {
  switch (why) {
    case 'configuration':
      return `${name} is a reference to App Configuration, which App Service reads and this action does not: there may be another under every label`;
    case 'reference':
      return `${name} is a reference, and what it stands for is not known here`;
    case 'not-understood':
      return `${name} names the SQL server in a form that is not understood`;
    case 'unknown-server':
      return `${name} leads to a database that is called as an original, on a server of which nobody knows that it is another one (other names of a server are seen with Microsoft.Sql/servers/dnsAliases/read and …/failoverGroups/read)`;
    case 'original':
      return `${name}, as clone-connection-settings has it, leads to an original`;
  }
}

/** By its address where that is understood; otherwise by the clone's name in it. */
function leadsTo(value: string, clone: string, servers: readonly NamedServer[]): boolean {
  const { host, database } = parseConnectionString(value) ?? {};
  const key = host && database ? keyOfAddress(servers, { host, database }) : undefined;
  return key === undefined ? value.includes(bareName(clone)) : sameName(key, clone);
}

function stillLeading(
  settings: SlotSettings,
  servers: readonly NamedServer[],
  originals: readonly string[],
): readonly Doubt[] {
  return findDatabasesOn(settings, servers)
    .filter(({ key }) => originals.some((name) => sameName(name, key)))
    .map(({ name }) => ({ name, why: 'original' }));
}
