import { expect, test } from '@jest/globals';
import type { InProcessRun } from '../../simulator/in-process/run-in-process.ts';
import { begin, production } from './trial.ts';

const ANSWERS = {
  'a gateway’s 502': 502,
  'an error of Azure’s own': 500,
  'a request that took too long': 408,
} as const;

test.each(Object.entries(ANSWERS))(
  'a swap that is under way although its answer is %s is awaited, and sent once',
  async (_, status) => {
    const ready = begin();
    await ready.through('clone', 'read-only');
    let sent = 0;
    const trial = begin(
      {},
      {
        world: ready.world,
        clock: ready.clock,
        around: (ports) => ({
          ...ports,
          async send(request, signal) {
            if (!/\/slotsswap\b/.test(request.url)) return ports.send(request, signal);
            sent++;
            await ports.send(request, signal);
            const error = { code: 'Trouble', message: 'Azure said nothing about the swap.' };
            const body = new TextEncoder().encode(JSON.stringify({ error }));
            return { status, headers: { 'content-type': 'application/json' }, body };
          },
        }),
      },
    );
    await trial.through('switch');
    expect(sent).toBe(1);
    expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 503 });
  },
);

test.each([
  ['right after it was asked to swap', 0, 60_000],
  ['while it swaps', 30_000, 180_000],
])('Azure that does not answer %s is waited for, and production is watched meanwhile', async (_, from, ms) => {
  const ready = begin();
  await ready.through('clone', 'read-only');
  let posted = Number.POSITIVE_INFINITY;
  const asked: number[] = [];
  const around: InProcessRun['around'] = (ports) => ({
    ...ports,
    async send(request, signal) {
      const since = ports.clock.now() - posted - from;
      if (/\/slotsswap\b/.test(request.url)) posted = ports.clock.now();
      const isAzure = request.url.startsWith('https://management.azure.com/');
      if (!isAzure && request.url.endsWith('/health')) asked.push(since);
      if (!isAzure || since < 0 || since >= ms) return ports.send(request, signal);
      return { status: 503, headers: {}, body: new TextEncoder().encode('{"error":{"code":"ServiceUnavailable"}}') };
    },
  });
  const trial = begin({}, { world: ready.world, clock: ready.clock, around });
  await trial.through('switch');
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 503 });
  expect(asked.filter((since) => since >= 0 && since < ms).length).toBeGreaterThanOrEqual(ms / 1000 - 1);
});
