import { Stop } from '../errors.ts';
import type { HttpRequest, HttpResponse, Send } from '../ports.ts';
import { isFileBody } from './file-body.ts';
import { guarded } from './guarded.ts';
import { transfer } from './transfer.ts';

/** Used when a request names none: no request may hang for ever. Milliseconds. */
const LONGEST_MS = 900_000;

/** No list of Azure and no page is longer; packages and files say so. */
const MOST_BYTES = 64 * 1024 ** 2;

/**
 * Sends one request: no retry, no redirect followed, no cookie kept. The timeout runs in real time whatever the clock's rate:
 * processes and networks are not sped up with the simulated Azure.
 */
export const send: Send = async (request, signal) => {
  const timeout = AbortSignal.timeout(request.timeoutMs ?? LONGEST_MS);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  try {
    if (request.publicOnly) return await guarded(request, either);
    if (request.into !== undefined || isFileBody(request.body)) return await transfer(request, either);
    const response = await fetch(request.url, {
      method: request.method,
      headers: { ...request.headers },
      redirect: 'manual',
      signal: either,
      ...(request.body === undefined ? {} : { body: bodyOf(request.body) }),
    });
    return {
      status: response.status,
      headers: headersOf(response),
      ...(request.readAtMost
        ? await beginningOf(response, request.readAtMost)
        : { body: await wholeOf(response, request.mostBytes ?? MOST_BYTES) }),
    };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Stop) throw error;
    if (timeout.aborted) throw new Error(`no answer within ${request.timeoutMs ?? LONGEST_MS} ms`, { cause: error });
    throw new Error(reason(error), { cause: error });
  }
};

/** All of the body, decompressed. Rejects when there is more, and reads no further. */
async function wholeOf({ body }: Response, most: number): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > most) throw new Error(`the answer is longer than ${most / 1024 ** 2} MiB`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** What has come of the body when enough of it is there, or enough time has passed; the rest is not waited for. */
async function beginningOf(
  { body }: Response,
  { bytes, ms }: NonNullable<HttpRequest['readAtMost']>,
): Promise<Pick<HttpResponse, 'body' | 'isCut'>> {
  if (body === null) return { body: new Uint8Array() };
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let timer: NodeJS.Timeout | undefined;
  let isWhole = false;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    // Only a byte more than is wanted tells that there is more.
    while (size <= bytes) {
      const came = await Promise.race([reader.read(), late]);
      isWhole = came?.done === true;
      if (came === undefined || came.done) break;
      chunks.push(came.value);
      size += came.value.length;
    }
  } finally {
    clearTimeout(timer);
    await reader.cancel().catch(() => undefined);
  }
  const beginning = new Uint8Array(Buffer.concat(chunks).subarray(0, bytes));
  return isWhole ? { body: beginning } : { body: beginning, isCut: true };
}

function bodyOf(body: string | Uint8Array): string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? body : new Uint8Array(body);
}

/** Names in lower case; several values of one name are joined by `, ` as HTTP allows. */
function headersOf(response: Response): HttpResponse['headers'] {
  return Object.fromEntries(response.headers);
}

/** fetch says only "fetch failed"; why is in the cause. */
function reason(error: unknown): string {
  const { message, cause }: { message?: unknown; cause?: unknown } = Object(error);
  const { code, message: why }: { code?: unknown; message?: unknown } = Object(cause);
  const words = [code, why].filter((word) => typeof word === 'string' && word !== '');
  return words.length > 0 ? words.join(': ') : String(message ?? error);
}
