import { findDatabasesOn } from '../connection-strings/connection-strings.ts';
import { cloneName, sameName } from '../deployment/names.ts';
import type { DeployedApp, Observed, Slot } from '../deployment/observed.ts';
import { allSlots } from '../deployment/slots.ts';
import { code, table, text } from './markdown.ts';

/** One slot as people see it. */
export interface Whereabout {
  readonly slot: string;
  /** What it holds, such as `read-only copy`. */
  readonly holds: string;
  readonly running: boolean;
  readonly visitors: boolean;
  /** What its settings lead to, such as `shop (original)`; undefined when these could not be read. */
  readonly databases: readonly string[] | undefined;
}

/** Who is where: production first. */
export function whereabouts(observed: Observed): readonly Whereabout[] {
  return allSlots(observed).map((slot) => ({
    slot: slot.name,
    holds: holdsOf(observed, slot),
    running: slot.state === 'Running',
    visitors: slot === observed.production,
    databases: databasesOf(observed, slot),
  }));
}

/** The picture: a table whose first line is where visitors are. */
export function whereaboutsTable(places: readonly Whereabout[]): string {
  const rows = places.map(({ slot, holds, running, visitors, databases }) => [
    visitors ? '**visitors &rarr;**' : '',
    code(slot),
    visitors ? `**${text(holds)}**` : text(holds),
    running ? 'running' : 'stopped',
    databasesCell(databases),
  ]);
  return table(['', 'Slot', 'Holds', 'State', 'Database'], rows);
}

function databasesCell(databases: Whereabout['databases']): string {
  if (databases === undefined) return 'could not be looked at';
  return databases.length > 0 ? `&rarr; ${databases.map(text).join(', ')}` : 'no database';
}

/** What production serves, as the sentence that every failure carries. */
export function productionSentence(observed: Observed): string {
  const [production] = whereabouts(observed);
  if (!production) return 'could not be looked at.';
  const running = production.running ? '' : ' It is STOPPED: visitors are affected.';
  const { databases = [] } = production;
  const on = databases.length > 0 ? ` on ${databases.join(', ')}` : '';
  return `serves the ${production.holds}${on}.${running}`;
}

function holdsOf(observed: DeployedApp, slot: Slot): string {
  const { marker } = slot;
  if (marker && marker.deploymentId === observed.record?.deploymentId) {
    if (marker.role === 'read-only')
      return observed.record.mode === 'read-write' ? 'copy (read-write)' : 'read-only copy';
    return marker.role === 'new' ? 'new build' : 'live build';
  }
  if (slot === observed.production) return marker ? `build of deployment ${marker.deploymentId}` : 'live build';
  // After the first swap the live build sits, without a marker of this deployment, where the read-only copy was made.
  const swappedOut = observed.record?.windowOpenedAt !== undefined && slot === observed.readonlySlot;
  return swappedOut ? 'live build' : 'nothing of this deployment';
}

function databasesOf(observed: Observed, slot: Slot): readonly string[] {
  const names = findDatabasesOn(slot, observed.server).map(({ address }) => address.database);
  return [...new Set(names)].map((name) => `${name} (${kindOf(observed, name)})`);
}

function kindOf(observed: Observed, name: string): string {
  const is = (other: string | undefined) => sameName(other, name);
  const cloned = observed.databases.find((pair) => is(cloneName(pair.name, observed.deploymentId)));
  if (cloned) return cloned.clone ? 'clone' : 'clone, which is GONE';
  if (observed.databases.some((pair) => is(pair.name))) return 'original';
  return 'not part of this deployment';
}
