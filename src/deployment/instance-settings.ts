import { profileOf } from '../profiles/profiles.ts';
import type { ReadOnlyProbe } from '../settings/probes.ts';
import type { KeyValue, Settings } from '../settings/settings.ts';
import type { Role } from './marker.ts';
import { fillPlaceholders, type PlaceholderValues } from './placeholders.ts';

/**
 * Kudu starts no WebJob, continuous or triggered, while this is set: stopping an app does not stop them.
 * https://github.com/projectkudu/kudu/wiki/WebJobs
 */
const WEBJOBS_OFF: KeyValue = { name: 'WEBJOBS_STOPPED', value: '1' };

/**
 * The app settings that make an instance what it is, placeholders filled in: the profile's for this role and mode, and the
 * user's, which win. They go on top of the live build's settings with `withSettings`; marker and warm-up are not among them.
 */
export function instanceSettings(settings: Settings, values: PlaceholderValues): readonly KeyValue[] {
  return overlaid(ofProfile(settings, values.role), ofUser(settings, values.role)).map(({ name, value }) => ({
    name,
    value: fillPlaceholders(value, values),
  }));
}

/**
 * Settings on top of others. Names count as equal as .NET reads them: without regard to case, `__` and `:` alike. The name
 * that was there gives way, because Azure refuses two names that differ in case only.
 */
export function withSettings(
  base: Readonly<Record<string, string>>,
  more: readonly KeyValue[],
): Readonly<Record<string, string>> {
  const replaced = new Set(more.map(({ name }) => canonical(name)));
  const kept = Object.entries(base).filter(([name]) => !replaced.has(canonical(name)));
  return Object.fromEntries([...kept, ...more.map(({ name, value }) => [name, value] as const)]);
}

/** The user's probes, or else the profile's. None in mode `read-write`, where writing is allowed. */
export function readOnlyProbesOf(settings: Settings): readonly ReadOnlyProbe[] {
  if (settings.mode === 'read-write') return [];
  return settings.readOnlyProbes ?? profileOf(settings.profile).readOnlyProbes;
}

/** The user's query, or else the profile's; undefined when the schema version cannot be told. */
export function schemaVersionQueryOf(settings: Settings): string | undefined {
  return settings.schemaVersionQuery ?? profileOf(settings.profile).schemaVersionQuery;
}

function ofProfile(settings: Settings, role: Role): readonly KeyValue[] {
  const profile = profileOf(settings.profile);
  switch (role) {
    case 'read-only':
      return [WEBJOBS_OFF, ...(settings.mode === 'read-write' ? profile.readWrite : profile.readOnly)];
    case 'new':
      return profile.newBuild;
    case 'live':
      return profile.liveBuild;
  }
}

function ofUser(settings: Settings, role: Role): readonly KeyValue[] {
  switch (role) {
    case 'read-only':
      return settings.readonlySettings;
    case 'new':
      return settings.appSettings;
    case 'live':
      return [];
  }
}

function overlaid(below: readonly KeyValue[], above: readonly KeyValue[]): readonly KeyValue[] {
  const names = new Set(above.map(({ name }) => canonical(name)));
  return [...below.filter(({ name }) => !names.has(canonical(name))), ...above];
}

function canonical(name: string): string {
  return name.toLowerCase().replaceAll('__', ':');
}
