import { expect, test } from '@jest/globals';
import { seconds } from '../src/wait.ts';

test('a duration must read as people say it', () => {
  expect(seconds(45_000)).toBe('45 s');
  expect(seconds(190_000)).toBe('3 min 10 s');
});
