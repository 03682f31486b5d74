import { Wrong } from './reader.ts';

/** What an input says of all apps, and of single ones. */
export interface PerApp<T> {
  readonly shared: T | undefined;
  /** By `<resource group>/<app>`, lower case. */
  readonly own: Readonly<Record<string, T>>;
}

/**
 * Lines that begin with `[app]` or `[group/app]` are said of that app alone: `[shop-admin] CMS_READ_ONLY=true`. Each part is read
 * by itself, with the other lines left blank, so that the number of a line that is wrong is its number in the input.
 * @param apps keys of the apps that have settings: the app itself, and those that move along.
 * @param group the resource group of an app that names none.
 */
export function perApp<T>(
  parse: (value: string) => T,
  apps: readonly string[],
  group: string,
): (value: string) => PerApp<T> {
  return (value) => {
    const lines = value.split('\n').map((text) => ({ text, ...prefixOf(text, apps, group) }));
    const only = (key: string | undefined) => {
      const text = lines.map((line) => (line.key === key ? (line.rest ?? line.text) : '')).join('\n');
      return text.trim() === '' ? undefined : parse(text.trimEnd());
    };
    const keys = [...new Set(lines.flatMap(({ key }) => key ?? []))];
    return {
      shared: only(undefined),
      own: Object.fromEntries(
        keys.flatMap((key) => [only(key)].flatMap((each) => (each === undefined ? [] : [[key, each]]))),
      ),
    };
  };
}

/** The lines without what says of which app they are: every secret in them is one, whoever has it. */
export function withoutApps(value: string): string {
  return value.replaceAll(PREFIX_OF_LINES, '');
}

const PREFIX = /^\s*\[([\w./()-]+)\]\s*(.*)$/;
const PREFIX_OF_LINES = /^[^\S\n]*\[[\w./()-]+\][^\S\n]*/gm;

function prefixOf(
  text: string,
  apps: readonly string[],
  group: string,
): { readonly key?: string; readonly rest?: string } {
  const [, name, rest = ''] = PREFIX.exec(text) ?? [];
  if (name === undefined) return {};
  const key = (name.includes('/') ? name : `${group}/${name}`).toLowerCase();
  if (apps.includes(key)) return { key, rest };
  throw new Wrong(
    `[app] of the app itself, or of one that other-apps names with read-only or a build: ${apps.join(', ')}; [${name}] is none of them`,
  );
}
