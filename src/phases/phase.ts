import { mirrorLags } from '../deployment/mirror.ts';
import type { Observed } from '../deployment/observed.ts';
import type { PartialLook } from '../deployment/partial-look.ts';
import { type PhaseName, type PhaseTraits, traitsOf } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { recordFields } from '../steps/constructors.ts';
import type { Plan } from '../steps/steps.ts';

/** One stage of a deployment: its traits and, from any state, the steps that are missing to its promise. */
export interface Phase extends PhaseTraits {
  readonly name: PhaseName;
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

/** A phase that changes something: one that finds its promise true still brings a mirror up to date that a killed run left behind. */
export function changing(name: PhaseName, plan: Phase['plan']): Phase {
  return {
    name,
    ...traitsOf[name],
    plan(settings, observed) {
      const steps = plan(settings, observed);
      return steps.length > 0 || !mirrorLags(observed) ? steps : [[MIRROR]];
    },
  };
}

const MIRROR = recordFields({}, 'its mirror on the first original lags behind');
