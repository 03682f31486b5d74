import type { Stop } from '../errors.ts';
import type { AppLook, DatabasePart, Observed, RunPart, Server, Slot, SlotResource } from './observed.ts';

/** A look with parts missing. Nothing is decided on it: only phases that change nothing ever get one. */
export interface PartialLook extends RunPart, SeenSlots {
  /** The app with its slots, when nothing of it is missing. */
  readonly appPart: AppLook | undefined;
  readonly server: Server | undefined;
  /** The databases and the record, when nothing of them is missing. */
  readonly databasePart: DatabasePart | undefined;
  readonly unseen: readonly [Unseen, ...Unseen[]];
}

/** Each slot as far as it was seen; null when it does not exist, undefined when nobody could look. */
export interface SeenSlots {
  readonly production: SeenSlot | undefined;
  readonly readonlySlot: SeenSlot | null | undefined;
  readonly stagingSlot: SeenSlot | null | undefined;
}

/** With its settings where these could be read. */
export type SeenSlot = Slot | SlotResource;

/** All that a whole look tells, when only something beside it is missing. */
export function wholeOf({ appPart, databasePart, now, run, thisRun }: PartialLook): Observed | undefined {
  return appPart && databasePart && { ...appPart, ...databasePart, now, run, thisRun };
}

export function hasSettings(slot: SeenSlot): slot is Slot {
  return 'appSettings' in slot;
}

/** What could not be looked at, and why. */
export interface Unseen {
  /** Such as `settings of production, zdd-readonly`. */
  readonly what: string;
  /** The end of the sentence "So it is not known …". */
  readonly so: string;
  /** The id of the resource that was asked. */
  readonly at: string;
  /** A sentence. */
  readonly why: string;
  /** What a phase that needs it ends with. */
  readonly stop: Stop;
}
