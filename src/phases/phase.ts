import type { Observed } from '../deployment/observed.ts';
import type { PartialLook } from '../deployment/partial-look.ts';
import type { Phase as PhaseName } from '../settings/choices.ts';
import type { Settings } from '../settings/settings.ts';
import type { Plan } from '../steps/steps.ts';

/** One stage of a deployment: what it promises and, from any state, the steps that are missing to the promise. */
export interface Phase {
  readonly name: PhaseName;
  /** What is true when it ends green, as a sentence. */
  readonly promise: string;
  /** May it change anything? Then it needs the lease, and a firewall rule may be opened for it. */
  readonly changes: boolean;
  /** Which databases it decides on by what SQL says of them: their state, and with `schema` their schema version. */
  readonly looksInside: readonly ('clones' | 'originals' | 'schema')[];
  /**
   * The steps that are missing to the promise as far as they can be foreseen; empty when it is kept. Pure.
   * Throws {@link Stop} `refused` when the phase may not run now.
   */
  readonly plan: (settings: Settings, observed: Observed) => Plan;
  /**
   * The same with parts of the look missing. Only phases that change nothing have it: all others, and dry runs of them,
   * stop at the first part that cannot be seen.
   */
  readonly planInPart?: (settings: Settings, look: PartialLook) => Plan;
}
