import { expect, test } from '@jest/globals';
import { isDigest, namesOf, stoppedJobsIn, stoppedJobsText } from '../../src/deployment/stopped-jobs.ts';

const LONG = Array.from({ length: 20 }, (_, index) => `a-web-job-with-a-long-name-${index}`);

test('names that fit are kept as they are, to the last character', () => {
  const text = 'mail:search';
  expect(stoppedJobsText(['mail', 'search'], text.length)).toBe(text);
  expect(stoppedJobsIn(text)).toEqual(['mail', 'search']);
});

test('names that do not fit are kept by digests, each once, and found again among the jobs that are there', () => {
  const text = stoppedJobsText([...LONG, ...LONG.slice(0, 2)], 200);
  expect(text.length).toBeLessThanOrEqual(200);
  const kept = stoppedJobsIn(text);
  expect(kept).toHaveLength(20);
  expect(kept.every(isDigest)).toBe(true);
  expect(namesOf(kept, [...LONG, 'another'])).toEqual(LONG);
  // Recorded once more it stays what it is.
  expect(stoppedJobsText(kept, 150)).toBe(text.slice(0, 150));
  expect(namesOf(['mail', ...kept.slice(0, 1)], LONG)).toEqual(['mail', LONG[0]]);
});

test('a digest that was cut is none, and so is an empty text', () => {
  const cut = stoppedJobsIn(stoppedJobsText(LONG, 100));
  expect(cut.length).toBeGreaterThan(10);
  expect(cut.every(isDigest)).toBe(true);
  expect(stoppedJobsIn('mail::#0a1b')).toEqual(['mail']);
  expect(stoppedJobsIn('')).toEqual([]);
});
