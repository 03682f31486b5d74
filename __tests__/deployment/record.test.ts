import { expect, test } from '@jest/globals';
import { alsoWrote, isMirrored } from '../../src/deployment/record.ts';

test('a record has a mirror from the first swap on, or from when the point to return to is known', () => {
  expect([isMirrored({}), isMirrored({ swaps: 0 })]).toEqual([false, false]);
  expect([isMirrored({ swaps: 1 }), isMirrored({ swaps: 0, rollbackPoint: '2026-01-31T14:00:00Z' })]).toEqual([
    true,
    true,
  ]);
});

test('who wrote is named once, those of before first, in no more than a tag holds', () => {
  expect(alsoWrote(null, ['reports'])).toBe('reports');
  expect(alsoWrote({ otherWriters: undefined }, ['reports', 'reports'])).toBe('reports');
  expect(alsoWrote({ otherWriters: 'sync; reports' }, ['reports', 'mail'])).toBe('sync; reports; mail');
  const many = Array.from({ length: 60 }, (_, index) => `writer-${index}`);
  expect(alsoWrote({ otherWriters: 'sync' }, many).length).toBeLessThanOrEqual(256);
});
