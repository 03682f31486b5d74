import type { AzureSaid } from '../errors.ts';
import type { Arm } from './arm.ts';
import { busyWith } from './conflicts.ts';
import { saidBy } from './failure.ts';
import { web } from './requests.ts';
import { retryAfter } from './retry.ts';
import { appId, named, slotName } from './sites.ts';

/**
 * Begins to swap the slot `sourceId` with production. The request goes out exactly once: a swap is symmetric, a repeat would undo it
 * (safety rule 2). Rejects with a Stop; when `noAnswer(error)` the swap may be under way nevertheless.
 * @returns where to ask for its state: a signed URL, that is, a secret; empty when Azure says that it is done already.
 */
export async function postSwap(arm: Arm, sourceId: string): Promise<string> {
  const what = `swap ${named(sourceId)} into production`;
  const answer = await web(arm, what, 'POST', `${sourceId}/slotsswap`, {
    body: { targetSlot: 'production', preserveVnet: true },
    repeat: 'once',
  });
  return secretUrl(arm, answer.status === 202 ? (answer.headers.location ?? '') : '');
}

export type SwapState =
  /** `url` is where to ask next time: Azure signs a new one with each answer. */
  | { readonly state: 'running'; readonly url: string; readonly retryAfterMs?: number }
  | { readonly state: 'succeeded' }
  | { readonly state: 'failed'; readonly said: AzureSaid }
  /** Azure does not know the operation (any more): look at the slots themselves. */
  | { readonly state: 'unknown' };

/** One look at a swap. The URL of the next look is in the answer: Azure signs a new one each time. A failed warm-up shows here as 400. */
export async function pollSwap(arm: Arm, url: string): Promise<SwapState> {
  if (url === '') return { state: 'succeeded' };
  const what = 'ask how the swap goes';
  const answer = await arm.request({ what, method: 'GET', at: url, accept: [400, 404, 409, 410] });
  if (answer.status === 404 || answer.status === 410) return { state: 'unknown' };
  if (answer.status >= 400) {
    const said = saidBy({ status: answer.status, headers: answer.headers, body: answer.bytes });
    // What is in progress is this very swap, or what it waits for.
    return busyWith(said) ? { state: 'running', url } : { state: 'failed', said };
  }
  if (answer.status !== 202) return { state: 'succeeded' };
  const retryAfterMs = retryAfter(answer.headers, arm.clock.now());
  return {
    state: 'running',
    url: secretUrl(arm, answer.headers.location ?? url),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Poll URLs are signed: everybody who has one may ask. */
function secretUrl(arm: Arm, url: string): string {
  if (url !== '') arm.log.secret(url);
  return url;
}

/** True when the last swap that Azure remembers went from this slot into production. */
export function names(status: { readonly source: string; readonly destination: string }, sourceId: string): boolean {
  return (
    appId(sourceId) !== sourceId &&
    status.source.toLowerCase() === slotName(sourceId).toLowerCase() &&
    status.destination.toLowerCase() === 'production'
  );
}
