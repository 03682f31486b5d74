import { expect, test } from '@jest/globals';
import type { Kind } from '../../simulator/model/app/build.ts';
import { deploy } from '../in-process/zoo.ts';

test.each<[string, Kind]>([
  ['is plain', {}],
  ['takes a minute to start', { startMs: 60_000 }],
  ['compresses its answers', { answers: 'compressed' }],
  ['works in the background on its database', { works: { everyMs: 60_000, on: 'database' } }],
])('an app that %s is deployed to the end', async (_, kind) => {
  const { ended, visitors } = await deploy({ kind });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});

test('an app that asks to sign in everywhere but where it is probed is deployed to the end', async () => {
  const { ended } = await deploy({ kind: { asksToSignIn: { except: ['/health', '/order'] } } });
  expect(ended).toBe('deployed');
});

test('an app with several names is deployed to the end', async () => {
  const { ended } = await deploy({
    arrange: ({ production }) => {
      production.customHosts = ['www.shop.example', 'shop.example'];
    },
  });
  expect(ended).toBe('deployed');
});

test.each<[string, Kind, RegExp]>([
  ['asks to sign in everywhere', { asksToSignIn: { except: [] } }, /health-path|sign/i],
  ['answers only its own network', { letsInOnly: ['198.51.'] }, /403/],
  ['never ends its answers', { answers: 'endless' }, /health path/i],
])('an app that %s is deployed, or preflight says why not', async (_, kind, words) => {
  const { ended } = await deploy({ kind });
  if (ended !== 'deployed') expect(ended).toMatch(new RegExp(`^refused by preflight: .*(${words.source})`, 'is'));
});

test.each<[string, Kind]>([
  ['takes writes elsewhere', { writesElsewhere: true }],
  ['needs to write', { needsToWrite: true }],
])('a copy that %s is never sent visitors', async (_, kind) => {
  const { ended } = await deploy({ kind });
  expect(ended).toMatch(/^(failed in read-only|refused by preflight)/);
});
