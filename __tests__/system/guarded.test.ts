import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isPublicAddress } from '../../src/settings/public-address.ts';
import { guarded } from '../../src/system/guarded.ts';
import { send } from '../../src/system/http.ts';

let connections = 0;
let last: { request: IncomingMessage; body: string } | undefined;
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    last = { request, body };
    response.writeHead(202, { 'x-seen': 'yes' });
    response.write('a body that never ends');
  });
}).on('connection', () => connections++);
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const never = new AbortController().signal;
const post = (url: string) => ({ method: 'POST' as const, url, headers: { 'x-a': 'b' }, body: '{"ü":1}' });

test.each(['localhost', '127.0.0.1', '127.1', '[::1]', '[::ffff:127.0.0.1]'])(
  'no connection is made to %s, although somebody listens there',
  async (host) => {
    connections = 0;
    const request = { ...post(`http://${host}:${port}/`), publicOnly: true as const, timeoutMs: 5000 };
    await expect(send(request)).rejects.toThrow('leads to this machine or to a private network, which is refused');
    expect(connections).toBe(0);
  },
);

test('what is allowed is sent whole, and of the answer the body is not waited for', async () => {
  const answer = await guarded(post(`http://localhost:${port}/zdd`), never, () => true);
  expect(answer).toMatchObject({ status: 202, headers: { 'x-seen': 'yes' } });
  expect(answer.body).toHaveLength(0);
  expect(last).toMatchObject({ request: { method: 'POST', url: '/zdd', headers: { 'x-a': 'b' } }, body: '{"ü":1}' });
});

test('a name that leads to several addresses is refused when one of them is', async () => {
  const asked: string[] = [];
  const refusing = guarded(post(`http://localhost:${port}/`), never, (address) => {
    asked.push(address);
    return address !== '127.0.0.1';
  });
  await expect(refusing).rejects.toThrow('which is refused');
  expect(asked).toContain('127.0.0.1');
});

test.each([
  ['8.8.8.8', true],
  ['172.15.255.255', true],
  ['172.16.0.1', false],
  ['100.64.0.1', false],
  ['255.255.255.255', false],
  ['2606:4700::1111', true],
  ['fe80::1', false],
  ['64:ff9b::7f00:1', false],
])('%s is on the internet: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});
