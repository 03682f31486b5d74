import { findDatabasesOn } from '../connection-strings/connection-strings.ts';
import { focusOn } from '../deployment/companions.ts';
import { lostMarker } from '../deployment/lost-marker.ts';
import type { Marker } from '../deployment/marker.ts';
import { cloneName, sameName } from '../deployment/names.ts';
import type { Observed, Slot } from '../deployment/observed.ts';
import { allSlots } from '../deployment/slots.ts';
import { copyLostMarker } from '../deployment/stage.ts';
import { code, table, text } from './markdown.ts';

/** One slot as people see it. */
export interface Whereabout {
  readonly slot: string;
  /** What it holds, such as `read-only copy`. */
  readonly holds: string;
  /** What tells its build from another, shortened; undefined for one that has no mark of ours. */
  readonly build?: string | undefined;
  /** By input `version-source`; undefined where nobody asked, or nothing answered. */
  readonly version?: string | undefined;
  readonly running: boolean;
  readonly visitors: boolean;
  /** What its settings lead to, such as `shop (original)`; undefined when these could not be read. */
  readonly databases: readonly string[] | undefined;
}

/** Who is where: production first, and after the app those that move with it. */
export function whereabouts(observed: Observed): readonly Whereabout[] {
  return [
    ...ofApp(observed),
    ...observed.companions.flatMap((companion) =>
      ofApp(focusOn(observed, companion)).map((each) => ({ ...each, slot: `${companion.key}: ${each.slot}` })),
    ),
  ];
}

function ofApp(observed: Observed): readonly Whereabout[] {
  return allSlots(observed).map((slot) => ({
    slot: slot.name,
    holds: holdsOf(observed, slot),
    build: slot.build && shortBuild(slot.build),
    version: observed.thisRun.versions?.[slot.name],
    running: slot.state === 'Running',
    visitors: slot === observed.production,
    databases: databasesOf(observed, slot),
  }));
}

/** The picture: a table whose first line is where visitors are. What is known of no slot has no column. */
export function whereaboutsTable(places: readonly Whereabout[]): string {
  const builds = places.some(({ build }) => build !== undefined);
  const versions = places.some(({ version }) => version !== undefined);
  const rows = places.map(({ slot, holds, build, version, running, visitors, databases }) => [
    visitors ? '**visitors &rarr;**' : '',
    code(slot),
    visitors ? `**${text(holds)}**` : text(holds),
    ...(builds ? [code(build ?? '')] : []),
    ...(versions ? [text(version ?? '')] : []),
    running ? 'running' : 'stopped',
    databasesCell(databases),
  ]);
  const head = ['', 'Slot', 'Holds', builds && 'Build', versions && 'Version', 'State', 'Database'];
  return table(
    head.filter((name) => name !== false),
    rows,
  );
}

function databasesCell(databases: Whereabout['databases']): string {
  if (databases === undefined) return 'could not be looked at';
  return databases.length > 0 ? `&rarr; ${databases.map(text).join(', ')}` : 'no database';
}

/** What a slot holds, such as `read-only copy`. */
export function holdsOf(observed: Observed, slot: Slot): string {
  const marker = slot.marker ?? (slot === observed.production ? lostMarker(observed) : undefined);
  if (marker && marker.deploymentId === observed.record?.deploymentId) {
    if (marker.role === 'read-only')
      return observed.record.mode === 'read-write' ? 'copy (read-write)' : 'read-only copy';
    return marker.role === 'new' ? 'new build' : 'live build';
  }
  if (slot === observed.production && copyLostMarker(observed))
    return 'live build with settings that somebody wrote over those of the read-only copy';
  // The marker tells its role also where no record does, as after `cleanup`, or when the record was lost.
  if (marker && (slot === observed.production || marker.role === 'read-only')) return ofAnother(marker);
  if (slot === observed.production) return 'live build';
  // After the first swap the live build sits, without a marker of this deployment, where the read-only copy was made.
  const swappedOut = observed.record?.windowOpenedAt !== undefined && slot === observed.readonlySlot;
  if (swappedOut) return 'live build';
  // With a copy in production of which no record tells, whoever is on call looks for the build that was there before.
  const orphaned = observed.production.marker?.role === 'read-only' && !marker && leadsToOriginal(observed, slot);
  return orphaned ? 'probably the live build' : 'nothing of this deployment';
}

function ofAnother({ deploymentId, role }: Marker): string {
  switch (role) {
    case 'read-only':
      return `read-only copy of deployment ${deploymentId}`;
    case 'new':
      return `new build of deployment ${deploymentId}`;
    case 'live':
      return `build of before deployment ${deploymentId} (rolled back)`;
  }
}

function leadsToOriginal(observed: Observed, slot: Slot): boolean {
  return findDatabasesOn(slot, observed.servers).some(({ key }) => kindOf(observed, key) === 'original');
}

/** What its settings lead to, such as `shop (original)`. */
export function databasesOf(observed: Observed, slot: Slot): readonly string[] {
  const names = findDatabasesOn(slot, observed.servers).map(({ key }) => key);
  return [...new Set(names)].map((name) => {
    const kind = kindOf(observed, name);
    return `${name} (${kind}${kind === 'clone' && !isSeen(observed, slot) ? ', by its settings only' : ''})`;
  });
}

/** Whether the read-only copy was seen at work in the clones when it was proven. */
function isSeen({ record }: Observed, { marker }: Slot): boolean {
  if (marker?.role !== 'read-only' || record === null || record.deploymentId !== marker.deploymentId) return true;
  return record.readOnlyReady?.copy === 'seen';
}

function kindOf(observed: Observed, name: string): string {
  const is = (other: string | undefined) => sameName(other, name);
  const cloned = observed.databases.find((pair) => is(cloneName(pair.name, observed.deploymentId)));
  if (cloned) return cloned.clone ? 'clone' : 'clone, which is GONE';
  if (observed.databases.some((pair) => is(pair.name))) return 'original';
  return 'not part of this deployment';
}

/** A digest by its beginning, an image by its name. */
export function shortBuild(build: string): string {
  return /^[0-9a-f]{64}$/.test(build) ? build.slice(0, 12) : build.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1');
}
