import { expect, test } from '@jest/globals';
import { azureSaid, noAnswer } from '../../src/azure/failure.ts';
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
