import type { Context } from './context/context.ts';
import type { Check } from './deployment/check.ts';
import type { PartialLook } from './deployment/partial-look.ts';
import { Stop } from './errors.ts';
import { observeInPart } from './observe/in-part.ts';
import type { Phase } from './phases/phase.ts';
import { checkInPart } from './preflight/checks.ts';
import { planText, sentence } from './steps/plan-text.ts';
import type { Plan } from './steps/steps.ts';

/** What came of a phase that went on with parts missing. */
export interface RunInPart {
  readonly outcome: 'already' | 'planned' | 'failed';
  readonly steps: readonly string[];
  readonly checks: readonly Check[] | undefined;
  readonly inPart: PartialLook | undefined;
  readonly error: unknown;
}

/**
 * The one place that decides what becomes of a look that failed: a phase that changes nothing goes on with what it sees,
 * every other one ends with the error. Never rejects.
 */
export async function runInPart(context: Context, phase: Phase, error: unknown): Promise<RunInPart> {
  const failed: RunInPart = { outcome: 'failed', steps: [], checks: undefined, inPart: undefined, error };
  const { planInPart } = phase;
  if (planInPart === undefined || !(error instanceof Stop) || context.signal.aborted) return failed;
  let seen: RunInPart = failed;
  try {
    const { look, settings } = await observeInPart(context, phase.name, error);
    seen = { ...seen, inPart: look };
    const plan: Plan = planInPart(settings, look);
    if (context.settings.dryRun) {
      context.ports.log.info(planText(plan));
      return { ...seen, outcome: 'planned', steps: plan.flat().map(sentence), error: undefined };
    }
    if (plan.length === 0) return { ...seen, outcome: 'already', error: undefined };
    const { report } = await checkInPart({ context, settings, observed: look });
    seen = { ...seen, steps: plan.flat().map(sentence), checks: report };
    planInPart(settings, { ...look, thisRun: { ...look.thisRun, report } });
    return { ...seen, outcome: 'already', error: undefined };
  } catch (error) {
    return { ...seen, error };
  }
}
