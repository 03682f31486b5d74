import type { Observed, Other } from '../deployment/observed.ts';

export type LockDecision =
  | { readonly kind: 'free' }
  /** A held lock, or an earlier claim: withdraw and refuse, naming the owner. */
  | { readonly kind: 'refuse'; readonly owner: Other }
  /** Later claims are withdrawn by their owners: wait until they are gone. */
  | { readonly kind: 'wait'; readonly claims: readonly Other[] };

/**
 * Safety rule 9: a deployment of this app or of one of these databases that is held wins; among claims the smaller id wins.
 * Nobody writes `held` while a smaller claim shows, and a claim shows before its owner looks: two are never held.
 */
export function lockDecision(observed: Observed): LockDecision {
  const { record, others, deploymentId } = observed;
  if (record?.lock === 'held') {
    const first = others.find((other) => other.lock === 'held' && other.deploymentId < deploymentId);
    return first ? { kind: 'refuse', owner: first } : { kind: 'free' };
  }
  const held = others.find((other) => other.lock === 'held');
  const winner = held ?? others.find((other) => other.deploymentId < deploymentId);
  if (winner) return { kind: 'refuse', owner: winner };
  return others.length > 0 ? { kind: 'wait', claims: others } : { kind: 'free' };
}
