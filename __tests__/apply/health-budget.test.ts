import { expect, test } from '@jest/globals';
import { isUnhealthy, withoutOneRestart } from '../../src/apply/health-budget.ts';

/** `.` is a healthy answer, `x` a bad one. */
const read = (answers: string) => [...answers].map((each) => each === '.');

test.each([
  ['x', 0, false],
  ['xx', 0, false],
  ['xxx', 0, true],
  ['...xxx', 0, true],
  ['xx.xx', 0, true],
  [`${'.'.repeat(100)}xxx`, 0, true],
  [`x${'.'.repeat(28)}x${'.'.repeat(28)}x.`, 0, false],
  [`x${'.'.repeat(28)}x${'.'.repeat(27)}x.`, 0, true],
  [`${'.'.repeat(58)}x.x`, 0, false],
  [`x${'.'.repeat(99)}x${'.'.repeat(99)}x`, 0, false],
  [`x${'.'.repeat(9)}x${'.'.repeat(9)}x`, 0, true],
  ['xxx', 3, false],
  ['xxxx', 3, true],
])('%s with %d tolerated', (answers, tolerated, expected) => {
  expect(isUnhealthy(read(answers), tolerated)).toBe(expected);
});

test.each([
  ['up and down once, as by a restart', `${'+'.repeat(60)}${'-'.repeat(15)}+`, false],
  ['down for longer', `${'+'.repeat(60)}${'-'.repeat(16)}`, true],
  ['down twice', `${'+'.repeat(60)}${'-'.repeat(5)}${'+'.repeat(9)}${'-'.repeat(4)}`, true],
  ['down twice for equally long, the second time until now', `${'+'.repeat(30)}---${'+'.repeat(60)}---`, true],
])('in the soak one restart is left out: %s', (_, answers, expected) => {
  const healthy = [...answers].map((each) => each === '+');
  expect(isUnhealthy(withoutOneRestart(healthy), 0)).toBe(expected);
});

test('what is left out is the longest outage as a whole, and no other answer', () => {
  const [good, bad] = [true, false];
  expect(withoutOneRestart([good, bad, good, bad, bad, good, bad])).toEqual([good, bad, good, good, bad]);
  expect(withoutOneRestart([bad, bad, good])).toEqual([good]);
  expect(withoutOneRestart([good])).toEqual([good]);
});
