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
