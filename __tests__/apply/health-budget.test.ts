import { expect, test } from '@jest/globals';
import { illnessIn, isUnhealthy, withoutOneRestart } from '../../src/apply/health-budget.ts';
import type { Asked } from '../../src/deployment/sight.ts';

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

/** So many seconds of each answer, one after another: `+` is healthy, `-` is not, and of those that hang one comes every two seconds. */
function soak(...parts: readonly (readonly [seconds: number, answer: '+' | '-' | 'hangs'])[]): Asked[] {
  const asked: Asked[] = [];
  let from = 0;
  for (const [seconds, answer] of parts) {
    for (let at = 0; at < seconds; at += answer === 'hangs' ? 2 : 1) asked.push(answerAt(from + at, answer));
    from += seconds;
  }
  return asked;
}

function answerAt(second: number, answer: '+' | '-' | 'hangs', path = '/'): Asked {
  const wrong = answer === '+' ? undefined : `GET ${path} ${answer}`;
  const ms = answer === 'hangs' ? 10_000 : 10;
  return { host: 'shop', path, at: second * 1000, ms, stretch: 'after', wrong, by: undefined };
}

test.each<[string, Asked[], boolean]>([
  ['up and down once, as by a restart', soak([60, '+'], [14, '-'], [1, '+']), false],
  ['down for longer', soak([60, '+'], [16, '-']), true],
  ['hanging for as long as a restart takes', soak([60, '+'], [14, 'hangs'], [9, '+']), false],
  ['hanging for longer', soak([60, '+'], [16, 'hangs'], [9, '+']), true],
  ['hanging until now', soak([60, '+'], [8, 'hangs']), true],
  ['down twice', soak([60, '+'], [5, '-'], [9, '+'], [4, '-']), true],
  ['down twice for equally long, the second time until now', soak([30, '+'], [3, '-'], [60, '+'], [3, '-']), true],
])('in the soak one restart is left out: %s', (_, answers, expected) => {
  const late = answers.toSorted((one, other) => one.at + one.ms - other.at - other.ms);
  expect(illnessIn(late, 0, true) !== undefined).toBe(expected);
});

test('each path is judged by itself, and only the soak has a restart', () => {
  const fine = soak([60, '+']);
  const down = [40, 41, 42].map((second) => answerAt(second, '-', '/cart'));
  expect(illnessIn([...fine, ...down], 0, false)).toBe('GET /cart -');
  expect(illnessIn([...fine, ...down], 3, false)).toBeUndefined();
  expect(illnessIn([...fine, ...down, answerAt(43, '+', '/cart')], 0, true)).toBeUndefined();
  const restarted = soak([60, '+'], [3, '-']);
  expect([illnessIn(restarted, 0, false), illnessIn(restarted, 0, true)]).toEqual(['GET / -', undefined]);
});

test('what is left out is the longest outage as a whole, and no other answer', () => {
  const of = (letters: string) => [...letters].map((each, second) => answerAt(second, each === '+' ? '+' : '-'));
  const left = (letters: string) => withoutOneRestart(of(letters)).map(({ at }) => at / 1000);
  expect(left('+-+--+-')).toEqual([0, 1, 2, 6]);
  expect(left('--+')).toEqual([]);
  expect(left('+')).toEqual([0]);
});
