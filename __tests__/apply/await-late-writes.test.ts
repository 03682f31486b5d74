import { expect, test } from '@jest/globals';
import { awaitLateWrites } from '../../src/apply/await-late-writes.ts';
import { stage } from './scene.ts';

test('what Azure admits a minute late has arrived when the wait is over, and its progress is told', async () => {
  const there = await stage();
  const from = there.clock.now();
  const step = { kind: 'await-late-writes', because: 'a rollback was cut off' } as const;
  expect(await awaitLateWrites(there.scene(), step)).toEqual({ done: [{ kind: 'await-late-writes', subject: '' }] });
  const waited = there.clock.now() - from;
  expect(waited).toBeGreaterThan(60_000);
  expect(waited).toBeLessThan(90_000);
  expect(there.infos.filter((text) => /Still waiting .* may have sent last/.test(text)).length).toBeGreaterThan(0);
  expect(there.sent).toEqual([]);
});

test('it is no longer than that, is told how long it takes, and ends with a run that is cancelled', async () => {
  const there = await stage();
  const from = there.clock.now();
  const step = { kind: 'await-late-writes', because: 'a rollback was cut off' } as const;
  await awaitLateWrites(there.scene(), step);
  expect(there.clock.now() - from).toBe(65_000);
  expect(there.infos.join()).toContain('left as a rule');
  const waiting = awaitLateWrites(there.scene(), step);
  await there.clock.sleep(1000);
  there.cancelled.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
});
