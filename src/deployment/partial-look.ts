import type { Stop } from '../errors.ts';
import type { AppLook, DatabasePart, Observed, RunPart, Server, Slot, SlotResource } from './observed.ts';

/** What a look brought: its type says whether anything is missing. */
export type Look = Observed | PartialLook;

/** A look with parts missing. Nothing that changes anything is decided on it: {@link wholeOrStop}. */
export interface PartialLook extends RunPart, SeenSlots {
  /** The app with its slots, when nothing of it is missing. */
  readonly appPart: AppLook | undefined;
  readonly servers: readonly Server[] | undefined;
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

export function isPartial(look: Look): look is PartialLook {
  return 'unseen' in look;
}

/** The look that a phase which changes something may decide on. Stops at the first part that could not be seen. */
export function wholeOrStop(look: Look): Observed {
  if (isPartial(look)) throw look.unseen[0].stop;
  return look;
}

/** All that a whole look tells, also when something beside it is missing. Undefined when it is not enough for that. */
export function wholeOf(look: Look): Observed | undefined {
  return isPartial(look) ? wholeOfPartial(look) : look;
}

function wholeOfPartial({ appPart, databasePart, now, run, thisRun }: PartialLook): Observed | undefined {
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
