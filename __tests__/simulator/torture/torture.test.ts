import { expect, test } from '@jest/globals';
import type { Outcome } from '../../../simulator/torture/outcome.ts';
import { noticedAll, violatedWithout } from '../../../simulator/torture/planted/noticed.ts';
import { planted } from '../../../simulator/torture/planted/planted.ts';
import { sweepWithWorkers } from '../../../simulator/torture/workers.ts';

const LONG_MS = 240_000;

test(
  'a part of the sweep finds every phase ending as promised, whatever went wrong',
  async () => {
    const outcomes: Outcome[] = [];
    const order = { stride: 120, scenarios: ['one', 'swift', 'unhealthy'], only: '' };
    await sweepWithWorkers(order, (outcome) => outcomes.push(outcome));
    const violations = outcomes.flatMap(({ id, violations }) =>
      violations.map(({ invariant, what }) => `npm run torture -- --replay '${id}': ${invariant}: ${what}`),
    );
    expect(violations).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(50);
  },
  LONG_MS,
);

/** All of them take minutes: a job of its own in .github/workflows/ci.yml plants each (`npm run torture -- --planted all`), and plays all of the sweep. */
const some = planted.filter((_, index) => index % 10 === 0);

test(
  'of the mistakes that are planted in the action every tenth is noticed, and only because of it',
  async () => {
    const noticed = await noticedAll(some, () => undefined);
    const missed = some.filter((_, index) => noticed[index] === undefined).map(({ name }) => name);
    expect(missed).toEqual([]);
    expect(some.length).toBeGreaterThanOrEqual(6);
    expect(await violatedWithout(some, noticed)).toEqual([]);
  },
  LONG_MS,
);
