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
