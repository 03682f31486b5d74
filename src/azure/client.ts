import type { TokenCredential } from '@azure/core-auth';
import { Stop } from '../errors.ts';
import type { Clock, HttpRequest, HttpResponse, Log, Send } from '../ports.ts';
import type { Cloud } from './cloud.ts';
import { refusal, saidBy } from './failure.ts';
import { sendPatiently } from './retry.ts';
import { signedSend } from './signed-send.ts';

export interface AzureRequest {
  /** A verb phrase that ends the sentence "Could not …". */
  readonly what: string;
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** A path such as `/subscriptions/…/config/web`, or an absolute URL on the same host (an operation's). */
  readonly at: string;
  /** The SCM host of a site, as ARM names it; without it the host is the resource manager. */
  readonly scmHost?: string;
  readonly version?: string;
  /** Sent as JSON; bytes are sent as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * `read`: repeated on connection errors, 429 and 5xx. `write` (default for all but GET): only on 429, which says that nothing was done.
   * `once`: never repeated, whatever is answered; safety rule 2 asks it of a swap.
   */
  readonly repeat?: 'read' | 'write' | 'once';
  /** Statuses besides 2xx that the caller understands. */
  readonly accept?: readonly number[];
  /** Longest wait for an answer. Default 100 s; some writes are synchronous for longer. */
  readonly timeoutMs?: number;
}

export interface AzureAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** The body read as JSON; `undefined` when it is empty. Throws when it is something else. */
  json(): unknown;
}

/** Speaks to Azure Resource Manager and to SCM sites with the signed-in identity. */
export interface Arm {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal | undefined;
  readonly credential: TokenCredential;
  /** Rejects with a {@link Stop} that carries what Azure said, unless 2xx or accepted. */
  request(request: AzureRequest): Promise<AzureAnswer>;
  /** The newest `Date` of an answer, ms since the epoch: Azure's own clock, never ahead of it. `undefined` before the first answer. */
  azureTime(): number | undefined;
  /** An access token for `scope`, masked in the log before it is returned. */
  token(scope: string): Promise<string>;
}

export interface ArmOptions {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
}

/** Makes the client over the `send` port. No redirects, no retries but the ones of {@link AzureRequest.repeat}. */
export async function createArm(options: ArmOptions): Promise<Arm> {
  const { cloud, clock, log, send, signal } = options;
  const credential = masked(options.credential, log);
  let latest: number | undefined;
  const signed = await signedSend(credential, cloud.armScope, async (request, abort) => {
    const answer = await send(request, abort);
    const date = Date.parse(answer.headers.date ?? '');
    if (!Number.isNaN(date) && date > (latest ?? 0)) latest = date;
    return answer;
  });

  return {
    cloud,
    clock,
    log,
    signal,
    credential,
    azureTime: () => latest,
    token: (scope) => tokenFor(credential, scope),
    async request(request) {
      const repeat = request.repeat ?? (request.method === 'GET' ? 'read' : 'write');
      const message = messageOf(cloud, request);
      const response = await sendPatiently(clock, log, { what: request.what, repeat, signal }, () =>
        signed(message, repeat === 'once', signal),
      );
      const fine = response.status >= 200 && response.status < 300;
      if (!fine && !request.accept?.includes(response.status)) throw refusal(request.what, saidBy(response));
      return answerOf(request.what, response);
    },
  };
}

function messageOf(cloud: Cloud, request: AzureRequest): HttpRequest {
  const body = bodyOf(request.body);
  return {
    method: request.method,
    url: urlOf(cloud, request),
    headers: {
      accept: 'application/json',
      'user-agent': 'zdd-action',
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
      ...request.headers,
    },
    ...(body === undefined ? {} : { body }),
    timeoutMs: request.timeoutMs ?? 100_000,
  };
}

function answerOf(what: string, response: HttpResponse): AzureAnswer {
  return {
    status: response.status,
    headers: response.headers,
    bytes: response.body,
    json() {
      const text = new TextDecoder().decode(response.body);
      if (text.trim() === '') return undefined;
      try {
        return JSON.parse(text);
      } catch (cause) {
        throw new Stop('failed', `Could not ${what}: the answer is no JSON.`, 'Run the phase again.', { cause });
      }
    },
  };
}

/** The token goes to the resource manager and to SCM hosts that it names, never to wherever a Location points. */
function urlOf(cloud: Cloud, request: AzureRequest): string {
  const base = request.scmHost === undefined ? cloud.resourceManager : `https://${request.scmHost}`;
  const url = new URL(request.at, base);
  if (url.origin !== new URL(base).origin) {
    throw new Stop(
      'failed',
      `Could not ${request.what}: the address is on another host, ${url.host}.`,
      'Run the phase again.',
    );
  }
  if (request.version !== undefined && !url.searchParams.has('api-version')) {
    url.searchParams.set('api-version', request.version);
  }
  return url.href;
}

function bodyOf(body: unknown): string | Uint8Array | undefined {
  if (body === undefined || body instanceof Uint8Array) return body;
  return JSON.stringify(body);
}

/** Tokens are masked before anything else sees them (safety rule 11). */
function masked(credential: TokenCredential, log: Log): TokenCredential {
  const known = new Set<string>();
  return {
    async getToken(scopes, options) {
      const token = await credential.getToken(scopes, options);
      if (token && !known.has(token.token)) {
        known.add(token.token);
        log.secret(token.token);
      }
      return token;
    },
  };
}

async function tokenFor(credential: TokenCredential, scope: string): Promise<string> {
  const token = await credential.getToken(scope);
  if (token) return token.token;
  throw new Stop('failed', `The sign-in gave no token for ${scope}.`, 'Check the identity and its tenant.');
}
