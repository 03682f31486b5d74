import { randomBytes } from 'node:crypto';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { fileBody } from '../../src/system/file-body.ts';
import { send } from '../../src/system/http.ts';
import { inScratch } from '../../src/system/scratch.ts';

const CONTENT = randomBytes(3_000_000);

test('a file is sent as it is, with its length, and how far it is is told', async () => {
  let told = 0;
  const { received, answer } = await posted((url, body) =>
    send({ method: 'POST', url, headers: {}, body, onProgress: (bytes) => (told = bytes) }),
  );
  expect(answer).toMatchObject({ status: 202, headers: { 'x-length': String(CONTENT.length) } });
  expect(Buffer.concat(received).equals(CONTENT)).toBe(true);
  expect(told).toBe(CONTENT.length);
});

test('a file that somebody writes to meanwhile never arrives whole', async () => {
  for (const change of [
    (file: string) => appendFile(file, 'x'),
    (file: string) => writeFile(file, randomBytes(3_000_000)),
  ]) {
    const { received, failure, ended } = await posted(async (url, body) => {
      await change(body.file);
      return send({ method: 'POST', url, headers: {}, body });
    });
    expect(failure).toMatchObject({ kind: 'refused', happened: expect.stringContaining('has changed') });
    expect(Buffer.concat(received).length).toBeLessThan(CONTENT.length);
    expect(ended).toBe(false);
  }
});

test('who refuses early is heard, although not all was sent', async () => {
  const refusing: RequestListener = (_, response) => void response.writeHead(401).end('who are you?');
  await withServer(refusing, (url) =>
    inScratch(tmpdir(), async (folder) => {
      const file = join(folder, 'large.zip');
      await writeFile(file, Buffer.alloc(30_000_000));
      const answer = await send({ method: 'POST', url, headers: {}, body: await fileBody(file) });
      expect([answer.status, Buffer.from(answer.body).toString()]).toEqual([401, 'who are you?']);
    }),
  );
});

test('an answer becomes a file, decompressed, and its body is empty', async () => {
  for (const [headers, body] of [
    [{}, CONTENT],
    [{ 'content-encoding': 'gzip' }, gzipSync(CONTENT)],
  ] as const) {
    await withServer(
      (_, response) => void response.writeHead(200, headers).end(body),
      (url) =>
        inScratch(tmpdir(), async (folder) => {
          const into = join(folder, 'live.zip');
          const answer = await send({ method: 'GET', url, headers: {}, into, mostBytes: CONTENT.length });
          expect([answer.status, answer.body.length]).toEqual([200, 0]);
          expect((await readFile(into)).equals(CONTENT)).toBe(true);
        }),
    );
  }
});

test('what is refused comes as text and makes no file', async () => {
  await withServer(
    (_, response) => void response.writeHead(404).end('no such file'),
    (url) =>
      inScratch(tmpdir(), async (folder) => {
        const into = join(folder, 'live.zip');
        const answer = await send({ method: 'GET', url, headers: {}, into });
        expect([answer.status, Buffer.from(answer.body).toString()]).toEqual([404, 'no such file']);
        await expect(readFile(into)).rejects.toThrow('ENOENT');
      }),
  );
});

test('an answer that is cut off or too long is none', async () => {
  const cut: RequestListener = (_, response) => {
    response.writeHead(200, { 'content-length': CONTENT.length });
    response.write(CONTENT.subarray(0, 1_000_000), () => response.destroy());
  };
  const long: RequestListener = (_, response) => void response.end(CONTENT);
  for (const [listener, mostBytes, said] of [
    [cut, CONTENT.length, /aborted|ECONNRESET|Premature/i],
    [long, CONTENT.length - 1, /longer than/],
  ] as const) {
    await withServer(listener, (url) =>
      inScratch(tmpdir(), async (folder) => {
        const asked = send({ method: 'GET', url, headers: {}, into: join(folder, 'live.zip'), mostBytes });
        await expect(asked).rejects.toThrow(said);
      }),
    );
  }
});

test('it ends when the run is cancelled or the time is up', async () => {
  const hanging: RequestListener = (_, response) => {
    response.writeHead(200);
    response.write('PK');
  };
  await withServer(hanging, (url) =>
    inScratch(tmpdir(), async (folder) => {
      const into = join(folder, 'live.zip');
      const asked = { method: 'GET', url, headers: {}, into } as const;
      await expect(send({ ...asked, timeoutMs: 50 })).rejects.toThrow('no answer within 50 ms');
      const why = new Error('The run was cancelled.');
      await expect(send(asked, AbortSignal.abort(why))).rejects.toThrow(why);
    }),
  );
});

/** What a server gets of {@link CONTENT} in a file, and how the request ends. */
async function posted(ask: (url: string, body: Awaited<ReturnType<typeof fileBody>>) => ReturnType<typeof send>) {
  const received: Buffer[] = [];
  let ended = false;
  const listener: RequestListener = (request, response) => {
    request.on('data', (chunk: Buffer) => received.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      ended = true;
      response.writeHead(202, { 'x-length': request.headers['content-length'] }).end();
    });
  };
  return withServer(listener, (url) =>
    inScratch(tmpdir(), async (folder) => {
      const file = join(folder, 'new.zip');
      await writeFile(file, CONTENT);
      const body = await fileBody(file);
      const [settled] = await Promise.allSettled([ask(url, body)]);
      return {
        received,
        ended,
        answer: settled?.status === 'fulfilled' ? settled.value : undefined,
        failure: settled?.status === 'rejected' ? settled.reason : undefined,
      };
    }),
  );
}

async function withServer<T>(listener: RequestListener, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await work(`http://127.0.0.1:${port}/api/publish`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
