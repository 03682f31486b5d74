import type { Victim } from '../action-process.ts';
import type { Call } from '../call.ts';
import type { Allowance } from '../invariant.ts';

/** One way in which one call can go wrong. */
export interface Fault {
  readonly name: string;
  /** What happens, as the end of the sentence "at this call …". */
  readonly what: string;
  /** Whether it can happen at this call; `before` are the calls of the undisturbed run that precede it. */
  fits(call: Call, before: readonly Call[]): boolean;
  /**
   * Something of it comes after the phase may have ended green: then the phase run once more has to mend what came late.
   */
  readonly comesLate?: true;
  /** What an end may look like that is not green or not as undisturbed. */
  readonly allows?: readonly Allowance[];
  inject<T>(carry: () => Promise<T>, victim: Victim, call: Call): Promise<T>;
}

export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
