import { expect, test } from '@jest/globals';
import { begin } from './trial.ts';

test('a swap that nobody has seen ending is told, makes the watchdog red in the end, and is found out about by the phase that is named', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate');
  trial.world.durations.swapRestartSource = 7_200_000;
  const { failure } = await trial.run('complete', { 'swap-timeout': '60' });
  expect(failure?.happened).toMatch(/^Waited 1 min 0 s for Azure to swap/);
  const soon = await trial.run('status');
  expect(soon.failure).toBeUndefined();
  expect(soon.warnings).toEqual([expect.stringMatching(SAID)]);
  await trial.clock.sleep(2_700_000);
  const later = await trial.run('status');
  expect(later.failure).toMatchObject({
    happened: expect.stringMatching(SAID),
    next: 'When no run is at work on it, run "complete" again: it finds out, and carries on.',
  });
  await trial.clock.sleep(7_200_000);
  await trial.through('complete');
  expect((await trial.run('status')).failure).toBeUndefined();
});

const SAID =
  /^No run has found out yet how swap 2 of slot zdd-staging with production ended, which was asked for at .*Z: Azure may still move visitors\./;
