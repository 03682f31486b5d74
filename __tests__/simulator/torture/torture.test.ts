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
    const order = { stride: 40, scenarios: ['one', 'swift', 'unhealthy'], only: '' };
    await sweepWithWorkers(order, (outcome) => outcomes.push(outcome));
    const violations = outcomes.flatMap(({ id, violations }) =>
      violations.map(({ invariant, what }) => `npm run torture -- --replay '${id}': ${invariant}: ${what}`),
    );
    expect(violations).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(150);
  },
  LONG_MS,
);

test(
  'every mistake that is planted in the action is noticed, and only because of it',
  async () => {
    const noticed = await noticedAll(planted, () => undefined);
    const missed = planted.filter((_, index) => noticed[index] === undefined).map(({ name }) => name);
    expect(missed).toEqual([]);
    expect(planted.length).toBeGreaterThanOrEqual(15);
    expect(await violatedWithout(planted, noticed)).toEqual([]);
  },
  LONG_MS,
);
