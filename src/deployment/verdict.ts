import { createHash } from 'node:crypto';
import type { Observed, Slot } from './observed.ts';

/** What a verdict is bound to: the candidate's marker and build, its settings, the databases by their ids, the schema version. */
export function candidateFingerprint(observed: Observed, slot: Slot): string {
  const sorted = (record: Readonly<Record<string, unknown>>) =>
    Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  const databases = observed.databases.map((pair) => [
    pair.name,
    pair.original?.databaseId ?? '',
    observed.sql[pair.original?.name ?? '']?.schemaVersion ?? '',
  ]);
  return createHash('sha256')
    .update(JSON.stringify([slot.markerText, sorted(slot.appSettings), sorted(slot.connectionStrings), databases]))
    .digest('hex')
    .slice(0, 20);
}
