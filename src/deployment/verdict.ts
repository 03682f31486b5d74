import { createHash } from 'node:crypto';
import type { Settings } from '../settings/settings.ts';
import { buildSource } from './build-source.ts';
import { candidateOf, sideOf } from './companions.ts';
import { schemaVersionQueryOf } from './instance-settings.ts';
import { MARKER_SETTING } from './marker.ts';
import { byCodeUnits } from './names.ts';
import type { Observed, Slot } from './observed.ts';
import type { Verdict } from './record.ts';

/** What a verdict holds for. The query is among them because another one gives another schema version. */
export type Bond = 'marker' | 'settings' | 'databases' | 'schema' | 'query';

const BONDS: readonly Bond[] = ['marker', 'settings', 'databases', 'schema', 'query'];

const NO_QUERY = '';

/**
 * What a verdict is bound to: the candidate's marker, its settings, the databases by their ids, the schema version and how it
 * is asked. A digest each, so that who finds another fingerprint can say what has changed. The result is among the settings:
 * they are secret, so whoever may write tags, but not list the settings of a slot, can neither make a verdict nor turn one.
 */
export function candidateFingerprint(
  settings: Settings,
  observed: Observed,
  slot: Slot,
  result: Verdict['result'],
): string {
  const sorted = (record: Readonly<Record<string, unknown>>) =>
    Object.entries(record).sort(([a], [b]) => byCodeUnits(a, b));
  const { databases, sql } = observed;
  const others = observed.companions.flatMap((companion) =>
    sideOf(observed, companion) === 'candidate' ? companion.look.production : (candidateOf(observed, companion) ?? []),
  );
  const source = buildSource(slot);
  const of: Readonly<Record<Bond, unknown>> = {
    marker: [slot.markerText, ...others.map(({ markerText }) => markerText)].join(' '),
    settings: [
      result,
      sorted(withoutMarker(slot)),
      sorted(slot.connectionStrings),
      ...(source.kind === 'image' ? [source.image] : []),
      ...others.map((other) => [sorted(withoutMarker(other)), sorted(other.connectionStrings)]),
    ],
    databases: databases.map((pair) => [pair.name, pair.original?.databaseId]),
    schema: databases.map((pair) => sql[pair.original?.name ?? '']?.schemaVersion ?? ''),
    query: schemaVersionQueryOf(settings) ?? NO_QUERY,
  };
  return BONDS.map((bond) => digest(of[bond])).join('.');
}

function withoutMarker({ appSettings }: Slot): Readonly<Record<string, string>> {
  const { [MARKER_SETTING]: _marker, ...rest } = appSettings;
  return rest;
}

/** What has changed between two fingerprints. */
export function changedBonds(before: string, now: string): readonly Bond[] {
  const [old, young] = [before.split('.'), now.split('.')];
  return BONDS.filter((_, index) => old[index] !== young[index]);
}

/** Whether the schema version was asked for at all. */
export function asksForSchema(fingerprint: string): boolean {
  return fingerprint.split('.')[BONDS.indexOf('query')] !== digest(NO_QUERY);
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 10);
}
