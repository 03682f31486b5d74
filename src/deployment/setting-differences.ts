import { byCodeUnits } from './names.ts';
import type { Slot } from './observed.ts';
import type { SettingDifference } from './review.ts';
import { WARM_UP_SETTINGS } from './warm-up.ts';

/** By name alone: a value may be a secret. The action's own settings are no news to anybody. */
export function settingDifferences(live: Slot | null, candidate: Slot): readonly SettingDifference[] {
  if (!live) return [];
  const [before, after] = [settingsIn(live), settingsIn(candidate)];
  const names = [...new Set([...before.keys(), ...after.keys()])].filter((name) => !isOwn(name));
  return names.sort(byCodeUnits).flatMap((name): SettingDifference[] => {
    if (before.get(name) === after.get(name)) return [];
    return [{ name, what: !before.has(name) ? 'added' : after.has(name) ? 'changed' : 'removed' }];
  });
}

function isOwn(name: string): boolean {
  return name.startsWith('ZDD_') || WARM_UP_SETTINGS.includes(name);
}

function settingsIn({ appSettings, connectionStrings }: Slot): ReadonlyMap<string, string> {
  const strings = Object.entries(connectionStrings).map(
    ([name, { value }]) => [`connection-string:${name}`, value] as const,
  );
  return new Map([...Object.entries(appSettings), ...strings]);
}
