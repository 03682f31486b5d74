import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openShop, packageOf, type Shop, story } from './shop-in-azure.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

test('a broken new build must leave visitors on the read-only copy', async () => {
  await shop.green('clone,read-only,switch');
  const { code, log, outputs, summary } = await shop.run('deploy', {
    package: packageOf('brokenV2'),
    'health-timeout': '500',
  });
  expect(code).toBe(1);
  expect(outputs).toMatchObject({ state: 'read-only', 'next-phases': 'deploy,rollback' });
  expect(log).toContain('slot zdd-staging to be healthy');
  expect(summary).toContain('## 🟡 Visitors are on the read-only copy on ');
  expect(story(await shop.visits())).toEqual(['live build 1.0.0', 'read-only copy 1.0.0']);
}, 60_000);
