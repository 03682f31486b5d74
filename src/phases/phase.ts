import { isHalfWritten, recordLags } from '../deployment/mirror.ts';
import type { Observed } from '../deployment/observed.ts';
import { type Look, wholeOrStop } from '../deployment/partial-look.ts';
import { type ChangingPhase, type PhaseName, type PhaseTraits, traitsOf } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { recordFields } from '../steps/constructors.ts';
import type { Plan, StepOf } from '../steps/steps.ts';
import { astrayPlan, companionAstrayPlan } from './astray.ts';
import { companionIntentPlan } from './companion-moves.ts';

/** One stage of a deployment: its traits and, from any state, the steps that are missing to its promise. */
export interface Phase extends PhaseTraits {
  readonly name: PhaseName;
  /**
   * The steps that are missing to the promise as far as they can be foreseen; empty when it is kept. Pure.
   * Throws {@link Stop} `refused` when the phase may not run now, and when it would change something and parts of the look are missing.
   */
  readonly plan: (settings: Settings, look: Look) => Plan;
}

/** A phase that changes nothing: it may go on with parts of the look missing, and can do nothing but check. */
export function looking(
  name: Exclude<PhaseName, ChangingPhase>,
  plan: (settings: Settings, look: Look) => readonly (readonly StepOf<'check-everything' | 'ask-production'>[])[],
): Phase {
  return { name, ...traitsOf[name], plan };
}

/**
 * A phase that changes something. The one place that keeps it, and a dry run of it, from deciding on a look with parts missing. Before
 * anything else it completes the record in both its places, of which a killed run left one behind: either may be lost, or written late.
 * `cleanup` takes the mirror away instead.
 */
export function changing(name: ChangingPhase, plan: (settings: Settings, observed: Observed) => Plan): Phase {
  return {
    name,
    ...traitsOf[name],
    plan(settings, look) {
      const observed = wholeOrStop(look);
      const steps =
        astrayPlan(observed) ??
        companionAstrayPlan(observed) ??
        companionIntentPlan(observed) ??
        plan(settings, observed);
      if (steps.length === 0) return recordLags(observed) ? [[BOTH_PLACES]] : [];
      return name !== 'cleanup' && isHalfWritten(observed) && !writesBoth(steps) ? [[BOTH_PLACES], ...steps] : steps;
    },
  };
}

function writesBoth([batch = []]: Plan): boolean {
  return batch.some(({ kind }) => WRITES_BOTH.has(kind));
}

const WRITES_BOTH: ReadonlySet<string> = new Set(['record', 'intend-swap', 'settle-swap']);

const BOTH_PLACES = recordFields({}, 'the copy and the first original do not both say it');
