import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openRules, openShop, type Shop, story } from './shop-in-azure.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

test('a cancelled run must close its firewall rule, and a killed one in its post step', async () => {
  await shop.green('clone');
  const cancelled = shop.start('read-only');
  await cancelled.says(/Prove the read-only copy/);
  expect(openRules(shop)).toHaveLength(1);
  cancelled.signal('SIGINT');
  const ended = await cancelled.ended;
  expect(ended.code).toBe(1);
  expect(ended.log).toContain('The job was cancelled (SIGINT).');
  expect(openRules(shop)).toEqual([]);

  const killed = shop.start('read-only');
  await killed.says(/Prove the read-only copy/);
  killed.signal('SIGKILL');
  const rest = await killed.ended;
  expect(openRules(shop)).toHaveLength(1);
  expect((await shop.post(rest)).code).toBe(0);
  expect(openRules(shop)).toEqual([]);
  expect(story(await shop.visits())).toEqual(['live build 1.0.0']);
}, 60_000);
