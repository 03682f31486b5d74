import { expect, test } from '@jest/globals';
import { isSlotListText, slotChanges, slotListText } from '../../src/deployment/slot-list.ts';

test('names that fill their room to the last character are kept by name', () => {
  const names = ['a'.repeat(59), 'b'.repeat(59), 'c'.repeat(50)];
  expect(slotListText(names, [])).toBe(names.join(':'));
  expect(slotListText([...names, 'd'], [])).toMatch(/^#4-/);
});

test('one name that is none makes no list', () => {
  expect([isSlotListText('qa:old'), isSlotListText('qa:a/b'), isSlotListText('a/b')]).toEqual([true, false, false]);
});

test('where only a digest was kept the letter case of a name is no change, as Azure does not mind it', () => {
  const many = Array.from({ length: 19 }, (_, index) => `team-of-nineteen-${index}`);
  const before = slotListText(many, []);
  expect(
    slotChanges(
      before,
      many.map((name) => name.toUpperCase()),
      [],
    ),
  ).not.toHaveProperty('counts');
});
