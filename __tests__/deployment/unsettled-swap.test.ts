import { expect, test } from '@jest/globals';
import type { SwapPurpose } from '../../src/deployment/record.ts';
import { unsettledSwap } from '../../src/deployment/unsettled-swap.ts';
import { recordOf } from '../apply/sketch.ts';

const intent = (purpose: SwapPurpose) => ({
  ...{ number: 3, purpose, source: 'zdd-staging', at: '2026-01-31T14:00:00.000Z' },
  ...{ sourceMarker: '', productionMarker: '', swapStatusBefore: '' },
});
const now = '2026-01-31T14:00:07.000Z';

test.each<[SwapPurpose, string]>([
  ['switch', 'switch'],
  ['undo', 'switch'],
  ['complete', 'complete'],
  ['return', 'rollback'],
])('a swap for %s of which nobody knows the end is ended by "%s", which everybody is told', (purpose, phase) => {
  expect(unsettledSwap({ record: recordOf({ intent: intent(purpose) }), now })).toEqual({
    happened: expect.stringMatching(/swap 3 of slot zdd-staging .* asked for at 2026-01-31T14:00:00.000Z/),
    next: expect.stringContaining(`run "${phase}" again`),
    sinceMs: 7000,
  });
});

test('without a swap that was asked for there is none', () => {
  expect(unsettledSwap({ record: recordOf({}), now })).toBeUndefined();
  expect(unsettledSwap({ record: null, now })).toBeUndefined();
});
