import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openShop, type Shop, story } from './shop-in-azure.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

test('a killed switch must be finished by running it again, without a second swap', async () => {
  await shop.green('clone,read-only');
  const killed = shop.start('switch');
  await killed.says(/Swap slot zdd-readonly with production/);
  killed.signal('SIGKILL');
  expect((await killed.ended).code).toBeNull();
  const { outputs } = await shop.green('switch', {}, { GITHUB_RUN_ATTEMPT: '2' });
  expect(outputs).toMatchObject({ state: 'read-only', 'next-phases': 'deploy,rollback' });
  expect(outputs['rollback-point']).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{7}Z$/);
  expect(story(await shop.visits())).toEqual(['live build 1.0.0', 'read-only copy 1.0.0']);
}, 60_000);
