import type { Change, Scene } from '../context/scene.ts';
import { done } from '../steps/done.ts';
import type { Step } from '../steps/steps.ts';
import { waitFor } from '../wait.ts';

/** A minute is the longest that Azure is taken to need before it carries out what it was sent, and a little for clocks apart. */
const LATE_MS = 65_000;
const TOLD_EVERY_MS = 15_000;

/** Nobody can see what is still on its way: after this it has arrived, and the next look shows it. */
export async function awaitLateWrites({ context: { ports, signal } }: Scene, step: Step): Promise<Change> {
  const { clock, log } = ports;
  const until = clock.now() + LATE_MS;
  await waitFor(clock, log, {
    what: 'what a run that was cut off may have sent last',
    deadlineMs: 2 * LATE_MS,
    otherwise: 'Run the phase again.',
    signal,
    usualMs: LATE_MS,
    async look() {
      const left = until - clock.now();
      if (left <= 0) return { done: undefined };
      return { seen: 'nobody can see it on its way', retryAfterMs: Math.min(left, TOLD_EVERY_MS) };
    },
  });
  return done(step);
}
