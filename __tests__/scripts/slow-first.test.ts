import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import SlowFirst, { SLOW } from '../../scripts/slow-first.ts';

const suites = globSync('__tests__/**/*.test.ts').map((path) => ({ path: resolve(path) }));

test('every suite that is said to be slow is there', () => {
  const missing = SLOW.filter((each) => !suites.some(({ path }) => path.includes(`__tests__/${each}`)));
  expect(missing).toEqual([]);
});

test('the slowest comes first, whatever its size, and none is left out', () => {
  const sorted = new SlowFirst().sort(suites);
  expect(sorted[0]?.path).toMatch(/torture\.test\.ts$/);
  expect(new Set(sorted)).toEqual(new Set(suites));
});

test('shards have all suites between them, each its share of the slow ones', () => {
  const shards = [1, 2, 3].map((shardIndex) => new SlowFirst().shard(suites, { shardIndex, shardCount: 3 }));
  expect(new Set(shards.flat())).toEqual(new Set(suites));
  expect(shards.map(([first]) => first?.path.replace(/.*__tests__\//, ''))).toEqual([
    'simulator/torture/torture.test.ts',
    'pipelines/azure-devops.test.ts',
    'teams/teams.test.ts',
  ]);
});
