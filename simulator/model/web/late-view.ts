import type { World } from '../world.ts';
import type { LateView, Slot } from './state.ts';

/** How late Azure shows what was written (variant `settings-late`). */
const LATE_MS = 30_000;

/** What Azure shows of a slot's settings now. */
export function shownOf(slot: Slot, now: number): Omit<LateView, 'until'> {
  if (slot.late !== undefined && now < slot.late.until) return slot.late;
  const { settings, connectionStrings } = slot.occupant;
  return { settings, connectionStrings, slotSwapStatus: slot.slotSwapStatus };
}

/** Called right before they are changed: for a while Azure goes on to show what it shows now. */
export function showLate(world: World, slot: Slot, now: number): void {
  if (!world.variants['settings-late']) return;
  slot.late = { ...structuredClone(shownOf(slot, now)), until: now + LATE_MS };
}
