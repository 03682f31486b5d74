import { expect, test } from '@jest/globals';
import { isUnhealthy } from '../../src/apply/health-budget.ts';

/** `.` is a healthy answer, `x` a bad one. */
const read = (answers: string) => [...answers].map((each) => each === '.');

test.each([
  ['x', 0, false],
  ['xx', 0, false],
  ['xxx', 0, true],
  ['...xxx', 0, true],
  ['xx.xx', 0, true],
  [`${'.'.repeat(58)}x.x`, 0, false],
  [`x${'.'.repeat(99)}x${'.'.repeat(99)}x`, 0, false],
  [`x${'.'.repeat(9)}x${'.'.repeat(9)}x`, 0, true],
  ['xxx', 3, false],
  ['xxxx', 3, true],
])('%s with %d tolerated', (answers, tolerated, expected) => {
  expect(isUnhealthy(read(answers), tolerated)).toBe(expected);
});
