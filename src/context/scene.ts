import type { Observed, Slot } from '../deployment/observed.ts';
import { slotNamed } from '../deployment/slots.ts';
import type { ThisRun } from '../deployment/this-run.ts';
import { Stop } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import type { Context } from './context.ts';

/**
 * What a step is carried out in: the ways to Azure, the settings with what the record adds, and the look that the plan was
 * made from, or the part of it that is enough.
 */
export interface Scene<Look = Observed> {
  readonly context: Context;
  readonly settings: Settings;
  readonly observed: Look;
}

/** What a step adds to what this run knows. */
export type Change = Partial<ThisRun>;

/** A slot that was there at the last look, by name. */
export function seenSlot({ observed }: Scene, name: string): Slot {
  const slot = slotNamed(observed, name);
  if (slot) return slot;
  throw new Stop('failed', `Slot ${name} was not there at the last look.`, 'Run the phase again.');
}

/** Azure's own clock, ISO 8601. `Date` headers are cut to whole seconds: the true instant is in the second that follows. */
export function azureNow({ context }: Scene): Date {
  return new Date(context.arm.azureTime() ?? context.ports.clock.now());
}

/** UTC with 7 decimals and `Z`, as SQL Server and Kentico write instants. */
export function sevenDecimals(date: Date): string {
  return date.toISOString().replace(/(\.\d{3})Z$/, '$10000Z');
}
