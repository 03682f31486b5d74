import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openShop, type Shop } from './shop-in-azure.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

test('of two runs that begin at the same time one must win, and the other leave nothing behind', async () => {
  const ended = await Promise.all(['7001', '7002'].map((run) => shop.run('clone', {}, { GITHUB_RUN_ID: run })));
  expect(ended.map(({ code }) => code).sort()).toEqual([0, 1]);
  const loser = ended.find(({ code }) => code === 1);
  const winner = ended.find(({ code }) => code === 0);
  expect(loser?.log).toMatch(
    /Deployment \S+ of shop-rg\/shop is open on shop; ada began it in run contoso\/shop\/700\d\/1/,
  );
  expect(shop.left()).toEqual([`database ${winner?.outputs['clone-database']}`]);
}, 60_000);
