import { AsyncLocalStorage } from 'node:async_hooks';
import type { HttpClient, HttpHeaders, Pipeline, PipelinePolicy, PipelineRequest } from '@azure/core-rest-pipeline';
import { Stop } from '../errors.ts';
import type { HttpRequest, HttpResponse, Send } from '../ports.ts';

/** What the `send` port has to know of a call that a library makes. */
export interface Terms {
  /** A verb phrase that ends the sentence "Could not …". */
  readonly what: string;
  /** The only host that this call may go to, such as `https://management.azure.com`: its token is for nobody else. */
  readonly origin: string;
  readonly timeoutMs: number;
  readonly mostBytes: number | undefined;
  /** Not even sent again when its token is refused. */
  readonly once: boolean;
  /** Whether the library reads the answer, too. */
  readonly readable: boolean;
  /** What goes and comes past the library, which knows no files. */
  readonly past?: Pick<HttpRequest, 'body' | 'into' | 'onProgress'>;
}

export interface Exchange<T> {
  /** The last answer, as it came. */
  readonly response: HttpResponse;
  /** What the library made of it; throws where it could not, or would not. */
  value(): T;
}

export interface Transport {
  readonly httpClient: HttpClient;
  /** Stops a request to another host than its call may go to; belongs before the policy that puts the token on it. */
  readonly guard: PipelinePolicy;
  /** Sends a plain request through a client's pipeline, which puts the token on it. */
  sendThrough(pipeline: Pipeline, request: PlainRequest): Promise<void>;
  /** Runs one call of a library and takes down the answer under it. Rejects when there was none. */
  exchange<T>(terms: Terms, call: () => Promise<T>): Promise<Exchange<T>>;
}

export interface PlainRequest extends Pick<HttpRequest, 'method' | 'url' | 'headers'> {
  readonly body?: string | Uint8Array;
}

interface Underway extends Terms {
  response?: HttpResponse;
}

/**
 * Puts Azure's libraries over the `send` port. The answer is kept as Azure sent it, because the libraries drop fields that
 * they do not know and turn instants into `Date`, which has fewer decimals. It is kept beside the call and not in its options:
 * the second page of a list takes none.
 */
export async function transportOver(send: Send, signal?: AbortSignal): Promise<Transport> {
  const { createHttpHeaders, createPipelineRequest, isRestError } = await import('@azure/core-rest-pipeline');
  const calls = new AsyncLocalStorage<Underway>();
  const utf8 = new TextDecoder();

  const underwayFor = ({ method, url }: PipelineRequest) => {
    const call = calls.getStore();
    if (call === undefined) throw new Error(`A request outside of any call: ${method} ${url}`);
    return call;
  };

  const httpClient: HttpClient = {
    async sendRequest(request) {
      const call = underwayFor(request);
      // What is sent again with another token, and is not answered then, has no answer.
      delete call.response;
      const response = await send(messageOf(request, call), signal);
      call.response = response;
      const headers = createHttpHeaders(response.headers);
      if (response.status === 401) challenge(headers, call);
      const text = call.readable ? { bodyAsText: utf8.decode(response.body) } : {};
      return { request, status: response.status, headers, ...text };
    },
  };

  return {
    httpClient,
    guard: {
      name: 'guard',
      async sendRequest(request, next) {
        refuseOtherHosts(request.url, underwayFor(request));
        return next(request);
      },
    },
    async sendThrough(pipeline, { headers, ...request }) {
      await pipeline.sendRequest(
        httpClient,
        createPipelineRequest({ ...request, headers: createHttpHeaders({ ...headers }) }),
      );
    },
    async exchange(terms, call) {
      const underway: Underway = { ...terms };
      const value = await settled(() => calls.run(underway, call));
      const { response } = underway;
      try {
        value();
      } catch (error) {
        // An answer is one whatever the library makes of it: an empty body of an error it reads with a TypeError. After a 401
        // the sign-in may have been refused, which is none.
        const wasRead = isRestError(error) || error instanceof TypeError || response?.status !== 401;
        if (response === undefined || !wasRead) throw error;
      }
      if (response === undefined) throw new Error(`The library did not ${terms.what}: it sent nothing.`);
      return { response, value };
    },
  };
}

/**
 * Has the authentication policy send a refused request once more, with a new token. It does so for challenges that name
 * claims only, so that a plain 401 becomes such a one, which asks for nothing but a token that is not from a cache: a token
 * ends early where two clocks differ. A 401 says that the request was not carried out, so that this is safe for writes:
 * https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2. Even so a swap is not sent again: safety rule 2 counts what
 * went out and trusts nothing that something in between may have answered.
 */
function challenge(headers: HttpHeaders, { once }: Terms): void {
  const told = headers.get('www-authenticate') ?? '';
  if (once) headers.delete('www-authenticate');
  else if (!/insufficient_claims/.test(told)) headers.set('www-authenticate', NEW_TOKEN);
}

/** The claims are `{"access_token":{}}`. https://learn.microsoft.com/entra/identity-platform/claims-challenge */
const NEW_TOKEN = 'Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="';

export function isFine(status: number): boolean {
  return status >= 200 && status < 300;
}

/** A token goes to the resource manager and to SCM hosts that it names, never to wherever a link points. */
function refuseOtherHosts(url: string, { what, origin }: Terms): void {
  const { origin: asked, host } = new URL(url);
  if (asked === origin) return;
  throw new Stop('failed', `Could not ${what}: the address is on another host, ${host}.`, 'Run the phase again.');
}

function messageOf(request: PipelineRequest, { timeoutMs, mostBytes, past }: Terms): HttpRequest {
  const { method, url, body } = request;
  if (method === 'OPTIONS' || method === 'TRACE') throw new Error(`Nothing is asked with ${method}.`);
  if (body !== undefined && body !== null && typeof body !== 'string' && !(body instanceof Uint8Array)) {
    throw new Error('A body must be text or bytes.');
  }
  const headers = { 'user-agent': 'zdd-action', ...request.headers.toJSON() };
  return { method, url, headers, timeoutMs, mostBytes, ...(body ? { body } : {}), ...past };
}

async function settled<T>(call: () => Promise<T>): Promise<() => T> {
  try {
    const value = await call();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
