import { expect, test } from '@jest/globals';
import type { InProcessRun } from '../../simulator/in-process/run-in-process.ts';
import { logout } from '../../simulator/model/sql/sessions.ts';
import { stranger } from './stranger.ts';
import { begin, production, type Trial } from './trial.ts';

// Nobody waits on a read-only site longer than `switch-timeout`, whatever it is that takes so long.

const MINUTE = { 'switch-timeout': '60' };

async function ready(): Promise<Trial> {
  const trial = begin();
  await trial.through('clone', 'read-only');
  return trial;
}

/** The first request that stops the live build takes two minutes. */
function slowStop(trial: Trial, meanwhile: () => void = () => undefined): Trial {
  let asked = 0;
  const around: InProcessRun['around'] = (ports) => ({
    ...ports,
    async send(request, signal) {
      if (request.method === 'POST' && /slots\/zdd-readonly\/stop\b/.test(request.url) && asked++ === 0) {
        await ports.clock.sleep(120_000, signal);
        meanwhile();
      }
      return ports.send(request, signal);
    },
  });
  return begin({}, { world: trial.world, clock: trial.clock, around });
}

/** As when Azure moves the databases: every session of ours ends. */
function disconnect({ world, clock }: Trial): void {
  for (const session of Object.values(world.sql.sessions))
    if (/^zdd-action/.test(session.programName)) logout(world, session.sessionId, clock.now());
}

const swaps = ({ lines }: Trial) => lines.filter((line) => /^Swap slot \S+ with production/.test(line)).length;

test.each<[string, (trial: Trial) => Trial]>([
  ['is slow to stop the live build', slowStop],
  ['is, and loses its connections', (trial) => slowStop(trial, () => disconnect(trial))],
])('a switch that %s sends visitors back once, and says why', async (_what, disturbed) => {
  const before = await ready();
  const live = production(before);
  const trial = disturbed(before);
  const { failure } = await trial.run('switch', MINUTE);
  expect(failure?.happened).toBe(
    '"switch" has taken 1 min 0 s (switch-timeout), and the rollback point is not taken yet. So visitors were sent back to the live build.',
  );
  expect(failure?.next).toMatch(/^Nothing was changed\./);
  expect(production(trial)).toEqual(live);
  expect(swaps(trial)).toBe(2);
  await before.through('switch');
});

test('a stranger in the original is waited for no longer than that, whatever drain-seconds says', async () => {
  const trial = await ready();
  stranger(trial, 'shop');
  const begun = trial.clock.now();
  const { failure } = await trial.run('switch', { 'switch-timeout': '240', 'drain-seconds': '900' });
  expect(failure?.happened).toMatch(
    /^Database shop is not quiet after .* So visitors were sent back to the live build\.$/,
  );
  expect(trial.clock.now() - begun).toBeLessThan(500_000);
});

test('it counts from the request to swap, which cannot be called off', async () => {
  const trial = await ready();
  const live = production(trial);
  trial.world.durations.swapWarmUp = 400_000;
  const { failure } = await trial.run('switch', MINUTE);
  expect(failure?.happened).toContain('(switch-timeout)');
  expect(production(trial)).toEqual(live);
});

test('a run that goes on where another one ended has a time of its own', async () => {
  const trial = await ready();
  const ada = stranger(trial, 'shop');
  await trial.run('switch', { 'switch-timeout': '0' });
  ada.leave();
  const { failure } = await slowStop(trial).run('switch', MINUTE);
  expect(failure).toBeUndefined();
  const late = await ready();
  const bob = stranger(late, 'shop');
  await late.run('switch', { 'switch-timeout': '0' });
  const again = await late.run('switch', { ...MINUTE, 'drain-seconds': '900' });
  expect(again.failure?.happened).toMatch(/So visitors were sent back to the live build\.$/);
  bob.leave();
});
