import { expect, test } from '@jest/globals';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { inTime } from '../../src/context/in-time.ts';

const { signal } = new AbortController();

test('work that takes too long is ended and told why, and what ends by itself waits for nothing', async () => {
  const clock = virtualClock(0);
  const late = inTime({ clock }, 5000, 'It took too long.', signal, (until) => clock.sleep(60_000, until));
  await expect(late).rejects.toThrow('It took too long.');
  expect(clock.now()).toBe(5000);
  let given: AbortSignal | undefined;
  const done = await inTime({ clock }, 5000, 'It took too long.', signal, async (until) => {
    given = until;
    return 'done';
  });
  expect([done, clock.now()]).toEqual(['done', 5000]);
  await clock.sleep(20_000);
  // Nobody is told afterwards.
  expect(given?.aborted).toBe(false);
});

test('work ends with the run, also without a limit that has passed', async () => {
  const clock = virtualClock(0);
  const cancelled = new AbortController();
  const work = inTime({ clock }, 5000, 'It took too long.', cancelled.signal, (until) => clock.sleep(60_000, until));
  cancelled.abort(new Error('the run was cancelled'));
  await expect(work).rejects.toThrow('the run was cancelled');
});
