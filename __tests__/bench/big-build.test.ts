import { expect, test } from '@jest/globals';
import { measureBigBuild } from '../../simulator/bench/big-build.ts';
import { MOST_FOR_A_BUILD_MIB } from '../../simulator/bench/budget.ts';

test('a build comes to both slots at once without being in memory', async () => {
  const { peakMib } = await measureBigBuild(160, 3000);
  expect(peakMib).toBeGreaterThan(40);
  expect(peakMib).toBeLessThan(MOST_FOR_A_BUILD_MIB);
}, 240_000);
