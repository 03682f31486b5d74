import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import { send } from '../../src/system/http.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** Serves until the test is over; answers with its base URL. */
async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

test('bytes, headers and status must arrive as they are', async () => {
  const base = await serving((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(409, { 'X-Method': request.method, 'X-Asked': request.headers['x-ask'] });
      response.end(Buffer.concat(chunks));
    });
  });
  const body = new Uint8Array([0, 255, 128]);
  const answer = await send({ method: 'PUT', url: base, headers: { 'x-ask': 'a' }, body });
  expect(answer).toMatchObject({ status: 409, headers: { 'x-method': 'PUT', 'x-asked': 'a' }, body });
});

test('a redirect must not be followed', async () => {
  let asked = 0;
  const base = await serving((_request, response) => {
    asked += 1;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  const answer = await send({ method: 'GET', url: base, headers: {} });
  expect(answer).toMatchObject({ status: 302, headers: { location: '/elsewhere' } });
  expect(asked).toBe(1);
});

test.each([
  ['does not end', true, undefined, (sent: ServerResponse) => void sent.write('healthy')],
  ['is larger than wanted', true, undefined, (sent: ServerResponse) => void sent.end('healthy'.padEnd(100_000))],
  ['is compressed', true, 'gzip', (sent: ServerResponse) => void sent.end(gzipSync('healthy'.padEnd(100_000)))],
  ['is short', undefined, undefined, (sent: ServerResponse) => void sent.end('health!')],
  ['is none', undefined, undefined, (sent: ServerResponse) => void sent.end()],
])(
  'of a body that %s, only the beginning is read, and it is said when there is more',
  async (_, isCut, encoding, write) => {
    const base = await serving((_request, response) => {
      response.writeHead(200, encoding === undefined ? {} : { 'content-encoding': encoding });
      write(response);
    });
    const answer = await send({ method: 'GET', url: base, headers: {}, readAtMost: { bytes: 7, ms: 200 } });
    expect([answer.status, answer.isCut]).toEqual([200, isCut]);
    expect(new TextDecoder().decode(answer.body)).toBe(isCut ? 'healthy' : answer.body.length > 0 ? 'health!' : '');
  },
);

test('a request that nobody answers must end at its timeout', async () => {
  const base = await serving(() => undefined);
  await expect(send({ method: 'GET', url: base, headers: {}, timeoutMs: 50 })).rejects.toThrow(
    'no answer within 50 ms',
  );
});

test('a cancelled request must end with the reason of the cancellation', async () => {
  const base = await serving(() => undefined);
  const cancel = new AbortController();
  const asked = send({ method: 'GET', url: base, headers: {} }, cancel.signal);
  cancel.abort(new Error('cancelled'));
  await expect(asked).rejects.toThrow('cancelled');
});

test('a refused connection must say why', async () => {
  const base = await serving(() => undefined);
  for (const stop of stops.splice(0)) stop();
  await expect(send({ method: 'GET', url: base, headers: {} })).rejects.toThrow('ECONNREFUSED');
});

test.each([
  ['as long as wanted', 8, 'healthy!'],
  ['longer than wanted', 7, 'the answer is longer than'],
])('a body that is %s is read whole, or is none', async (_what, mostBytes, told) => {
  const base = await serving((_request, response) => void response.end('healthy!'));
  const answer = send({ method: 'GET', url: base, headers: {}, mostBytes });
  const said = await answer.then(
    ({ body }) => new TextDecoder().decode(body),
    ({ message }: Error) => message,
  );
  expect(said).toContain(told);
});

test('a body without end is given up, also one that is small until it is unpacked', async () => {
  let isOver = false;
  const endless = await serving((_request, response) => {
    const more = () => {
      if (!isOver && !response.destroyed) response.write(Buffer.alloc(1024 ** 2), more);
    };
    more();
  });
  await expect(send({ method: 'GET', url: endless, headers: {} })).rejects.toThrow('the answer is longer than 64 MiB');
  isOver = true;
  const bomb = gzipSync(Buffer.alloc(65 * 1024 ** 2));
  const packed = await serving((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
  });
  await expect(send({ method: 'GET', url: packed, headers: {} })).rejects.toThrow('the answer is longer than 64 MiB');
});
