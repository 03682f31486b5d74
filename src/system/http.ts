import type { HttpResponse, Send } from '../ports.ts';

/** Used when a request names none: no request may hang for ever. Milliseconds. */
const LONGEST_MS = 900_000;

/**
 * Sends one request: no retry, no redirect followed, no cookie kept. The timeout runs in real time whatever the clock's rate:
 * processes and networks are not sped up with the simulated Azure.
 */
export const send: Send = async (request, signal) => {
  const timeout = AbortSignal.timeout(request.timeoutMs ?? LONGEST_MS);
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: { ...request.headers },
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(request.body === undefined ? {} : { body: bodyOf(request.body) }),
    });
    return {
      status: response.status,
      headers: headersOf(response),
      body: new Uint8Array(await response.arrayBuffer()),
    };
  } catch (error) {
    signal?.throwIfAborted();
    if (timeout.aborted) throw new Error(`no answer within ${request.timeoutMs ?? LONGEST_MS} ms`, { cause: error });
    throw new Error(reason(error), { cause: error });
  }
};

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
