import { expect, test } from '@jest/globals';
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
