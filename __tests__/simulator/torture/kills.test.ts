import { expect, test } from '@jest/globals';
import { httpCall, sqlCall } from '../../../simulator/torture/call.ts';
import { otherPhases } from '../../../simulator/torture/combined.ts';
import { depths } from '../../../simulator/torture/depth.ts';

const write = (ordinal: number) =>
  httpCall(ordinal, { method: 'POST', url: 'https://management.azure.com/databases/shop/move', headers: {} });
const lock = (ordinal: number) => sqlCall(ordinal, 'shop', 'EXEC sp_getapplock @Resource');
const LATE = ['killed-after', 'killed-before', 'killed-late-5', 'killed-late-60'];

/** `<call> <way to be killed>` before `status`, whatever calls come first. */
function kills(before: number, depth: 'usual' | 'planted', rotation = 0): string[] {
  const first = Array.from({ length: before }, (_, index) => lock(index + 1));
  const calls = [...first, write(before + 1), lock(before + 2)];
  const state = { id: 'one/switch', stage: 'switch', calls };
  const troubles = otherPhases(state, ['switch', 'status'], depths[depth], rotation);
  const ofLast = troubles.filter(({ ordinal }) => ordinal > before);
  return ofLast.map(({ ordinal, fault }) => `${ordinal - before} ${fault.replace('-then-status', '')}`).sort();
}

test('where mistakes are planted a phase is killed in every way at each change, whatever changes come before', () => {
  const all = [...LATE.map((way) => `1 ${way}`), '2 killed-after', '2 killed-before'];
  for (const before of [0, 1, 2, 3]) expect(kills(before, 'planted')).toEqual(all);
});

test('in a sweep a phase is killed in one way at each change, and on other days in the others', () => {
  const days = [0, 1, 2, 3].map((rotation) => kills(0, 'usual', rotation));
  expect(days.map(({ length }) => length)).toEqual([2, 2, 2, 2]);
  expect(new Set(days.flat())).toEqual(new Set(kills(0, 'planted')));
});
