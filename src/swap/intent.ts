import type { Observed } from '../deployment/observed.ts';
import type { DeploymentRecord, SwapIntent } from '../deployment/record.ts';
import type { StepOf } from '../steps/steps.ts';
import type { SwapLook } from './outcome.ts';

/** Safety rule 2 (a): the intent of the next swap, with what both slots show right before it. */
export function nextIntent(
  { record }: Observed,
  { source, purpose }: StepOf<'intend-swap'>,
  look: Pick<SwapLook, 'sourceMarker' | 'productionMarker' | 'swappedAt'>,
  at: string,
): SwapIntent {
  const { sourceMarker, productionMarker, swappedAt } = look;
  const number = (record?.swaps ?? 0) + 1;
  return { number, purpose, source, sourceMarker, productionMarker, swapStatusBefore: swappedAt, at };
}

/**
 * What is recorded of a swap of another app than the first. The number closes the intent, which stays as it was: a write that clears
 * it, admitted late, would clear the next one.
 */
export function settledOf(intent: SwapIntent): Partial<DeploymentRecord> {
  return { settledSwaps: intent.number };
}

/** What is recorded once it is known how the swap ended: the intent is closed, with all that a swap at this instant means; undefined when there was none. */
export function consequences(intent: SwapIntent, happenedAt: string | undefined): Partial<DeploymentRecord> {
  const closed = settledOf(intent);
  if (happenedAt === undefined) return closed;
  switch (intent.purpose) {
    case 'switch':
      return { windowOpenedAt: happenedAt, ...closed };
    case 'undo':
      // The live build is back; why is recorded with the intent.
      return { windowOpenedAt: undefined, ...closed };
    case 'complete':
      return { windowClosedAt: happenedAt, ...closed };
    case 'return':
      // The window is open again and nothing is proven any more.
      return {
        windowOpenedAt: happenedAt,
        windowClosedAt: undefined,
        completedAt: undefined,
        verdict: undefined,
        ...closed,
      };
  }
}
