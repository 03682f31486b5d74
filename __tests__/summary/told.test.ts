import { expect, test } from '@jest/globals';
import { outputsOf } from '../../src/summary/outputs.ts';
import { resultOf } from '../../src/summary/run-result.ts';
import { whereabouts, whereaboutsTable } from '../../src/summary/whereabouts.ts';
import { afterDeploy, clone } from './observed.ts';

test('outputs tell where the deployment stands, from what was observed alone', () => {
  expect(outputsOf(resultOf(afterDeploy(), true))).toEqual({
    'deployment-id': '20260131-k7m2x',
    state: 'deployed',
    changed: 'true',
    'next-phases': 'validate,deploy,rollback',
    'clone-database': clone,
    'clone-databases': JSON.stringify({ shop: clone }),
    'snapshot-timestamp': '2026-01-31T14:01:30.5000000Z',
    'snapshot-requested-at': '2026-01-31T14:00:00.0000000Z',
    'rollback-point': '2026-01-31T14:05:09.1234567Z',
    'production-slot-id': '/sites/shop/slots/production',
    'readonly-slot-id': '/sites/shop/slots/zdd-readonly',
    'staging-slot-id': '/sites/shop/slots/zdd-staging',
    'candidate-slot': 'zdd-staging',
    'validation-url': 'https://shop-zdd-staging.azurewebsites.net',
    'production-url': 'https://shop-production.azurewebsites.net',
    'read-only-seconds': '300',
  });
});

test('a closed window has its own length, whatever the time is now', () => {
  expect(resultOf(afterDeploy({ windowClosedAt: '2026-01-31T14:05:40.5Z' }), false).readOnlySeconds).toBe(40.5);
});

test('with several databases the published snapshot is the latest, the request the earliest', () => {
  const one = afterDeploy();
  const [pair] = one.databases;
  if (!pair?.cloneTags) throw new Error('The fixture has a pair.');
  const later = {
    ...pair,
    name: 'orders',
    cloneTags: { ...pair.cloneTags, requestedAt: '2026-01-31T13:59:59Z', completedAt: '2026-01-31T14:01:30.5000001Z' },
  };
  const result = resultOf({ ...one, databases: [later, pair] }, false);
  expect(result.snapshotTimestamp).toBe('2026-01-31T14:01:30.5000001Z');
  expect(result.snapshotRequestedAt).toBe('2026-01-31T13:59:59Z');
});

test('a clone that is gone is never told as if it were there', () => {
  const there = afterDeploy();
  const gone = { ...there, databases: there.databases.map((pair) => ({ ...pair, clone: null })) };
  const [served] = whereabouts(gone);
  expect(served?.visitors).toBe(true);
  expect(served?.databases?.join()).toMatch(/GONE/);
  expect(whereabouts(there)[0]?.databases?.join()).not.toMatch(/GONE/);
});

test('each slot is told with what it holds and which database it leads to', () => {
  expect(
    whereabouts(afterDeploy()).map(({ slot: name, holds, running, visitors, databases }) => [
      name,
      holds,
      running,
      visitors,
      ...(databases ?? []),
    ]),
  ).toEqual([
    ['production', 'read-only copy', true, true, `${clone} (clone)`],
    ['zdd-readonly', 'live build', false, false, 'shop (original)'],
    ['zdd-staging', 'new build', true, false, 'Shop (original)'],
  ]);
});

test('exactly the first line of the picture is where visitors are', () => {
  const lines = whereaboutsTable(whereabouts(afterDeploy())).split('\n');
  expect(lines.map((line) => line.includes('visitors'))).toEqual([false, false, true, false, false]);
});

test('no secret of a connection string is told', () => {
  const observed = afterDeploy();
  const value = 'Server=shopsql.database.windows.net;Database=shop;User ID=sa;Password=hidden!';
  const production = { ...observed.production, connectionStrings: { Shop: { value, type: 'SQLAzure' } } };
  expect(JSON.stringify(whereabouts({ ...observed, production }))).not.toContain('hidden');
});
