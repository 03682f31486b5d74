import { appKey } from '../deployment/app-key.ts';
import type { AppSettings, CloneSetting, OtherApp, Settings } from '../settings/settings.ts';
import { cloneSettings } from './clone-settings.ts';
import { keyValues, listOf } from './lists.ts';
import { type PerApp, perApp } from './per-app.ts';
import type { Reader } from './reader.ts';
import { pathWithoutQuery, urlPath } from './scalars.ts';

/** What is said of the app itself, and of those that move along with it. */
export function appSettings(
  { optional, text }: Reader,
  otherApps: readonly OtherApp[],
): AppSettings & Pick<Settings, 'ofApps' | 'ofOthers'> {
  const [resourceGroup, name] = [text('resource-group') ?? '', text('app-name') ?? ''];
  const first = appKey({ resourceGroup, name });
  const others = otherApps.filter(({ does }) => does !== 'stop').map(appKey);
  const of = <T>(parse: (value: string) => T) => perApp(parse, [first, ...others], resourceGroup);
  const nothing = { shared: undefined, own: {} as Readonly<Record<string, never>> };
  const given = {
    readonlySettings: optional('readonly-settings', of(keyValues), { secret: true }) ?? nothing,
    cloneConnectionSettings: optional('clone-connection-settings', of(cloneSettings), { secret: true }) ?? nothing,
    // They say something of one build: without the name of an app, of the first one.
    build: optional('app-settings', of(cloneSettings), { secret: true }) ?? nothing,
    healthPath:
      optional(
        'health-path',
        of((value) => pathWithoutQuery(value.trim())),
      ) ?? nothing,
    smokePaths: optional('smoke-paths', of(listOf(urlPath))) ?? nothing,
  };
  const settingsOf = (key: string, isFirst: boolean): AppSettings => ({
    readonlySettings: added(given.readonlySettings, key),
    cloneConnectionSettings: added(given.cloneConnectionSettings, key),
    ...newBuild(isFirst ? added(given.build, key) : (given.build.own[key] ?? [])),
    healthPath: given.healthPath.own[key] ?? given.healthPath.shared ?? '/',
    smokePaths: [...((isFirst && given.smokePaths.shared) || []), ...(given.smokePaths.own[key] ?? [])],
  });
  return {
    ...settingsOf(first, true),
    ofApps: Object.fromEntries(others.map((key) => [key, settingsOf(key, false)])),
    ofOthers: settingsOf('', false),
  };
}

/** What is said of one app wins over what is said of all. App Service compares names without regard to case. */
function added<T extends { readonly name: string }>(
  { shared = [], own }: PerApp<readonly T[]>,
  key: string,
): readonly T[] {
  const more = own[key] ?? [];
  const named = new Set(more.map(({ name }) => name.toLowerCase()));
  return [...shared.filter(({ name }) => !named.has(name.toLowerCase())), ...more];
}

/** Input `app-settings`: what becomes an app setting, and what a connection string. */
function newBuild(lines: readonly CloneSetting[]): Pick<AppSettings, 'appSettings' | 'newConnectionStrings'> {
  return {
    appSettings: lines.filter(({ type }) => type === undefined),
    newConnectionStrings: lines.flatMap(({ type, ...line }) => (type === undefined ? [] : [{ ...line, type }])),
  };
}
