import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openShop, packageOf, type Shop, story } from './shop-in-azure.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

test('a wrong build must be found before any visitor meets it', async () => {
  const wrong = { package: packageOf('wrongV2') };
  await shop.green('clone,read-only,switch,deploy', wrong);
  const { code, log, outputs } = await shop.run('validate,complete', wrong);
  expect(code).toBe(1);
  expect(log).toContain('GET /orders');
  expect(outputs).toMatchObject({ state: 'deployed', 'candidate-slot': 'zdd-staging' });
  const forced = await shop.run('complete', { ...wrong, 'override-validation': 'the check is wrong' });
  expect(forced.code).toBe(1);
  expect(story(await shop.visits())).toEqual(['live build 1.0.0', 'read-only copy 1.0.0']);
}, 60_000);
