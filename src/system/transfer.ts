import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request as plainly } from 'node:http';
import { request as safely } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { HttpRequest, HttpResponse } from '../ports.ts';
import { checkedChunks, isFileBody } from './file-body.ts';

/** Of an answer that is no file, such as a refusal. */
const MOST_BYTES = 1024 ** 2;

/**
 * Sends a request whose body is a file, or whose answer becomes one. Nothing of either is kept in memory: `fetch` has no way to
 * send a file that waits for the network, and reads ahead. Rejects when no answer came, or not all of it.
 */
export async function transfer(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
  const { url, method, headers, body } = request;
  const length = isFileBody(body) ? body.size : Buffer.byteLength(body ?? '');
  const sending = (url.startsWith('http:') ? plainly : safely)(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-length': length }) },
    signal,
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sending.once('response', resolve);
    sending.once('error', reject);
  });
  // What is refused may be answered before all of it is sent.
  const sent = pipeline(told(bodyOf(body), request.onProgress), sending, { signal });
  const answer = await Promise.race([answered, sent.then(() => answered)]);
  const whole = await received(request, answer, signal);
  if (isFine(answer.statusCode)) await sent;
  else {
    sent.catch(() => undefined);
    sending.destroy();
  }
  return { status: answer.statusCode ?? 0, headers: headersOf(answer), body: whole };
}

function bodyOf(body: HttpRequest['body']): Readable {
  if (isFileBody(body)) return Readable.from(checkedChunks(body));
  return Readable.from(body === undefined ? [] : [body]);
}

async function received(request: HttpRequest, answer: IncomingMessage, signal: AbortSignal): Promise<Uint8Array> {
  const { into, mostBytes = MOST_BYTES, onProgress } = request;
  const plain = answer.headers['content-encoding'] === 'gzip' ? answer.pipe(createGunzip()) : answer;
  if (into !== undefined && isFine(answer.statusCode)) {
    await pipeline(told(plain, onProgress, mostBytes), createWriteStream(into), { signal });
    return new Uint8Array();
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of told(plain, undefined, MOST_BYTES)) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

/** Passes chunks on and tells how much they are by now. Throws when they are more than allowed. */
async function* told(
  source: AsyncIterable<Uint8Array>,
  onProgress: HttpRequest['onProgress'],
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > most) throw new Error(`the answer is longer than ${most / 1024 ** 2} MiB`);
    onProgress?.(bytes);
    yield chunk;
  }
}

function isFine(status = 0): boolean {
  return status >= 200 && status < 300;
}

function headersOf({ headers }: IncomingMessage): HttpResponse['headers'] {
  const texts = Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')] as const);
  return Object.fromEntries(texts);
}
