import { expect, test } from '@jest/globals';
import { mutantsOf } from '../../scripts/mutate/mutants.ts';

const SOURCE = `
interface Slot { readonly state: 'Running' | 'Stopped' }
export function plan(slot: Slot | null, others: readonly Slot[]): Plan {
  refuse(slot);
  if (slot === null || others.length > 0) return [];
  return inOrder(stop(slot), isQuiet(slot, true) ? [] : wait());
}
`;

test('every kind of mistake is planted where it can be made, and nowhere in a type', () => {
  const planted = mutantsOf('phases/plan.ts', SOURCE).map(({ line, what }) => `${line} ${what}`);
  expect(planted).toEqual([
    '4 refuse(slot); -> ;',
    '5 slot === null || others.length > 0 -> !(slot === null || others.length > 0)',
    '5 slot === null || others.length > 0 -> (slot === null)',
    '5 slot === null || others.length > 0 -> (others.length > 0)',
    '5 slot === null -> (slot !== null)',
    '5 others.length > 0 -> (others.length >= 0)',
    '6 stop(slot) -> false',
    '6 isQuiet(slot, true) ? [] : wait() -> false',
    '6 isQuiet(slot, true) -> !(isQuiet(slot, true))',
    '6 true -> false',
  ]);
});

test('a mistake changes its place and nothing else', () => {
  const [first] = mutantsOf('phases/plan.ts', SOURCE);
  const { start = 0, end = 0, replacement = '' } = first ?? {};
  expect(SOURCE.slice(0, start) + replacement + SOURCE.slice(end)).toBe(SOURCE.replace('refuse(slot);', ';'));
});
