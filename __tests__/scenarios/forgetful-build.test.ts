import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { outcomeOf, roleOf } from '../../simulator/demo/visit.ts';
import { openShop, type Shop } from './shop-in-azure.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ appSettings: { SHOP_FORGETFUL: 'true' } });
});
afterAll(() => shop.close());

test('a build that forgets to be read-only must be refused by its database', async () => {
  await shop.green('clone,read-only,switch', { 'read-only-probes': '' });
  const writes = (await shop.visits()).filter((visit) => visit.kind === 'write' && roleOf(visit) === 'read-only copy');
  expect(writes.length).toBeGreaterThan(0);
  expect(new Set(writes.map((visit) => `${outcomeOf(visit)} by ${visit.refusedBy}`))).toEqual(
    new Set(['refused by database']),
  );
}, 60_000);
