import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { outcomeOf } from '../../simulator/demo/visit.ts';
import { openShop, type Shop, story } from './shop-in-azure.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

test('a rehearsal must not be noticed, and leave nothing', async () => {
  const { outputs } = await shop.green('preflight,clone,read-only,cleanup');
  expect(outputs.state).toBe('none');
  const visits = await shop.visits();
  expect(story(visits)).toEqual(['live build 1.0.0']);
  expect(visits.filter((visit) => outcomeOf(visit) !== 'ok')).toEqual([]);
  expect(shop.left()).toEqual([]);
}, 60_000);
