import { describe, expect, test } from '@jest/globals';
import type { Arm } from '../../src/azure/arm.ts';
import { getDatabase } from '../../src/azure/databases.ts';
import { azureSaid, noAnswer } from '../../src/azure/failure.ts';
import { getSite, stopSite } from '../../src/azure/sites.ts';
import { answer, answersInTurn, bench } from './support.ts';

const read = { what: 'read it', method: 'GET', at: '/x', version: '1' } as const;
const write = { what: 'write it', method: 'PUT', at: '/x', version: '1', body: {} } as const;

test('a read must be repeated after 503, 429 and a lost connection', async () => {
  const send = answersInTurn(answer(503), new Error('ECONNRESET'), answer(429), answer(200, { fine: true }));
  const { arm, clock } = await bench(send);
  expect((await arm.request(read)).json()).toEqual({ fine: true });
  expect(clock.slept).toEqual([1000, 2000, 4000]);
});

test('Retry-After must be obeyed, in seconds and as a date', async () => {
  const inTenSeconds = new Date(Date.UTC(2026, 0, 1, 0, 0, 17)).toUTCString();
  const send = answersInTurn(
    answer(429, '', { 'retry-after': '7' }),
    answer(503, '', { 'retry-after': inTenSeconds }),
    answer(200, {}),
  );
  const { arm, clock } = await bench(send);
  await arm.request(read);
  expect(clock.slept).toEqual([7000, 10_000]);
});

test('who is told again and again to come soon must wait longer each time', async () => {
  const soon = () => answer(429, '', { 'retry-after': '1' });
  const { arm, clock } = await bench(answersInTurn(soon(), soon(), soon(), soon(), answer(200, {})));
  await arm.request(read);
  expect(clock.slept).toEqual([1000, 2000, 4000, 8000]);
});

test('a write must be repeated after 429 only', async () => {
  const throttled = answersInTurn(answer(429, '', { 'retry-after': '3' }), answer(200, {}));
  await (await bench(throttled)).arm.request(write);
  expect(throttled.sent).toHaveLength(2);

  const failing = answersInTurn(answer(503));
  await expect((await bench(failing)).arm.request(write)).rejects.toThrow('Azure answered 503');
  expect(failing.sent).toHaveLength(1);

  const lost = answersInTurn(new Error('ECONNRESET'));
  const error: unknown = await (await bench(lost)).arm.request(write).catch((reason: unknown) => reason);
  expect(noAnswer(error)).toBe(true);
  expect(lost.sent).toHaveLength(1);
});

test('repeating must end, with what Azure said last', async () => {
  const send = answersInTurn(
    ...Array.from({ length: 6 }, () => answer(500, { error: { code: 'Boom', message: 'No.' } })),
  );
  const { arm } = await bench(send);
  const error: unknown = await arm.request(read).catch((reason: unknown) => reason);
  expect(azureSaid(error)).toMatchObject({ status: 500, code: 'Boom', message: 'No.' });
  expect(send.sent).toHaveLength(6);
});

test('a refusal must not be repeated', async () => {
  const send = answersInTurn(answer(403, { error: { code: 'AuthorizationFailed', message: 'You may not.' } }));
  const { arm } = await bench(send);
  await expect(arm.request(read)).rejects.toThrow(
    'Could not read it: Azure answered 403 AuthorizationFailed: You may not. Give the identity the missing permission',
  );
});

test('what nobody waits for any more must not be sent again', async () => {
  const over = new AbortController();
  const send = answersInTurn(answer(429, '', { 'retry-after': '17' }));
  const { arm } = await bench(async (request) => {
    over.abort(new Error('Nobody waits for it.'));
    return send(request);
  });
  await expect(arm.request({ ...write, until: over.signal })).rejects.toThrow('Nobody waits for it.');
  expect(send.sent).toHaveLength(1);
});

const site = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/web';
const server = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/sql';

/** Operations of the management clients, which read the body of an error and find none, or one that they do not expect. */
const operations: [string, (arm: Arm) => Promise<unknown>][] = [
  ['a read of a site', (arm) => getSite(arm, site)],
  ['a write to a site', (arm) => stopSite(arm, site)],
  ['a read of a database', (arm) => getDatabase(arm, server, 'shop')],
];

describe.each(operations)('%s that is answered', (_what, call) => {
  test.each(['', 'null', '{"error":{"details":"none"}}'])('403 with %j must end with that, at once', async (body) => {
    const send = answersInTurn(answer(403, body, { 'content-type': 'application/json' }));
    const error: unknown = await call((await bench(send)).arm).catch((reason: unknown) => reason);
    expect([azureSaid(error)?.status, send.sent.length]).toEqual([403, 1]);
    expect(String(error)).toContain('Give the identity the missing permission');
  });

  test('401 without a body twice must end with that', async () => {
    const send = answersInTurn(answer(401), answer(401));
    const error: unknown = await call((await bench(send)).arm).catch((reason: unknown) => reason);
    expect([azureSaid(error)?.status, send.sent.length]).toEqual([401, 2]);
  });

  test('429 without a body must come again when it was told to', async () => {
    const { arm, clock } = await bench(answersInTurn(answer(429, '', { 'retry-after': '300' }), answer(403)));
    await call(arm).catch(() => undefined);
    expect(clock.slept).toEqual([300_000]);
  });
});

test('what is missing must be missing also where the answer has no body', async () => {
  const { arm } = await bench(answersInTurn(answer(404), answer(404)));
  expect([await getSite(arm, site), await getDatabase(arm, server, 'shop')]).toEqual([null, null]);
});

test.each([new Error('ECONNRESET'), new TypeError('fetch failed')])(
  'a connection that is lost (%s) after a refused token must not be taken for the refusal',
  async (lost) => {
    const send = answersInTurn(answer(401), lost);
    const error: unknown = await stopSite((await bench(send)).arm, site).catch((reason: unknown) => reason);
    expect([noAnswer(error), send.sent.length]).toEqual([true, 2]);
  },
);

test('a pause must be told as long as it is, and nobody waits for hours', async () => {
  const told = ['300', '86400'].map((pause) => answer(429, '', { 'retry-after': pause }));
  const { arm, clock, log } = await bench(answersInTurn(...told, answer(200, {})));
  const infos: string[] = [];
  log.info = (sentence) => void infos.push(sentence);
  await arm.request(read);
  expect(clock.slept).toEqual([300_000, 900_000]);
  expect(infos.map((sentence) => sentence.slice(29))).toEqual(['again in 5 min 0 s.', 'again in 15 min 0 s.']);
});
