import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { outcomeOf } from '../../simulator/demo/visit.ts';
import { openShop, packageOf, type Shop, story } from './shop-in-azure.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

test('a rejected approval must leave visitors served, and the way back open', async () => {
  const release = { package: packageOf('v11'), 'migrate-command': '' };
  await shop.green('clone,read-only,switch,deploy,validate', release);
  // Nobody approves: a watchdog says so, and nothing that is tried meanwhile takes the copy away.
  const watchdog = await shop.run('status', { 'deployment-id': 'open', 'max-read-only-minutes': '1' });
  expect(watchdog.code).toBe(1);
  expect(watchdog.log).toContain('Visitors have been on the read-only copy for');
  const refused = await shop.run('cleanup');
  expect(refused.code).toBe(1);
  expect(refused.log).toContain('deleting it would take the site down');
  // Rejected: another workflow run brings the live build back.
  const { outputs } = await shop.green(
    'rollback,validate,complete,cleanup',
    { 'deployment-id': 'open' },
    { GITHUB_RUN_ID: '7002' },
  );
  expect(outputs.state).toBe('none');
  const visits = await shop.visits();
  expect(story(visits)).toEqual(['live build 1.0.0', 'read-only copy 1.0.0', 'live build 1.0.0']);
  expect(outcomeOf(visits.findLast((visit) => visit.kind === 'write') ?? fail())).toBe('ok');
  expect(shop.left()).toEqual([]);
}, 60_000);

function fail(): never {
  throw new Error('There was no write.');
}
