import type { SlotSettings } from '../azure/slot-settings.ts';
import { findDatabases } from '../connection-strings/connection-strings.ts';
import { byCodeUnits } from '../deployment/names.ts';
import { WARM_UP_SETTINGS } from '../deployment/warm-up.ts';

/**
 * What writing these settings would change in a slot, by name. Of a value only what cannot be a secret is said: what the action
 * itself writes, switches, and the databases that connection strings name.
 * @param before undefined for a slot that does not exist yet
 */
export function settingsChange(before: SlotSettings | undefined, after: SlotSettings): string {
  const was = before ?? { appSettings: {}, connectionStrings: {} };
  const parts = [
    ...changes(was.appSettings, after.appSettings, (value) => value),
    ...changes(was.connectionStrings, after.connectionStrings, ({ value }) => value).map(
      (each) => `connection string ${each}`,
    ),
  ];
  const [from, to] = [databasesIn(was), databasesIn(after)];
  const databases = from === to ? [] : [`databases ${from} -> ${to}`];
  return parts.length === 0 ? 'nothing changes' : [...parts, ...databases].join(', ');
}

function changes<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  textOf: (one: T) => string,
): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(byCodeUnits);
  return names.flatMap((name) => {
    const [was, is] = [before[name], after[name]].map((one) => (one === undefined ? undefined : textOf(one)));
    if (was === is) return [];
    if (is === undefined) return [`-${name}`];
    if (was === undefined) return [`+${name}${isPublic(name, is) ? ` (${is})` : ''}`];
    return [`${name}${isPublic(name, was) && isPublic(name, is) ? ` (${was} -> ${is})` : ' (another value)'}`];
  });
}

/** Ours, or a word that says no more than on, off or how many. */
function isPublic(name: string, value: string): boolean {
  return name.startsWith('ZDD_') || WARM_UP_SETTINGS.includes(name) || /^(true|false|on|off|\d{1,4})$/i.test(value);
}

function databasesIn(settings: SlotSettings): string {
  const names = findDatabases(settings).map(({ address }) => address.database);
  return [...new Set(names)].sort(byCodeUnits).join(', ') || 'none';
}
