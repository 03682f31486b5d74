import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Asked, IN_A_ROW, type Stretch, sightOf } from '../../src/deployment/sight.ts';

const asked: fc.Arbitrary<readonly Asked[]> = fc
  .array(
    fc.record({
      ms: fc.nat(900),
      stretch: fc.constantFrom<Stretch[]>('before', 'through', 'after'),
      host: fc.constantFrom('shop', 'till'),
      path: fc.constantFrom('/', '/cart'),
      wrong: fc.constantFrom(undefined, undefined, 'answers 500'),
      by: fc.constantFrom('one', 'two', undefined),
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
        asked: all.length,
        failed: total(({ wrong }) => (wrong === undefined ? 0 : 1)),
        slowestMs: Math.max(...all.map(({ ms }) => ms)),
      });
      for (const key of ['asked', 'failed'] as const)
        expect(seen?.stretches.reduce((sum, each) => sum + each[key], 0)).toBe(seen?.[key]);
      expect(seen?.stretches.map(({ stretch }) => stretch)).toEqual(
        (['before', 'through', 'after'] as const).filter((name) => all.some(({ stretch }) => stretch === name)),
      );
      expect(Object.values(seen?.byInstance ?? {}).reduce((sum, each) => sum + each, 0)).toBe(
        total(({ by }) => (by === undefined ? 0 : 1)),
      );
      for (const [name, count] of Object.entries(seen?.byInstance ?? {}))
        expect(count).toBe(all.filter(({ by }) => by === name).length);
    }),
  );
});

/** One letter a second: `.` is healthy, `x` is not, each after 100 ms, and `h` hangs for ten seconds. */
const answersOf = (letters: string, path = '/'): Asked[] =>
  [...letters].map((letter, index) => ({
    host: 'shop',
    path,
    at: index * 1000,
    ms: letter === 'h' ? 10_000 : 100,
    stretch: 'through',
    wrong: letter === '.' ? undefined : 'answers 500',
    by: undefined,
  }));
const seconds = (letters: string) => sightOf(answersOf(letters));

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

test.each([
  ['hhhh..', 1, 4100, false],
  ['..hhhh', 0, 13_000, true],
])(
  '%s: who hangs is bad from when it was asked until the next one that is answered',
  (letters, outages, longestGapMs, isDown) => {
    // They are given up long after others were answered.
    const late = answersOf(letters).toSorted((one, other) => one.at + one.ms - other.at - other.ms);
    expect(sightOf(late)).toMatchObject({ outages, longestGapMs, unhealthy: isDown ? 'answers 500' : undefined });
  },
);

test('a path that fails is no better for others that are fine, and a restart of all is one outage', () => {
  expect(sightOf([...answersOf('.xxx', '/cart'), ...answersOf('....')])).toMatchObject({
    outages: 0,
    longestGapMs: 2100,
    unhealthy: 'answers 500',
  });
  expect(sightOf([...answersOf('.xx.', '/cart'), ...answersOf('.xxx.')])).toMatchObject({
    outages: 1,
    longestGapMs: 3100,
    unhealthy: undefined,
  });
});

test('nobody asked, nothing was seen', () => {
  expect(sightOf([])).toBeUndefined();
});
