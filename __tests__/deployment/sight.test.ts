import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Asked, IN_A_ROW, type Stretch, sightOf } from '../../src/deployment/sight.ts';

const asked: fc.Arbitrary<readonly Asked[]> = fc
  .array(
    fc.record({
      ms: fc.nat(900),
      stretch: fc.constantFrom<Stretch[]>('before', 'through', 'after'),
      requests: fc.integer({ min: 1, max: 3 }),
      failed: fc.nat(1),
      wrong: fc.constantFrom(undefined, undefined, 'answers 500'),
      by: fc.array(fc.constantFrom('one', 'two'), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) => all.map((each, index) => ({ ...each, at: index * 1000 })));

test('what was seen adds up: by stretch and by instance as well as in all', () => {
  fc.assert(
    fc.property(asked, (all) => {
      const seen = sightOf(all);
      const total = (of: (each: Asked) => number) => all.reduce((sum, each) => sum + of(each), 0);
      expect(seen).toMatchObject({
        asked: total(({ requests }) => requests),
        failed: total(({ failed }) => failed),
        slowestMs: Math.max(...all.map(({ ms }) => ms)),
      });
      for (const key of ['asked', 'failed'] as const)
        expect(seen?.stretches.reduce((sum, each) => sum + each[key], 0)).toBe(seen?.[key]);
      expect(seen?.stretches.map(({ stretch }) => stretch)).toEqual(
        (['before', 'through', 'after'] as const).filter((name) => all.some(({ stretch }) => stretch === name)),
      );
      expect(Object.values(seen?.byInstance ?? {}).reduce((sum, each) => sum + each, 0)).toBe(
        total(({ by }) => by.length),
      );
      for (const [name, count] of Object.entries(seen?.byInstance ?? {}))
        expect(count).toBe(all.flatMap(({ by }) => by).filter((each) => each === name).length);
    }),
  );
});

/** One letter a second: `.` is healthy, `x` is not; each takes 100 ms. */
const seconds = (letters: string) =>
  sightOf(
    [...letters].map((letter, index) => ({
      at: index * 1000,
      ms: 100,
      stretch: 'through',
      requests: 1,
      failed: letter === 'x' ? 1 : 0,
      wrong: letter === 'x' ? 'answers 500' : undefined,
      by: [],
    })),
  );

test.each([
  ['....', 0, 0, false],
  ['.x..', 1, 1100, false],
  ['.xx.x.', 2, 2100, false],
  ['.x.xxx.', 2, 3100, false],
  ['..x', 0, 100, false],
  ['.xx', 0, 1100, false],
  ['xxx', 0, 2100, true],
  ['.x.xxx', 1, 2100, true],
  ['xxxx.', 1, 4100, false],
])(
  '%s: outages that have ended, the longest gap, and whether it is down in the end',
  (letters, outages, longestGapMs, isDown) => {
    expect(seconds(letters)).toMatchObject({ outages, longestGapMs, unhealthy: isDown ? 'answers 500' : undefined });
    expect(IN_A_ROW).toBe(3);
  },
);

test('nobody asked, nothing was seen', () => {
  expect(sightOf([])).toBeUndefined();
});
