import type { Observed, Slot } from './observed.ts';
import { SLOT_TAG } from './our-tags.ts';

/**
 * A slot is ours by its tag, by what this deployment has put into it, or because the record says that the live build was swapped
 * into it. Another one is taken over only when the user says so, and never emptied.
 */
export function isOurs({ record, deploymentId }: Observed, slot: Slot): boolean {
  const holdsLiveBuild = record?.windowOpenedAt !== undefined && slot.name === record.readonlySlot;
  return slot.tags[SLOT_TAG] !== undefined || slot.marker?.deploymentId === deploymentId || holdsLiveBuild;
}
