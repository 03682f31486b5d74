import { expect, test } from '@jest/globals';
import { count, instant, name, oneOf, parts, readTags, words, writeTags } from '../../src/deployment/tag-forms.ts';

test('only a whole number of up to nine digits is one', () => {
  expect(['0', '12', '999999999'].map(count.read)).toEqual([0, 12, 999999999]);
  expect(['', '-1', '1.5', '1e3', '1234567890', ' 1'].map(count.read)).toEqual(Array(6).fill(undefined));
});

test('an instant begins with a digit and is a date, and is kept to its last decimal', () => {
  expect(instant.read('2026-01-31T14:05:09.1234567Z')).toBe('2026-01-31T14:05:09.1234567Z');
  expect(['2026-99-99T00:00:00Z', 'January 31 2026', ''].map(instant.read)).toEqual([undefined, undefined, undefined]);
});

test('an empty name is none, and words are plain and no longer than a tag', () => {
  expect([name.read(''), name.read('x')]).toEqual([undefined, 'x']);
  expect(words.write(`a\u0007b${'x'.repeat(300)}`).length).toBeLessThanOrEqual(256);
  expect(words.read('a\u0007b')).not.toContain('\u0007');
  expect(words.write('a\u0007b')).not.toContain('\u0007');
});

const pair = parts<{ of: 'a' | 'b'; number: number }>({ of: oneOf('a', 'b'), number: count });

test('several values in a tag are all there, in their order, or none is read', () => {
  expect(pair.write({ of: 'a', number: 3 })).toBe('a|3');
  expect(pair.read('b|4')).toEqual({ of: 'b', number: 4 });
  expect(['a', 'a|', 'c|4', 'a|x', 'a|4|', '4|a'].map(pair.read)).toEqual(Array(6).fill(undefined));
  expect(pair.allowed).toBe('<a or b>|<a whole number>');
});

interface Fields {
  readonly one: number;
  readonly two?: string | undefined;
}
const FIELDS = { one: ['zdd-one', count], two: ['zdd-two', name] } as const;
const read = (tags: Record<string, string>) => readTags<Fields, 'one'>(FIELDS, ['one'], tags);

test('a field that is not given leaves its tag as it is, and one that is undefined clears it', () => {
  expect(writeTags<Fields>(FIELDS, { one: 1 })).toEqual({ 'zdd-one': '1' });
  expect(writeTags<Fields>(FIELDS, { one: 1, two: undefined })).toEqual({ 'zdd-one': '1', 'zdd-two': '-' });
});

test('a tag that was cleared is as good as none, and only what is needed is missed', () => {
  expect(read({ 'zdd-one': '1', 'zdd-two': '-' })).toEqual({ read: { one: 1 } });
  expect(read({ 'zdd-two': 'x' })).toEqual({ bad: [{ tag: 'zdd-one', value: undefined, allowed: 'a whole number' }] });
  expect(read({ 'zdd-one': '-' })).toEqual({ bad: [{ tag: 'zdd-one', value: '-', allowed: 'a whole number' }] });
  expect(read({ 'zdd-one': '1', 'zdd-two': '' })).toEqual({ bad: [{ tag: 'zdd-two', value: '', allowed: 'a name' }] });
});
