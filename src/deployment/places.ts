import type { SlotSettings } from '../azure/slot-settings.ts';
import type { Observed, Slot } from './observed.ts';

/** The present names of the originals. */
export function originals(observed: Observed): string[] {
  return observed.databases.map((pair) => pair.original?.name ?? pair.name);
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

/** Whether a setting or a connection string names the database. */
export function isNamedIn({ appSettings, connectionStrings }: SlotSettings, database: string): boolean {
  return [...Object.values(appSettings), ...Object.values(connectionStrings).map(({ value }) => value)].some((value) =>
    value.toLowerCase().includes(database.toLowerCase()),
  );
}
