import { expect, test } from '@jest/globals';
import type { Outcome } from '../../../simulator/torture/outcome.ts';
import { noticedAll, violatedWithout } from '../../../simulator/torture/planted/noticed.ts';
import { planted } from '../../../simulator/torture/planted/planted.ts';
import { timesFound } from '../../../simulator/torture/planted/source.ts';
import { sweepWithWorkers } from '../../../simulator/torture/workers.ts';

const LONG_MS = 240_000;

test(
  'a part of the sweep finds every phase ending as promised, whatever went wrong',
  async () => {
    const outcomes: Outcome[] = [];
    const order = { stride: 360, scenarios: ['one', 'swift', 'unhealthy'], only: '' };
    await sweepWithWorkers(order, (outcome) => outcomes.push(outcome));
    const violations = outcomes.flatMap(({ id, violations }) =>
      violations.map(({ invariant, what }) => `npm run torture -- --replay '${id}': ${invariant}: ${what}`),
    );
    expect(violations).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(25);
  },
  LONG_MS,
);

test('each mistake that is planted still has its place', () => {
  const lost = planted.flatMap((mistake) =>
    [mistake, ...(mistake.also ?? [])]
      .filter((edit) => timesFound(edit) !== 1)
      .map(({ file }) => `${mistake.name} (src/${file})`),
  );
  expect(lost).toEqual([]);
});

/** All of them take minutes: a job of its own in .github/workflows/ci.yml plants each, and plays three times as many of the cases above. */
const some = planted.filter((_, index) => index % 20 === 0);

test(
  'of the mistakes that are planted in the action every twentieth is noticed, and only because of it',
  async () => {
    const noticed = await noticedAll(some, () => undefined);
    const missed = some.filter((_, index) => noticed[index] === undefined).map(({ name }) => name);
    expect(missed).toEqual([]);
    expect(some.length).toBeGreaterThanOrEqual(4);
    expect(await violatedWithout(some, noticed)).toEqual([]);
  },
  LONG_MS,
);
