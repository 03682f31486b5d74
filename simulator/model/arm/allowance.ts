import type { World } from '../world.ts';
import { armRefusal } from './refusal.ts';

/**
 * What Azure Resource Manager lets one principal ask for in a subscription and region: so much at once, and so much more each second.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
 */
const ALLOWANCES = {
  reads: { atOnce: 250, perSecond: 25 },
  writes: { atOnce: 200, perSecond: 10 },
  deletes: { atOnce: 200, perSecond: 10 },
} as const;

/** Variant `requests-are-limited`: takes one request off the caller's allowance, or refuses it with 429 and `Retry-After`. */
export function takeFromAllowance(world: World, clientId: string, method: string, now: number): void {
  if (!world.variants['requests-are-limited']) return;
  const kind: keyof typeof ALLOWANCES =
    method === 'DELETE' ? 'deletes' : method === 'GET' || method === 'HEAD' ? 'reads' : 'writes';
  const { atOnce, perSecond } = ALLOWANCES[kind];
  world.allowances ??= {};
  const key = `${clientId}/${kind}`;
  const allowance = world.allowances[key] ?? { left: atOnce, at: now };
  world.allowances[key] = allowance;
  allowance.left = Math.min(atOnce, allowance.left + ((now - allowance.at) / 1000) * perSecond);
  allowance.at = now;
  if (allowance.left < 1) {
    const after = String(Math.ceil((1 - allowance.left) / perSecond));
    throw armRefusal(
      429,
      'SubscriptionRequestsThrottled',
      `Number of '${kind}' for subscription '${world.subscriptionId}' exceeded the limit. Please try again after '${after}' seconds.`,
      { 'retry-after': after },
    );
  }
  allowance.left -= 1;
}
