import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { differencesFrom, rowsSince } from '../../simulator/demo/content.ts';
import { openShop, type Shop, story } from './shop-in-azure.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

test('a rollback must bring the database back row for row, and keep the failed one', async () => {
  await shop.green('clone,read-only,switch');
  const point = await shop.rows('shop');
  await shop.green('deploy');
  await shop.green('rollback,validate', { 'rollback-scope': 'code-and-database' });
  const aside = shop.azure
    .read(({ sql }) =>
      Object.values(sql.servers).flatMap((server) => Object.values(server.databases).map(({ name }) => name)),
    )
    .filter((name) => name.endsWith('-failed'));
  expect(aside).toHaveLength(1);
  const failed = await shop.rows(aside[0] ?? '');
  const restored = await shop.rows('shop');
  expect(differencesFrom(point, restored, failed)).toEqual([]);
  expect(rowsSince(point, failed)).toBeGreaterThan(0);
  expect(story(await shop.visits())).toEqual(['live build 1.0.0', 'read-only copy 1.0.0']);
}, 60_000);
