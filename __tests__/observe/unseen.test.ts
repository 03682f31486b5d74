import { expect, test } from '@jest/globals';
import type { Context } from '../../src/context/context.ts';
import { Stop } from '../../src/errors.ts';
import { attempt, type Missing, miss, nothingMissing } from '../../src/observe/unseen.ts';
import { phaseNames, traitsOf } from '../../src/settings/phases.ts';

const PART = { what: 'slot a', so: 'what it holds', at: '/sites/a' };
const azure = { code: 'AuthorizationFailed', requestId: '', status: 403 };
const DENIED = new Stop('failed', 'Could not read.', 'Grant it.', {
  azure: {
    ...azure,
    message: "The client 'x' does not have authorization to perform action 'Microsoft.Web/sites/read' over",
  },
});
const onlyLooks = (): Missing => ({ isAllowed: true, parts: [] });
const attempted = <T>(missing: Missing, look: () => Promise<T>, { signal } = new AbortController()) =>
  attempt({ signal } as Context, missing, PART, look);

test('only a phase that changes nothing may go on without seeing everything', () => {
  for (const name of phaseNames)
    expect(nothingMissing(traitsOf[name])).toEqual({ isAllowed: ['preflight', 'status'].includes(name), parts: [] });
});

test('what was seen is handed on, also that there is nothing', async () => {
  const missing = onlyLooks();
  expect([await attempted(missing, async () => 7), await attempted(missing, async () => null)]).toEqual([7, null]);
  expect(missing.parts).toEqual([]);
});

test('a refusal is a missing part, with the right that lacks, or else in the words of the error', async () => {
  const missing = onlyLooks();
  const gone = new Stop('drifted', 'It is gone.', 'Look.');
  for (const stop of [DENIED, gone]) expect(await attempted(missing, () => Promise.reject(stop))).toBeUndefined();
  expect(missing.parts).toEqual([
    { ...PART, why: 'The identity is not granted Microsoft.Web/sites/read.', stop: DENIED },
    { ...PART, why: 'It is gone.', stop: gone },
  ]);
});

test('it is an error for whoever changes something; a fault of ours is one for everybody, and a cancelled run is cancelled', async () => {
  const changes: Missing = { isAllowed: false, parts: [] };
  expect(() => miss(changes, PART, DENIED)).toThrow(DENIED);
  const ours = new TypeError('x is undefined');
  await expect(attempted(onlyLooks(), () => Promise.reject(ours))).rejects.toBe(ours);
  const run = new AbortController();
  const missing = onlyLooks();
  const cancelled = async () => {
    run.abort(new Error('cancelled'));
    throw DENIED;
  };
  await expect(attempted(missing, cancelled, run)).rejects.toThrow('cancelled');
  expect([changes.parts, missing.parts]).toEqual([[], []]);
});
