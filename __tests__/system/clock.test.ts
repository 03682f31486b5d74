import { expect, test } from '@jest/globals';
import { realClock } from '../../src/system/clock.ts';

test('a faster clock must shorten waits and show the time that they stand for', async () => {
  const clock = realClock(1000, 'own');
  const before = clock.now();
  const really = performance.now();
  await clock.sleep(20_000);
  expect(performance.now() - really).toBeLessThan(5000);
  // A timer of Node counts whole milliseconds and may end up to one early: 1 s of a clock that runs 1000 times as fast.
  expect(clock.now() - before).toBeGreaterThanOrEqual(19_000);
});

test('a real cloud must not be sped up', () => {
  for (const environment of ['public', 'government', 'china'] as const) {
    expect(() => realClock(60, environment)).toThrow(`azure-environment is ${environment}`);
    expect(() => realClock(1, environment)).not.toThrow();
  }
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a rate of %s must be refused', (rate) => {
  expect(() => realClock(rate, 'own')).toThrow('ZDD_CLOCK_RATE');
});

test('a sleeper must wake with the reason of the cancellation', async () => {
  const clock = realClock(1, 'public');
  const cancel = new AbortController();
  const sleeping = clock.sleep(600_000, cancel.signal);
  cancel.abort(new Error('cancelled'));
  await expect(sleeping).rejects.toThrow('cancelled');
  await expect(clock.sleep(600_000, cancel.signal)).rejects.toThrow('cancelled');
});
