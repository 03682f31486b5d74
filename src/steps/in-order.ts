import type { Plan, Step } from './steps.ts';

/** A step, or several that go at the same time; what is not needed now is `false`. */
export type Batch = Step | readonly Step[] | false | undefined;

/** A plan of batches; empty ones are left out. */
export function inOrder(...batches: readonly Batch[]): Plan {
  return batches.map(stepsOf).filter((batch) => batch.length > 0);
}

function stepsOf(batch: Batch): readonly Step[] {
  if (!batch) return [];
  return 'kind' in batch ? [batch] : batch;
}

/** Two plans for different things side by side: first batches together, then the second ones, and so on. */
export function sideBySide(...plans: readonly Plan[]): Plan {
  const length = Math.max(0, ...plans.map((plan) => plan.length));
  return Array.from({ length }, (_, index) => plans.flatMap((plan) => plan[index] ?? []));
}

/** The plan of one app as a part of the plan of several. */
export function forApp(key: string, plan: Plan): Plan {
  return plan.map((batch) => batch.map((step) => ({ ...step, of: key })));
}
