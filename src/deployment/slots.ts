import type { SlotSettings } from '../azure/slot-settings.ts';
import { bareName } from '../settings/database-key.ts';
import { holds } from './marker.ts';
import type { AppLook, DeployedApp, Slot } from './observed.ts';
import { SLOT_TAG } from './our-tags.ts';
import { copyLostMarker, windowOpen } from './stage.ts';

/** The slots beside production that exist. */
export function slots({ readonlySlot, stagingSlot }: AppLook): readonly Slot[] {
  return [readonlySlot, stagingSlot].filter((slot) => slot !== null);
}

/** Production, and the slots beside it that exist. */
export function allSlots(look: AppLook): readonly Slot[] {
  return [look.production, ...slots(look)];
}

/** `production` or another slot, by its name. */
export function slotNamed(look: AppLook, name: string): Slot | undefined {
  return allSlots(look).find((slot) => slot.name === name);
}

/** Where the live build is: in production, or during the window in the slot that the read-only copy came from. */
export function liveBuildSlot(look: DeployedApp): Slot {
  const isSwappedOut = windowOpen(look) || copyLostMarker(look);
  return isSwappedOut && look.readonlySlot ? look.readonlySlot : look.production;
}

/** The slot that holds the candidate. */
export function candidateSlot(look: DeployedApp): Slot | null {
  return slots(look).find(({ name }) => name === look.record?.candidate?.slot) ?? null;
}

/** Where the read-only copy is, when it is not in production. */
export function copySlot(look: DeployedApp): Slot | null {
  return slots(look).find((slot) => holds(slot, look.deploymentId, 'read-only')) ?? null;
}

/**
 * A slot is ours by its tag, by what this deployment has put into it, or because the record says that the live build was swapped
 * into it. Another one is taken over only when the user says so, and never emptied.
 */
export function isOurs({ deploymentId }: DeployedApp, slot: Slot): boolean {
  return slot.tags[SLOT_TAG] !== undefined || slot.marker?.deploymentId === deploymentId;
}

/** Whether a setting or a connection string names the database, on whichever server. */
export function isNamedIn({ appSettings, connectionStrings }: SlotSettings, database: string): boolean {
  const name = bareName(database).toLowerCase();
  return [...Object.values(appSettings), ...Object.values(connectionStrings).map(({ value }) => value)].some((value) =>
    value.toLowerCase().includes(name),
  );
}
