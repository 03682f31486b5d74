import { MARKER_SETTING } from '../deployment/marker.ts';
import type { Observed, Slot } from '../deployment/observed.ts';
import type { DeploymentRecord, SwapPurpose } from '../deployment/record.ts';
import type { ThisRun } from '../deployment/this-run.ts';
import { Stop } from '../errors.ts';
import { inOrder } from '../steps/in-order.ts';
import type { Plan } from '../steps/steps.ts';
import { simulateSwap } from './simulate.ts';
import { afterWarmUpFailed } from './warm-up-failure.ts';

/**
 * The steps that bring `source` into production, proof first. Empty is never answered: the caller asks only while
 * production does not show the source's marker.
 */
export function swapPlan(
  observed: Observed,
  source: Slot,
  purpose: SwapPurpose,
  because: string,
  before: Partial<DeploymentRecord> = {},
): Plan {
  const reasons = simulateSwap(observed, source);
  if (reasons.length > 0) {
    throw new Stop(
      'refused',
      `Swapping slot ${source.name} into production would not bring what visitors need: ${reasons.join(' ')}`,
      'Fix what is listed above, then run the phase again. "preflight" shows the commands.',
    );
  }
  const as = purpose === 'switch' || purpose === 'return' ? 'read-only-copy' : 'candidate';
  const proven = observed.thisRun.proven[source.name] === source.markerText;
  return inOrder(
    !proven && { kind: 'prove-instance', slot: source.name, as, because: 'visitors see only what was just proven' },
    { kind: 'intend-swap', source: source.name, purpose, fields: before, because },
    { kind: 'post-swap', source: source.name, because },
  );
}

/**
 * What an open swap intent asks for, before anything else: sent when this run wrote it and has not sent it,
 * otherwise only found out about. Undefined when no intent is open. Stops with Azure's words when a swap of this run failed.
 */
export function openIntentPlan(observed: Observed): Plan | undefined {
  const intent = observed.record?.intent;
  const { thisRun } = observed;
  if (intent === undefined) {
    stopAfterFailedSwap(thisRun);
    return undefined;
  }
  if (thisRun.intended === intent.number && thisRun.posted?.number !== intent.number) {
    return inOrder({ kind: 'post-swap', source: intent.source, because: 'its intent is recorded and read back' });
  }
  return inOrder({
    kind: 'settle-swap',
    intent,
    because: 'a swap must be known to have ended before anything else is done',
  });
}

/** Before anything else that may be in the way by now: why the swap failed is said nowhere else. */
function stopAfterFailedSwap({ settled, posted, missed, unswapped = 0 }: ThisRun): void {
  if (settled?.outcome !== 'did-not-happen' || posted?.number !== settled.number) return;
  const said = typeof posted.ended === 'object' ? posted.ended : posted.said;
  // It was refused before it was a swap, as too much or for a token that had ended: another one may be sent, with a proof and an intent of its own.
  if (said?.status === 429 || said?.status === 401) return;
  // The same, once, of a request that was lost on its way, or that a gateway or another operation kept from Azure.
  if (posted.ended === 'unknown' && missed === undefined && unswapped < 2) return;
  const next =
    afterWarmUpFailed(said) ??
    `Look at the log of the instance that was to come (${MARKER_SETTING} tells which slot holds it), then run the phase again.`;
  throw new Stop(
    'failed',
    `Azure ended the swap without swapping${said ? `: ${said.message}` : '.'}`,
    `Production is as it was. ${next}`,
    { azure: said },
  );
}
