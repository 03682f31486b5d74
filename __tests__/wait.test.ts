import { expect, test } from '@jest/globals';
import { seconds } from '../src/wait.ts';

test('a duration must read as people say it', () => {
  expect(seconds(45_000)).toBe('45 s');
  expect(seconds(190_000)).toBe('3 min 10 s');
  expect(seconds(62 * 3_600_000 + 330_000)).toBe('62 h 5 min');
});
