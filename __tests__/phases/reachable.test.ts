import { expect, test } from '@jest/globals';
import { brokenLaws } from './laws.ts';
import { type Picture, start } from './picture.ts';
import { explore } from './reachable.ts';

test.each<[string, Picture, { attempts: number; swaps: number }, number]>([
  ['one database until deploy begins', start(), { attempts: 0, swaps: 3 }, 9_000],
  ['two databases until deploy begins', start('catalog', 'shop'), { attempts: 0, swaps: 2 }, 5_000],
  ['one database with one swap and one attempt', start(), { attempts: 1, swaps: 1 }, 10_000],
])('every plan in every state that can be reached keeps every law: %s', (_name, from, bounds, least) => {
  const broken = new Set<string>();
  let plans = 0;
  for (const { phase, inputs, weather, walk } of explore(from, bounds)) {
    for (const round of walk.rounds) {
      plans++;
      for (const law of brokenLaws(round)) broken.add(`${phase} ${JSON.stringify({ ...inputs, ...weather })}: ${law}`);
    }
  }
  expect([...broken]).toEqual([]);
  expect(plans).toBeGreaterThan(least);
});
