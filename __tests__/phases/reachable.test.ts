import { expect, test } from '@jest/globals';
import { explore } from './reachable.ts';
import { pictureLaws, planLaws } from './laws.ts';
import { start } from './picture.ts';

test('every plan in every state that one attempt can reach, killed anywhere, keeps every law', () => {
  const broken = new Map<string, string>();
  let plans = 0;
  for (const { phase, inputs, weather, walk } of explore(start(), { attempts: 1, swaps: 2 })) {
    for (const round of walk.rounds) {
      plans++;
      for (const [law, problem] of Object.entries(planLaws)) {
        const what = problem(round);
        if (what) broken.set(law, `${phase} ${JSON.stringify({ ...inputs, ...weather })}: ${what}`);
      }
      for (const picture of round.pictures) {
        for (const [law, problem] of Object.entries(pictureLaws)) {
          const what = problem(picture);
          if (what) broken.set(law, `${phase} ${JSON.stringify({ ...inputs, ...weather })}: ${what}`);
        }
      }
    }
  }
  expect(Object.fromEntries(broken)).toEqual({});
  expect(plans).toBeGreaterThan(10_000);
});
