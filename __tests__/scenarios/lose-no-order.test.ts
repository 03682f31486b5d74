import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { outcomeOf } from '../../simulator/demo/visit.ts';
import { accepted, openShop, type Shop, stored, story } from './shop-in-azure.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

test('a deployment must lose no order and show no visitor an error', async () => {
  const { outputs } = await shop.green('preflight,clone,read-only,switch,deploy,validate,complete');
  expect(outputs).toMatchObject({ state: 'completed', changed: 'true', 'next-phases': 'cleanup,rollback' });
  await shop.green('cleanup');
  const visits = await shop.visits();
  expect(story(visits)).toEqual(['live build 1.0.0', 'read-only copy 1.0.0', 'new build 2.0.0']);
  expect(visits.filter((visit) => outcomeOf(visit) === 'refused').map(({ refusedBy }) => refusedBy)).toContain(
    'application',
  );
  const orders = stored(await shop.rows('shop'));
  expect(accepted(visits).length).toBeGreaterThan(10);
  expect(accepted(visits).filter((id) => !orders.has(id))).toEqual([]);
  expect(shop.left()).toEqual([]);
}, 60_000);
