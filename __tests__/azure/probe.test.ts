import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { probe } from '../../src/azure/probe.ts';
import type { HttpRequest } from '../../src/ports.ts';
import { realClock } from '../../src/system/clock.ts';
import { send } from '../../src/system/http.ts';

const MEBIBYTE = 1024 * 1024;
const app = createServer((request, response) => {
  if (request.url === '/large') response.end('x'.repeat(3 * MEBIBYTE));
  else response.end('well');
});
beforeAll(() => new Promise<void>((done) => app.listen(0, '127.0.0.1', done)));
afterAll(() => void app.close());
const at = (path: string) => `http://127.0.0.1:${(app.address() as AddressInfo).port}${path}`;

test('of a large page only the beginning is read: an app may stream events, or hand out files', async () => {
  const large = await probe(send, realClock(1, 'public'), { url: at('/large') });
  if ('error' in large) throw new Error(large.error);
  expect([large.status, large.isCut]).toEqual([200, true]);
  expect(large.text.length).toBeLessThan(3 * MEBIBYTE);
  expect(await probe(send, realClock(1, 'public'), { url: at('/') })).not.toHaveProperty('isCut');
});

test('every probe says how much of an answer is enough, and how long its body may take', async () => {
  const sent: HttpRequest[] = [];
  const heard: typeof send = async (request) => {
    sent.push(request);
    return { status: 200, headers: {}, body: new Uint8Array() };
  };
  await probe(heard, realClock(1, 'public'), { url: at('/') });
  await probe(heard, realClock(1, 'public'), { url: at('/'), method: 'POST', body: 'x', timeoutMs: 1000 });
  const enough = { bytes: MEBIBYTE, ms: 2000 };
  expect(sent.map(({ readAtMost }) => readAtMost)).toEqual([enough, enough]);
});
