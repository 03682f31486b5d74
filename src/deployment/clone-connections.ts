import type { SlotSettings } from '../azure/slot-settings.ts';
import { redirect, type Unsure } from '../connection-strings/connection-strings.ts';
import type { Settings } from '../settings/settings.ts';
import { withSettings } from './instance-settings.ts';
import { fillPlaceholders, type PlaceholderValues } from './placeholders.ts';

export interface CloneConnections {
  readonly settings: SlotSettings;
  /** Originals to which no setting leads any more, and none did: nothing was found to lead to the clone. */
  readonly notFound: readonly string[];
  /** Settings that may still lead to an original and are not named in `clone-connection-settings`. */
  readonly unsure: readonly Unsure[];
}

/**
 * The live build's settings with every connection to an original leading to its clone: those that can be parsed, and those
 * that `clone-connection-settings` names. Refuse to go on while anything is unsure or not found.
 */
export function cloneConnections(
  live: SlotSettings,
  host: string,
  settings: Settings,
  values: PlaceholderValues,
): CloneConnections {
  const redirected = redirect(live, host, values.clones);
  const own = settings.cloneConnectionSettings.map(({ name, value }) => ({
    name,
    value: fillPlaceholders(value, values),
  }));
  const connectionStrings = { ...redirected.settings.connectionStrings };
  const appSettings = own.filter(({ name, value }) => {
    const existing = Object.keys(connectionStrings).find((each) => each.toLowerCase() === name.toLowerCase());
    const before = existing === undefined ? undefined : connectionStrings[existing];
    if (existing !== undefined && before) connectionStrings[existing] = { ...before, value };
    return before === undefined;
  });
  const named = new Set(own.map(({ name }) => name.toLowerCase()));
  const parsed = new Set(redirected.changed.map(({ from }) => from.toLowerCase()));
  return {
    settings: { appSettings: withSettings(redirected.settings.appSettings, appSettings), connectionStrings },
    notFound: Object.entries(values.clones)
      .filter(
        ([original, clone]) => !parsed.has(original.toLowerCase()) && !own.some(({ value }) => value.includes(clone)),
      )
      .map(([original]) => original),
    unsure: redirected.unsure.filter(({ name }) => !named.has(name.toLowerCase())),
  };
}
