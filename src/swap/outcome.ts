import type { SwapIntent } from '../deployment/record.ts';
import type { AzureSaid } from '../errors.ts';

/** One look at both slots after a swap was intended. */
export interface SwapLook {
  /** The runner's clock, for the distance between two looks. */
  readonly at: number;
  /** Azure's clock, ms since the epoch. */
  readonly azureTime: number;
  readonly productionMarker: string;
  readonly sourceMarker: string;
  /** Somebody deleted the slot: what it held can neither come into production any more nor be seen. */
  readonly sourceIsGone: boolean;
  /** `timestampUtc` of production's slotSwapStatus, '' when there is none. */
  readonly swappedAt: string;
  /** That status names our source and production. */
  readonly namesSource: boolean;
}

export interface SwapEvidence {
  readonly ownPoll: 'succeeded' | 'unknown' | AzureSaid;
  /** When a write to the slot that does not serve was last accepted, by Azure's clock: no swap was in flight then. All looks are later. */
  readonly wroteAt: number | undefined;
  readonly settleMs: number;
}

export type SwapOutcome =
  | { readonly kind: 'happened'; readonly at: string }
  | { readonly kind: 'did-not-happen'; readonly at: string }
  | { readonly kind: 'drifted'; readonly found: string; readonly fix: string }
  | { readonly kind: 'write-to-other' }
  | { readonly kind: 'look-again'; readonly why: string; readonly afterMs: number };

/** Two looks that agree must lie this far apart. */
const APART_MS = 10_000;

/**
 * Safety rule 2, (c) to (f), as a pure decision over the looks so far. A swap is symmetric: deciding wrongly means that the
 * next one undoes it, so only what is certain ends the looking.
 */
export function outcomeOf(intent: SwapIntent, looks: readonly SwapLook[], evidence: SwapEvidence): SwapOutcome {
  const last = looks.at(-1);
  if (!last) return { kind: 'look-again', why: 'not looked yet', afterMs: 0 };
  if (last.sourceIsGone) return withoutSource(intent, looks, last, evidence);
  const newer = last.swappedAt !== intent.swapStatusBefore && last.namesSource;
  const exchanged = last.productionMarker === intent.sourceMarker && last.sourceMarker === intent.productionMarker;
  const wrote = evidence.wroteAt !== undefined;
  const asBefore = last.productionMarker === intent.productionMarker && last.sourceMarker === intent.sourceMarker;

  if (exchanged) {
    const over = evidence.ownPoll === 'succeeded' || newer || wrote;
    if (!over) return { kind: 'write-to-other' };
    if (!twice(looks, last))
      return { kind: 'look-again', why: 'production shows the other instance', afterMs: APART_MS };
    return { kind: 'happened', at: newer ? last.swappedAt : '' };
  }
  const settled = Date.parse(intent.at) + evidence.settleMs;
  const left = settled - last.azureTime;
  if (asBefore) {
    // Only a refusal ends it at once: of a success the settings and the status may show later than it was told.
    const isRefused = typeof evidence.ownPoll === 'object' && !newer;
    // A write that was accepted earlier proves nothing: our request might still be admitted.
    if (isRefused || (evidence.wroteAt !== undefined && evidence.wroteAt >= settled)) {
      if (!twice(looks, last))
        return { kind: 'look-again', why: 'production shows the same instance', afterMs: APART_MS };
      return newer ? undoneByHand(intent, last) : { kind: 'did-not-happen', at: '' };
    }
    if (left > 0) return { kind: 'look-again', why: 'nothing has changed yet', afterMs: Math.min(left, 15_000) };
    return { kind: 'write-to-other' };
  }
  if (wrote && left <= 0 && twice(looks, last)) {
    return {
      kind: 'drifted',
      found: `After swap ${intent.number} production shows the marker ${told(last.productionMarker)} and slot ${intent.source} ${told(last.sourceMarker)}; before it they were ${told(intent.productionMarker)} and ${told(intent.sourceMarker)}.`,
      fix: 'Someone swapped or changed settings by hand. Bring the instance that production should serve back by a swap in the portal, then run the phase again.',
    };
  }
  return wrote
    ? { kind: 'look-again', why: 'the slots show something else', afterMs: APART_MS }
    : { kind: 'write-to-other' };
}

/** Nothing can be written to a slot that is not there, and no request for it be admitted: what production shows decides. */
function withoutSource(
  intent: SwapIntent,
  looks: readonly SwapLook[],
  last: SwapLook,
  { ownPoll, settleMs }: SwapEvidence,
): SwapOutcome {
  const left = Date.parse(intent.at) + settleMs - last.azureTime;
  if (ownPoll === 'unknown' && left > 0) {
    return { kind: 'look-again', why: 'the slot is not there', afterMs: Math.min(left, 15_000) };
  }
  if (!twice(looks, last)) return { kind: 'look-again', why: 'the slot is not there', afterMs: APART_MS };
  if (last.productionMarker === intent.sourceMarker) {
    const isNewer = last.swappedAt !== intent.swapStatusBefore && last.namesSource;
    return { kind: 'happened', at: isNewer ? last.swappedAt : '' };
  }
  if (last.productionMarker === intent.productionMarker) return { kind: 'did-not-happen', at: '' };
  return {
    kind: 'drifted',
    found: `Slot ${intent.source} does not exist any more, and production shows the marker ${told(last.productionMarker)}; before swap ${intent.number} it was ${told(intent.productionMarker)}.`,
    fix: 'Someone deleted the slot and changed production by hand. Remove the tag zdd-swap-intent from the record database, then run "status".',
  };
}

function twice(looks: readonly SwapLook[], last: SwapLook): boolean {
  return looks.some(
    (look) =>
      last.at - look.at >= APART_MS &&
      look.productionMarker === last.productionMarker &&
      look.sourceMarker === last.sourceMarker,
  );
}

function undoneByHand(intent: SwapIntent, last: SwapLook): SwapOutcome {
  return {
    kind: 'drifted',
    found: `Swap ${intent.number} of slot ${intent.source} was carried out at ${last.swappedAt}, and then somebody swapped back.`,
    fix: 'Find out who swapped by hand. Remove the tag zdd-swap-intent from the record database, then run the phase again.',
  };
}

function told(marker: string): string {
  return `"${marker || 'none'}"`;
}
