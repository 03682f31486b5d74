import type { RunningProcess } from '../action-process.ts';
import type { Call } from '../call.ts';
import type { Allowance } from '../invariant.ts';

/** One way in which one call can go wrong. */
export interface Fault {
  readonly name: string;
  /** What happens, as the end of the sentence "at this call …". */
  readonly what: string;
  /** Whether it can happen at this call; `before` are the calls of the undisturbed run that precede it. */
  fits(call: Call, before: readonly Call[]): boolean;
  /** At which reads it is tried; at a call that changes something it always is. */
  readonly atReads: AtReads;
  /** Everything hangs on the moment: it is tried at every call that it fits, and not at some. */
  readonly inFull?: true;
  /**
   * Something of it comes after the phase may have ended green: then the phase run once more has to fix what came late.
   */
  readonly comesLate?: true;
  /** So long, in ms, every later call that it fits meets it as well. Default: this call alone. */
  readonly lastsMs?: number;
  /** It is over within a minute, and the action outlasts it: nobody has to run the phase again. */
  readonly passes?: true;
  /** What an end may look like that is not green or not as undisturbed. */
  readonly allows?: readonly Allowance[];
  inject<T>(forward: () => Promise<T>, process: RunningProcess, call: Call): Promise<T>;
}

/**
 * Each kind includes those before it. A poll that finds what it found before gets no fault at all: it is the same as the read
 * that it repeats.
 */
export type AtReads =
  /** It needs a change, or means the same at a read as another fault. */
  | 'never'
  /** Between two changes it is the same wherever it happens. */
  | 'first-after-change'
  /** The answer to one request counts, whatever was read or changed before. */
  | 'new'
  /** What was read before may be answered otherwise. */
  | 'all';

export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
