import { expect, test } from '@jest/globals';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import { begin, production, type Trial } from './trial.ts';

const LOSSY = { 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true' };

/** An infrastructure template writes production's settings without what it does not know. */
function forgetMarker({ world }: Trial): void {
  const { occupant } = slotOf(world, 'web', 'production');
  const { ZDD_INSTANCE: _, ...rest } = occupant.settings;
  occupant.settings = rest;
}

async function completed(): Promise<Trial> {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate', 'complete');
  forgetMarker(trial);
  return trial;
}

/** What the advice says, as somebody would type it. */
function writeBack({ world }: Trial, advice: string): void {
  const [, value = ''] = /--settings ZDD_INSTANCE=(\S+)\./.exec(advice) ?? [];
  const { occupant } = slotOf(world, 'web', 'production');
  occupant.settings = { ...occupant.settings, ZDD_INSTANCE: value };
}

test('after "complete" production without its marker is still the new build, and it is said how to bring it back', async () => {
  const trial = await completed();
  const { headline, failure, result } = await trial.run('status', { 'deployment-id': 'open' });
  expect(headline).not.toContain('live build');
  expect(result?.state).toBe('drifted');
  expect(failure?.happened).toMatch(/^Somebody has written settings over those of the new build in production/);
  const refused = await trial.run('rollback', LOSSY);
  expect(refused.failure?.happened).toBe(failure?.happened);
  writeBack(trial, refused.failure?.next ?? '');
  await trial.through(['rollback', LOSSY], 'validate', 'complete', 'cleanup');
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

test('who is content with it ends the deployment', async () => {
  const trial = await completed();
  await trial.through('cleanup');
  expect(production(trial)).toEqual({ version: '2', reads: 200, writes: 201 });
});

test('a swap by hand after "complete" is no lost marker', async () => {
  const trial = await completed();
  const slot = slotOf(trial.world, 'web', 'production');
  if (slot.slotSwapStatus) slot.slotSwapStatus = { ...slot.slotSwapStatus, timestampUtc: trial.clock.now() };
  const { failure } = await trial.run('status', { 'deployment-id': 'open' });
  expect(failure?.happened ?? '').not.toContain('written settings');
});
