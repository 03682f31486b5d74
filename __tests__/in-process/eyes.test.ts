import { expect, test } from '@jest/globals';
import type { InProcessRun } from '../../simulator/in-process/run-in-process.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import { addNeighbour } from '../../simulator/model/web/neighbour.ts';
import { begin, type Trial } from './trial.ts';
import { open } from './zoo.ts';

/** When production was asked, and when Azure was asked to swap; seconds of virtual time. */
function watched(before: Trial): { trial: Trial; asked: number[]; swaps: number[] } {
  const asked: number[] = [];
  const swaps: number[] = [];
  const around: InProcessRun['around'] = (ports) => ({
    ...ports,
    send(request, signal) {
      const at = ports.clock.now() / 1000;
      // Eyes come over fresh connections; the report for reviewers asks the same path once more.
      const isFresh = request.headers?.connection === 'close';
      if (isFresh && /^https:\/\/web\.azurewebsites\.net\/health/.test(request.url)) asked.push(at);
      if (/\/slotsswap\b/.test(request.url)) swaps.push(at);
      return ports.send(request, signal);
    },
  });
  return { trial: begin({}, { world: before.world, clock: before.clock, around }), asked, swaps };
}

test.each([
  ['switch', ['clone', 'read-only']],
  ['deploy', ['clone', 'read-only', 'switch']],
  ['validate', ['clone', 'read-only', 'switch', 'deploy']],
  ['complete', ['clone', 'read-only', 'switch', 'deploy', 'validate']],
])(
  'production is asked from before the first change of %s to its end, never less than every two seconds',
  async (phase, before) => {
    const ready = begin();
    await ready.through(...before);
    const { trial, asked, swaps } = watched(ready);
    const { failure, sight } = await trial.run(phase);
    expect(failure).toBeUndefined();
    const gaps = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
    expect(Math.max(0, ...gaps)).toBeLessThan(2);
    expect(asked.length).toBeGreaterThan(0);
    for (const swap of swaps) {
      expect(asked[0]).toBeLessThan(swap);
      expect(asked.at(-1)).toBeGreaterThan(swap + 30);
    }
    // The last one may be under way when the phase ends.
    expect(asked.length - (sight?.asked ?? 0)).toBeLessThanOrEqual(1);
    expect(sight).toMatchObject({ failed: 0, longestGapMs: 0, unhealthy: undefined });
    expect(sight?.stretches.map(({ stretch }) => stretch)).toEqual(
      swaps.length > 0 ? ['before', 'through', 'after'] : ['before'],
    );
  },
);

/** Production answers 503 for ever. */
function isDown(trial: Trial): void {
  slotOf(trial.world, 'web', 'production').unavailableUntil = Number.MAX_SAFE_INTEGER;
}

test('a production that is down makes the watchdog red, whatever the window, and says so first', async () => {
  const trial = begin();
  isDown(trial);
  const { failure, headline } = await trial.run('status', { 'max-read-only-minutes': '60', 'deployment-id': 'open' });
  expect(failure).toMatchObject({
    kind: 'failed',
    happened: 'Production is not healthy: GET /health answered 503.',
    next: expect.stringContaining('az webapp log tail --resource-group rg --name web'),
  });
  expect(headline).toMatch(/^🔴 Production is NOT healthy \(GET \/health answered 503\)/);
});

test('what one app that moves along answers is asked and told as of the first, by every phase that asks', async () => {
  const trial = open({
    arrange({ world }) {
      addNeighbour(world, { name: 'admin', build: { name: 'admin', version: '7' } }, EPOCH);
    },
  });
  const given = { 'other-apps': 'admin = read-only', 'deployment-id': 'open' };
  for (const phase of ['clone', 'read-only', 'switch'])
    await trial.through([phase, { 'other-apps': 'admin = read-only' }]);
  const well = await trial.run('status', given);
  expect([well.failure, well.sight?.asked]).toEqual([undefined, 2]);
  slotOf(trial.world, 'admin', 'production').unavailableUntil = Number.MAX_SAFE_INTEGER;
  const { failure, headline } = await trial.run('status', given);
  expect(failure).toMatchObject({
    happened: 'Production is not healthy: GET /health of rg/admin answered 503.',
    next: expect.stringContaining('az webapp log tail --resource-group rg --name admin'),
  });
  expect(headline).toMatch(/^🔴 Production is NOT healthy \(GET \/health of rg\/admin answered 503\)/);
  for (const phase of ['deploy', 'validate']) {
    const { warnings, headline: told, result, sight } = await trial.run(phase, { 'other-apps': 'admin = read-only' });
    expect(told).toMatch(/^🔴 Production is NOT healthy \(GET \/health of rg\/admin/);
    expect(warnings).toContain('Production is not healthy: GET /health of rg/admin answered 503.');
    expect(result?.failedProbes).toBeGreaterThan(0);
    expect(result?.longestGapMs).toBe(sight?.longestGapMs);
  }
});

test('a path that hangs does not keep production from being asked once a second on the others', async () => {
  const ready = begin();
  await ready.through('clone', 'read-only');
  const asked: number[] = [];
  const around: InProcessRun['around'] = (ports) => ({
    ...ports,
    async send(request, signal) {
      if (request.headers?.connection !== 'close') return ports.send(request, signal);
      const path = new URL(request.url).pathname;
      if (path === '/health') asked.push(ports.clock.now());
      await ports.clock.sleep(path === '/slow' ? 6000 : 0, signal);
      return path === '/slow' ? { status: 200, headers: {}, body: new Uint8Array() } : ports.send(request, signal);
    },
  });
  const trial = begin({}, { world: ready.world, clock: ready.clock, around });
  const { failure } = await trial.run('switch', { 'smoke-paths': '/slow' });
  expect(failure).toBeUndefined();
  expect(Math.max(...asked.slice(1).map((at, index) => at - (asked[index] ?? 0)))).toBeLessThan(2000);
});

test.each([
  [12_000, true],
  [40_000, false],
])('a production that hangs for %d ms in the soak is taken for restarting: %s', async (ms, isGreen) => {
  const ready = begin();
  await ready.through('clone', 'read-only', 'switch', 'deploy', 'validate');
  let posted = Number.POSITIVE_INFINITY;
  const around: InProcessRun['around'] = (ports) => ({
    ...ports,
    async send(request, signal) {
      if (/\/slotsswap\b/.test(request.url)) posted = Math.min(posted, ports.clock.now());
      const since = ports.clock.now() - posted - 200_000;
      if (since < 0 || since > ms || !request.url.startsWith('https://web.azurewebsites.net/'))
        return ports.send(request, signal);
      await ports.clock.sleep(request.timeoutMs ?? 0, signal);
      throw new Error('no answer');
    },
  });
  const trial = begin({}, { world: ready.world, clock: ready.clock, around });
  const { failure, sight } = await trial.run('complete');
  expect(sight?.failed).toBeGreaterThan(3);
  expect(failure === undefined).toBe(isGreen);
  if (!isGreen) expect(failure?.happened).toMatch(/became unhealthy during the soak \(GET \/health got no answer/);
});

test.each(['deploy', 'validate'])(
  'a production that is down does not keep %s from its work, and is told',
  async (phase) => {
    const trial = begin();
    await trial.through('clone', 'read-only', 'switch', ...(phase === 'validate' ? ['deploy'] : []));
    isDown(trial);
    const began = trial.clock.now();
    const { failure, headline, warnings, result } = await trial.run(phase);
    const seconds = (trial.clock.now() - began) / 1000;
    expect(failure).toBeUndefined();
    expect(headline).toMatch(/^🔴 Production is NOT healthy/);
    expect(warnings).toContain('Production is not healthy: GET /health answered 503.');
    // Once a second from the first look to the end; a second of it passes before the eyes are open.
    expect(result?.failedProbes).toBeGreaterThanOrEqual(Math.max(1, Math.floor(seconds) - 2));
  },
);

test('what Azure surprises visitors with after a swap is told in figures', async () => {
  const trial = begin({ variants: { '503-after-swap': true } });
  await trial.through('clone', 'read-only');
  const { failure, sight, result, warnings } = await trial.run('switch');
  expect(failure).toBeUndefined();
  expect(sight?.failed).toBeGreaterThan(5);
  expect(sight?.longestGapMs).toBeGreaterThan(10_000);
  expect(sight?.outages).toBe(1);
  expect(result).toMatchObject({ failedProbes: sight?.failed, longestGapMs: sight?.longestGapMs });
  expect(warnings.join(' ')).toMatch(/\d+ of \d+ requests to production failed/);
});

test.each([{}, { swapRestartSource: 500, appStart: 500, swapWarmUp: 500, swapSwitch: 500, swapRestartTarget: 500 }])(
  'nothing is stopped while front ends still send visitors to it: %j',
  async (durations) => {
    const trial = begin({ variants: { 'routes-linger': true }, durations });
    await trial.through('clone', 'read-only');
    const switched = await trial.run('switch');
    await trial.through('deploy', 'validate');
    const completed = await trial.run('complete', { 'soak-seconds': '0' });
    const back = await trial.run('rollback', { 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true' });
    for (const { failure, sight } of [switched, completed, back]) {
      expect(failure).toBeUndefined();
      expect(sight).toMatchObject({ failed: 0 });
    }
  },
);

test('an instance that fails every other request is never proven', async () => {
  const ready = begin();
  await ready.through('clone', 'read-only', 'switch');
  let asked = 0;
  const around: InProcessRun['around'] = (ports) => ({
    ...ports,
    async send(request, signal) {
      const answer = await ports.send(request, signal);
      const isTurn = /web-zdd-staging\.azurewebsites\.net\/health/.test(request.url) && asked++ % 2 === 0;
      return isTurn ? { ...answer, status: 500 } : answer;
    },
  });
  const trial = begin({}, { world: ready.world, clock: ready.clock, around });
  const { failure } = await trial.run('deploy', { 'health-timeout': '60' });
  expect(asked).toBeGreaterThan(10);
  expect(failure?.happened).toMatch(/Waited 1 min 0 s for slot zdd-staging to be healthy; last seen: /);
});
