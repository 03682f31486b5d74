import { Stop } from '../errors.ts';
import type { Arm } from './arm.ts';

/** Every subscription of which the identity may see anything. */
export async function listSubscriptions(arm: Arm): Promise<readonly string[]> {
  const answer = await arm.request({
    what: 'list the subscriptions',
    method: 'GET',
    at: '/subscriptions',
    version: '2022-12-01',
  });
  const { value }: { value: readonly { subscriptionId: string }[] } = Object(answer.json());
  return value.map(({ subscriptionId }) => subscriptionId);
}

/** The only subscription that the identity sees; with several there is nothing to guess. */
export async function subscriptionOf(arm: Arm): Promise<string> {
  const all = await listSubscriptions(arm);
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  throw new Stop(
    'bad-input',
    only
      ? `The identity sees ${all.length} subscriptions, and input subscription-id is empty.`
      : 'The identity sees no subscription.',
    only ? 'Give the one of the app with input subscription-id.' : 'Give it a role on the resource group of the app.',
  );
}
