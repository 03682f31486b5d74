import type { StickyNames } from '../azure/site-shapes.ts';
import { findDatabasesOn } from '../connection-strings/connection-strings.ts';
import type { Check } from '../deployment/check.ts';
import { shell } from '../deployment/commands.ts';
import { COPIED_FROM } from '../deployment/copied-from.ts';
import { BUILD_SETTING, MARKER_SETTING, TOLD_BY } from '../deployment/marker.ts';
import type { Observed } from '../deployment/observed.ts';
import { isUnchanged } from '../deployment/placeholders.ts';
import { liveBuildSlot } from '../deployment/slots.ts';
import { suspendedIn } from '../deployment/suspended-entry.ts';
import { warmUpSettings } from '../deployment/warm-up.ts';
import { profileOf } from '../profiles/profiles.ts';
import type { Settings } from '../settings/settings.ts';
import { failed, listed, passed, warning } from './verdicts.ts';

const NAME = 'settings that travel';

/** Pure, safety rule 5: names in slotConfigNames stay behind in a swap, and these must come along with their build. */
export function checkSticky(settings: Settings, observed: Observed): readonly Check[] {
  const { sticky } = observed.app;
  const isReleased = (name: string) =>
    settings.releaseSlotSettings.some((each) => each.toLowerCase() === name.toLowerCase());
  const held = heldBack(settings, observed);
  const appSettings = held.appSettings.filter((name) => !isReleased(name));
  const strings = held.connectionStrings.filter((name) => !isReleased(name));
  if (appSettings.length + strings.length === 0) {
    const others = [...sticky.appSettings, ...sticky.connectionStrings];
    const rest = others.length === 0 ? 'There are no slot settings' : `Slot settings are ${listed(others)}`;
    const released = others.filter(isReleased);
    const until = released.length > 0 ? `, ${listed(released)} from "read-only" to "cleanup"` : '';
    return [
      passed(NAME, `${rest}; everything that a build must bring along travels with it${until}.`),
      ...needless(settings, observed),
    ];
  }
  const named = [
    ...appSettings.map((name) => `app setting ${name}`),
    ...strings.map((name) => `connection string ${name}`),
  ];
  return [
    failed(
      NAME,
      `Slot settings stay behind in a swap, and these must come along with their build: ${listed(named)}. Where they keep another slot on its own database, release-slot-settings: ${listed([...appSettings, ...strings])} lets them travel while a deployment is open, and only then.`,
      withoutSticky(observed, [...appSettings, ...strings]),
    ),
  ];
}

/** Names that the input releases, and that are no slot settings now, nor were before this deployment. */
function needless({ releaseSlotSettings }: Settings, { app, record }: Observed): readonly Check[] {
  const known = [
    ...app.sticky.appSettings,
    ...app.sticky.connectionStrings,
    ...suspendedIn(record?.suspended).map(({ name }) => name),
  ].map((name) => name.toLowerCase());
  const wrong = releaseSlotSettings.filter((name) => !known.includes(name.toLowerCase()));
  if (wrong.length === 0) return [];
  const found = `Input release-slot-settings names ${listed(wrong)}, which stays with no slot: nothing is released, and nothing held afterwards.`;
  return [warning(NAME, found, `Take ${listed(wrong)} out of release-slot-settings.`)];
}

/** Pure: the slot settings that must travel. */
export function heldBack(
  settings: Settings,
  observed: Observed,
): Pick<StickyNames, 'appSettings' | 'connectionStrings'> {
  const { sticky } = observed.app;
  const wanted = travelling(settings, observed);
  return {
    appSettings: sticky.appSettings.filter((name) => isHeldBack(observed, wanted.appSettings, name)),
    connectionStrings: sticky.connectionStrings.filter((name) => wanted.connectionStrings.has(name.toLowerCase())),
  };
}

interface Travelling {
  /** By lower-case name: the value that every build gets; undefined when it differs between builds. */
  readonly appSettings: ReadonlyMap<string, string | undefined>;
  readonly connectionStrings: ReadonlySet<string>;
}

function travelling(settings: Settings, observed: Observed): Travelling {
  const profile = profileOf(settings.profile);
  const live = liveBuildSlot(observed);
  const databases = new Set(observed.databases.map(({ name }) => name.toLowerCase()));
  const found = findDatabasesOn(live, observed.servers).filter(({ key }) => databases.has(key.toLowerCase()));
  const existing = new Set(Object.keys(live.connectionStrings).map((name) => name.toLowerCase()));
  const own = settings.cloneConnectionSettings
    .filter(({ value }) => !isUnchanged(value))
    .map(({ name, type }) => ({
      name: name.toLowerCase(),
      isString: type !== undefined || existing.has(name.toLowerCase()),
    }));
  const differing = [
    MARKER_SETTING,
    BUILD_SETTING,
    COPIED_FROM,
    TOLD_BY,
    'WEBJOBS_STOPPED',
    ...[profile.readOnly, profile.readWrite, profile.newBuild, profile.liveBuild].flat().map(({ name }) => name),
    ...settings.readonlySettings.map(({ name }) => name),
    ...settings.appSettings.map(({ name }) => name),
    ...found.filter(({ kind }) => kind === 'app-setting').map(({ name }) => name),
    ...own.flatMap(({ name, isString }) => (isString ? [] : [name])),
  ];
  return {
    appSettings: new Map<string, string | undefined>([
      ...warmUpSettings(settings, live.appSettings).map(({ name, value }) => [name.toLowerCase(), value] as const),
      ...differing.map((name) => [name.toLowerCase(), undefined] as const),
    ]),
    connectionStrings: new Set([
      ...found.filter(({ kind }) => kind === 'connection-string').map(({ name }) => name.toLowerCase()),
      ...own.flatMap(({ name, isString }) => (isString ? [name] : [])),
      ...settings.newConnectionStrings.map(({ name }) => name.toLowerCase()),
    ]),
  };
}

/** A value that is the same everywhere may stay: production keeps what the build would have brought. */
function isHeldBack(observed: Observed, wanted: Travelling['appSettings'], name: string): boolean {
  const key = name.toLowerCase();
  if (!wanted.has(key)) return false;
  const value = wanted.get(key);
  return value === undefined || observed.production.appSettings[name] !== value;
}

/** The list is written as a whole, so all that stays sticky is in the command. The values themselves are not touched. */
function withoutSticky({ app }: Observed, names: readonly string[]): string {
  const left = (all: readonly string[]) => all.filter((name) => !names.includes(name));
  const properties = {
    appSettingNames: left(app.sticky.appSettings),
    connectionStringNames: left(app.sticky.connectionStrings),
    azureStorageConfigNames: app.sticky.mounts,
  };
  const url = `${app.id}/config/slotConfigNames?api-version=2024-11-01`;
  return `az rest --method put --url ${shell(url)} --body ${shell(JSON.stringify({ properties }))}`;
}
