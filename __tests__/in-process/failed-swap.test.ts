import { expect, test } from '@jest/globals';
import type { InProcessRun } from '../../simulator/in-process/run-in-process.ts';
import { setSchema } from '../../simulator/model/sql/rows.ts';
import type { World } from '../../simulator/model/world.ts';
import type { HttpResponse, Ports } from '../../src/ports.ts';
import { begin, databases, production, type Trial } from './trial.ts';

const COPY = { version: '1', reads: 200, writes: 503 };
const NEW = { version: '2', reads: 200, writes: 201 };

const REFUSED: HttpResponse = {
  status: 400,
  headers: {},
  body: new TextEncoder().encode(
    JSON.stringify({ error: { code: 'BadRequest', message: 'Cannot swap: slot zdd-staging is not running.' } }),
  ),
};

/** The same world, in which Azure answers the request for a swap in another way. */
function withSwaps(
  { world, clock }: Trial,
  answer: (carry: () => Promise<HttpResponse>) => Promise<HttpResponse>,
): Trial {
  const around = (ports: Ports): Ports => ({
    ...ports,
    async send(request, signal) {
      const carry = () => ports.send(request, signal);
      return /slotsswap\?/.test(request.url) ? answer(carry) : carry();
    },
  });
  return begin({}, { world, clock, around });
}

/** Azure refuses it at once. */
const refused = async () => REFUSED;

/** Azure accepts it and gives it up: the new instance does not come up. */
const givenUp =
  ({ web }: World) =>
  async (carry: () => Promise<HttpResponse>) => {
    const answer = await carry();
    for (const swap of Object.values(web.swaps)) swap.sourceExited = true;
    return answer;
  };

async function validated(): Promise<Trial> {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate');
  return trial;
}

test.each([
  ['refuses', 'Cannot swap: slot zdd-staging is not running.', () => refused],
  ['gives up', 'worker process', givenUp],
] as const)(
  'a swap that Azure %s leaves visitors and verdict as they were, and why is said',
  async (_how, words, swaps) => {
    const trial = await validated();
    const { failure } = await withSwaps(trial, swaps(trial.world)).run('complete');
    expect(failure?.happened).toContain(words);
    expect(failure?.azure?.message).toContain(words);
    expect(production(trial)).toEqual(COPY);
    await trial.through('complete');
    expect(production(trial)).toEqual(NEW);
  },
);

test('why Azure refused is said although the verdict does not hold any more', async () => {
  const trial = await validated();
  const failing = withSwaps(trial, async () => {
    const shop = databases(trial).find(({ name }) => name === 'shop');
    setSchema(trial.world, shop?.contentId ?? '', '2.1', trial.clock.now());
    return REFUSED;
  });
  const { failure } = await failing.run('complete');
  expect(failure?.azure?.message).toBe('Cannot swap: slot zdd-staging is not running.');
  const again = await trial.run('complete');
  expect(again.failure?.happened).toContain('there has been a change of the schema version');
});

test.each([
  ['throttled is sent anew, after another proof', 429, { code: 'TooManyRequests', message: 'Slow down.' }, 2],
  [
    'refused for a token that has ended is sent anew',
    401,
    { code: 'ExpiredAuthenticationToken', message: 'It ended.' },
    2,
  ],
  ['answered 503 before it came to Azure is sent anew', 503, { code: 'ServiceUnavailable', message: 'Later.' }, 2],
  [
    'kept waiting by another operation is sent anew',
    409,
    { code: 'Conflict', message: 'Cannot modify this site because another operation is in progress. Details: Id: 1' },
    2,
  ],
  [
    'answered 500 each time is sent twice, and says what Azure said',
    500,
    { code: 'InternalServerError', message: 'The mount is a slot setting.' },
    2,
    true,
  ],
])('a swap that is %s', async (_what, status, error, posts, always = false) => {
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
          if (!/\/slotsswap\b/.test(request.url) || (++sent > 1 && !always)) return ports.send(request, signal);
          const headers = { 'content-type': 'application/json', 'retry-after': '17' };
          return { status, headers, body: new TextEncoder().encode(JSON.stringify({ error })) };
        },
      }),
    },
  );
  const { failure } = await trial.run('switch');
  expect(sent).toBe(posts);
  if (always) expect(failure?.happened).toBe('Azure ended the swap without swapping: The mount is a slot setting.');
  else expect(failure).toBeUndefined();
});

test('a swap of which Azure says that another operation is in progress goes on: it is that operation', async () => {
  const ready = begin();
  await ready.through('clone', 'read-only');
  let asked = 0;
  const said =
    'Cannot modify this site because another operation is in progress. Details: Id: 1, OperationName: SwapSiteSlots';
  const around: InProcessRun['around'] = (ports) => ({
    ...ports,
    async send(request, signal) {
      if (!/operationresults/.test(request.url) || ++asked > 1) return ports.send(request, signal);
      const body = new TextEncoder().encode(JSON.stringify({ error: { code: 'Conflict', message: said } }));
      return { status: 409, headers: { 'content-type': 'application/json' }, body };
    },
  });
  const { failure } = await begin({}, { world: ready.world, clock: ready.clock, around }).run('switch');
  expect(asked).toBeGreaterThan(1);
  expect(failure).toBeUndefined();
  expect(production(ready)).toEqual(COPY);
});

test('what was seen before the write that proves the swap over does not decide it', async () => {
  const ready = begin();
  await ready.through('clone', 'read-only');
  const at: { wrote?: number; closed?: number } = {};
  const trial = begin(
    {},
    {
      world: ready.world,
      clock: ready.clock,
      around: (ports) => ({
        ...ports,
        async send(request, signal) {
          if (/\/slotsswap\b/.test(request.url)) throw new Error('read ECONNRESET');
          const answer = await ports.send(request, signal);
          if (
            at.closed === undefined &&
            request.method === 'PATCH' &&
            /slots\/zdd-readonly\/config\/web/.test(request.url)
          )
            at.wrote = ports.clock.now();
          if (request.method === 'PATCH' && /"zdd-settled-swaps":"1"/.test(String(request.body)))
            at.closed ??= ports.clock.now();
          return answer;
        },
      }),
    },
  );
  const { failure } = await trial.run('switch');
  expect(failure?.happened).toContain('Azure ended the swap without swapping');
  expect((at.closed ?? 0) - (at.wrote ?? 0)).toBeGreaterThan(10_000);
});
