import type { SlotSettings } from '../azure/slot-settings.ts';
import type { Observed, Slot } from './observed.ts';
import { SLOT_TAG } from './our-tags.ts';
import { windowOpen } from './stage.ts';

/** Where the live build is: in production, or during the window in the readonly slot. */
export function liveBuildSlot(observed: Observed): Slot {
  return windowOpen(observed) && observed.readonlySlot ? observed.readonlySlot : observed.production;
}

/** The slot that holds the candidate. */
export function candidateSlot(observed: Observed): Slot | null {
  const name = observed.record?.candidate?.slot;
  return [observed.readonlySlot, observed.stagingSlot].find((slot) => slot?.name === name) ?? null;
}

/** Where the read-only copy is, when it is not in production. */
export function copySlot(observed: Observed, ahead: boolean): Slot | null {
  if (ahead) {
    // It will be where the candidate is now.
    const slot = candidateSlot(observed);
    return slot && { ...slot, state: 'Running' };
  }
  return (
    [observed.readonlySlot, observed.stagingSlot].find(
      (slot) => slot?.marker?.role === 'read-only' && slot.marker.deploymentId === observed.deploymentId,
    ) ?? null
  );
}

/**
 * A slot is ours by its tag, by what this deployment has put into it, or because the record says that the live build was swapped
 * into it. Another one is taken over only when the user says so, and never emptied.
 */
export function isOurs({ record, deploymentId }: Observed, slot: Slot): boolean {
  const holdsLiveBuild = record?.windowOpenedAt !== undefined && slot.name === record.readonlySlot;
  return slot.tags[SLOT_TAG] !== undefined || slot.marker?.deploymentId === deploymentId || holdsLiveBuild;
}

/** Whether a setting or a connection string names the database. */
export function isNamedIn({ appSettings, connectionStrings }: SlotSettings, database: string): boolean {
  return [...Object.values(appSettings), ...Object.values(connectionStrings).map(({ value }) => value)].some((value) =>
    value.toLowerCase().includes(database.toLowerCase()),
  );
}
