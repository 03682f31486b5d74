import { setTimeout as pause } from 'node:timers/promises';
import { Stop } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { AzureEnvironment } from '../settings/azure.ts';

/**
 * The runner's clock. With a `rate` above 1 (`ZDD_CLOCK_RATE`, for the simulator) it runs that much faster, and so do all waits;
 * against a cloud of Microsoft's that would only ruin every deadline, and is refused.
 */
export function realClock(rate: number, environment: AzureEnvironment['kind']): Clock {
  if (!Number.isFinite(rate) || rate <= 0) {
    throw new Stop('bad-input', `ZDD_CLOCK_RATE is ${rate}.`, 'Give a number above 0, or leave it out.');
  }
  if (rate !== 1 && environment !== 'own') {
    throw new Stop(
      'bad-input',
      `ZDD_CLOCK_RATE is ${rate}, but azure-environment is ${environment}: a real cloud cannot be sped up.`,
      'Leave it out; it is for the simulator only.',
    );
  }
  const startedAt = Date.now();
  const started = performance.now();
  return {
    now: () => startedAt + (performance.now() - started) * rate,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      try {
        await pause(Math.max(0, ms) / rate, undefined, signal ? { signal } : {});
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      }
    },
  };
}
