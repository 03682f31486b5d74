import { expect, test } from '@jest/globals';
import { busyWith } from '../../src/azure/conflicts.ts';
import { azureSaid, noAnswer } from '../../src/azure/failure.ts';
import { slotId } from '../../src/azure/sites.ts';
import { names, pollSwap, postSwap } from '../../src/azure/swap.ts';
import { answer, answersInTurn, bench } from './support.ts';

const staging = slotId({ subscriptionId: 's', resourceGroup: 'rg', name: 'web' }, 'staging');
const challenge = 'Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="';

test.each([
  ['503', answer(503, '', { 'retry-after': '1' })],
  ['500', answer(500)],
  ['429', answer(429, '', { 'retry-after': '1' })],
  ['408', answer(408)],
  ['409', answer(409)],
  ['a redirect', answer(307, '', { location: 'https://management.azure.com/elsewhere' })],
  ['a challenge of the token', answer(401, '', { 'www-authenticate': challenge })],
  ['a token that is refused', answer(401)],
  ['a lost connection', new Error('ECONNRESET')],
  ['a timeout', new Error('no answer within 100000 ms')],
])('a swap must go out exactly once, whatever comes back: %s', async (_what, outcome) => {
  const send = answersInTurn(outcome, answer(202), answer(202));
  const { arm } = await bench(send);
  const error: unknown = await postSwap(arm, staging).catch((reason: unknown) => reason);
  expect(send.sent).toHaveLength(1);
  expect(azureSaid(error)).toBeDefined();
  expect(noAnswer(error)).toBe(outcome instanceof Error);
});

test('any other write must answer a challenge of its token', async () => {
  const send = answersInTurn(answer(401, '', { 'www-authenticate': challenge }), answer(200, {}));
  const { arm } = await bench(send);
  await arm.request({ what: 'write it', method: 'PUT', at: '/x', version: '1', body: {} });
  expect(send.sent).toHaveLength(2);
});

test('each look at a swap must follow the newest URL, and no URL may show in the log', async () => {
  const at = (t: number) => `https://management.azure.com${staging}/operationresults/1?api-version=2024-11-01&t=${t}`;
  const send = answersInTurn(
    answer(202, '', { location: at(1) }),
    answer(202, '', { location: at(2) }),
    answer(200, {}),
  );
  const { arm, log } = await bench(send);
  const first = await postSwap(arm, staging);
  const second = await pollSwap(arm, first);
  expect(second).toEqual({ state: 'running', url: at(2) });
  expect(await pollSwap(arm, at(2))).toEqual({ state: 'succeeded' });
  expect(send.sent.map(({ url }) => url).slice(1)).toEqual([at(1), at(2)]);
  expect(log.secrets).toEqual(expect.arrayContaining([at(1), at(2)]));
});

test('a poll URL on another host must not get the token', async () => {
  const send = answersInTurn();
  const { arm } = await bench(send);
  await expect(pollSwap(arm, 'https://elsewhere.example/operationresults/1')).rejects.toThrow('another host');
  expect(send.sent).toEqual([]);
});

test('a failed warm-up must come back as the end of the swap', async () => {
  const message =
    "Cannot swap slots for site 'web' because the worker process for 'staging' slot could not be started.";
  const { arm } = await bench(answersInTurn(answer(400, { Code: 'BadRequest', Message: message })));
  const state = await pollSwap(arm, `${staging}/operationresults/1?api-version=2024-11-01`);
  expect(state).toMatchObject({ state: 'failed', said: { status: 400, code: 'BadRequest', message } });
});

test('only the 409 of another operation must count as busy', () => {
  const said = (message: string) => ({ status: 409, code: 'Conflict', requestId: '', message });
  const swapping =
    'Cannot modify this site because another operation is in progress. Details: Id: 17f5, OperationName: SwapSiteSlots, CreatedTime: 9/6/2024 4:11:07 PM';
  expect(busyWith(said(swapping))).toEqual({ operation: 'SwapSiteSlots', id: '17f5' });
  expect(busyWith(said('Parameter with name X already exists.'))).toBeUndefined();
  expect(busyWith({ ...said(swapping), status: 400 })).toBeUndefined();
});

test('a finished swap must be ours only when it went from our slot into production', () => {
  expect(names({ source: 'staging', destination: 'Production' }, staging)).toBe(true);
  expect(names({ source: 'other', destination: 'Production' }, staging)).toBe(false);
  expect(names({ source: 'staging', destination: 'other' }, staging)).toBe(false);
});
