import { Stop } from '../errors.ts';
import type { Arm } from './arm.ts';

/** The only subscription that the identity sees; with several there is nothing to guess. */
export async function subscriptionOf(arm: Arm): Promise<string> {
  const answer = await arm.request({
    what: 'list the subscriptions',
    method: 'GET',
    at: '/subscriptions',
    version: '2022-12-01',
  });
  const { value }: { value: readonly { subscriptionId: string; displayName?: string }[] } = Object(answer.json());
  const [only] = value;
  if (only && value.length === 1) return only.subscriptionId;
  throw new Stop(
    'bad-input',
    only
      ? `The identity sees ${value.length} subscriptions, and input subscription-id is empty.`
      : 'The identity sees no subscription.',
    only ? 'Give the one of the app with input subscription-id.' : 'Give it a role on the resource group of the app.',
  );
}
