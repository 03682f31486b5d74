import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openRules, openShop, type Shop, story } from './shop-in-azure.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

test('the firewall rule of a run that was cancelled or killed must be closed by its post step', async () => {
  await shop.green('clone');
  const cancelled = shop.start('read-only');
  await cancelled.says(/Prove the read-only copy/);
  expect(openRules(shop)).toHaveLength(1);
  cancelled.signal('SIGINT');
  const cancelledAt = Date.now();
  const ended = await cancelled.ended;
  // After 7.5 s the runner sends SIGTERM, and 2.5 s later it kills.
  expect(Date.now() - cancelledAt).toBeLessThan(10_000);
  expect(ended.code).toBe(1);
  expect(ended.log).toContain('The job was cancelled (SIGINT).');
  expect((await shop.post(ended)).code).toBe(0);
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
