import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { listIn, listTags } from '../../src/deployment/long-tags.ts';

const names = fc.array(fc.stringMatching(/^[a-z0-9-]{1,90}\/[a-z0-9-]{1,60}$/), { maxLength: 12 });

test('a list is read as it was written, whatever a longer one left behind', () => {
  fc.assert(
    fc.property(names, names, (before, after) => {
      const tags = { ...listTags('zdd-x', before), ...listTags('zdd-x', after) };
      expect(listIn('zdd-x', tags)).toEqual(after);
      expect(Object.values(tags).every((value) => value.length <= 256)).toBe(true);
    }),
  );
});

test('cleared, absent, and cut short', () => {
  expect(listIn('zdd-x', listTags('zdd-x', undefined))).toBeUndefined();
  expect(listIn('zdd-x', {})).toBeUndefined();
  expect(listIn('zdd-x', { 'zdd-x': 'rg/a:rg/b' })).toBeNull();
});

test('a list that is too long for one tag is cut to the length of tags, and none is longer', () => {
  const entries = Array.from({ length: 30 }, (_, index) => `group-${index}/an-app-with-a-long-name`);
  const lengths = Object.values(listTags('zdd-x', entries)).map((value) => value.length);
  expect(lengths.length).toBeGreaterThan(2);
  expect(lengths.slice(0, -1).every((length) => length === 256)).toBe(true);
  expect(Math.max(...lengths)).toBe(256);
});
