import type { WebSiteManagementClient } from '@azure/arm-appservice';
import type { SqlManagementClient } from '@azure/arm-sql';
import type { TokenCredential } from '@azure/core-auth';
import { Stop } from '../errors.ts';
import type { Clock, HttpResponse, Log, Send } from '../ports.ts';
import type { Cloud } from './cloud.ts';
import { maskedCredential, tokenFor } from './credential.ts';
import { refusal, saidBy } from './failure.ts';
import { managementClients } from './management-clients.ts';
import { plainRequest } from './plain-request.ts';
import { subscriptionIn } from './resource-id.ts';
import { sendPatiently } from './retry.ts';
import { type Exchange, isFine, type Terms, transportOver } from './transport.ts';

/** How a request is repeated, what of its answers is understood, and how long is waited. */
export interface Manners {
  /** A verb phrase that ends the sentence "Could not …". */
  readonly what: string;
  /** Statuses besides 2xx that the caller understands. */
  readonly accept?: readonly number[];
  /** Longest wait for an answer. Default 100 s; some writes are synchronous for longer. */
  readonly timeoutMs?: number;
}

/** A call of one operation of a management client. */
export interface AzureCall extends Manners {
  /** The resource; its subscription decides about the client. */
  readonly id: string;
  /** `read`: repeated on connection errors, 429 and 5xx. `write`: only on 429, which says that nothing was done. */
  readonly repeat: 'read' | 'write';
}

/** A plain request, for what the management clients' operations cannot do. */
export interface AzureRequest extends Manners {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** A path such as `/subscriptions/…/config/web`, or an absolute URL on the same host (an operation's). */
  readonly at: string;
  /** The SCM host of a site, as ARM names it; without it the host is the resource manager. */
  readonly scmHost?: string;
  readonly version?: string;
  /** Sent as JSON; bytes are sent as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** As {@link AzureCall.repeat}; default `read` for GET, otherwise `write`. `once`: never, whatever is answered; safety rule 2 asks it of a swap. */
  readonly repeat?: 'read' | 'write' | 'once';
}

export interface AzureAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** The body read as JSON, as Azure sent it; `undefined` when it is empty. Throws when it is something else. */
  json(): unknown;
}

/** An answer together with what the management client made of it. */
export interface ReadAnswer<T> extends AzureAnswer {
  /** Without fields that the client does not know; instants are `Date`s, rounded to milliseconds: take `json` where text counts. */
  value(): T;
}

/** Speaks to Azure Resource Manager and to SCM sites with the signed-in identity. */
export interface Arm {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal | undefined;
  readonly credential: TokenCredential;
  /** Calls an operation of App Service's client. Rejects with a {@link Stop} that carries what Azure said, unless 2xx or accepted. */
  web<T>(call: AzureCall, operation: (client: WebSiteManagementClient) => Promise<T>): Promise<ReadAnswer<T>>;
  /** The same with Azure SQL's client. */
  sql<T>(call: AzureCall, operation: (client: SqlManagementClient) => Promise<T>): Promise<ReadAnswer<T>>;
  /** Sends a plain request through the client's pipeline. Rejects as {@link Arm.web} does. */
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

/** Makes the client over the `send` port. No redirects, no retries but the ones of {@link AzureCall.repeat}. */
export async function createArm(options: ArmOptions): Promise<Arm> {
  const { cloud, clock, log, send, signal } = options;
  const credential = maskedCredential(options.credential, log);
  let latest: number | undefined;
  const transport = await transportOver(async (request, abort) => {
    const answer = await send(request, abort);
    const date = Date.parse(answer.headers.date ?? '');
    if (!Number.isNaN(date) && date > (latest ?? 0)) latest = date;
    return answer;
  }, signal);
  const clients = managementClients(cloud, credential, transport);
  const resourceManager = new URL(cloud.resourceManager).origin;

  async function exchange<T>(
    { what, accept, timeoutMs = 100_000 }: Manners,
    repeat: 'read' | 'write' | 'once',
    where: Pick<Terms, 'origin' | 'readable'>,
    run: () => Promise<T>,
  ): Promise<Exchange<T>> {
    const terms = { ...where, what, timeoutMs, once: repeat === 'once' };
    const last = await sendPatiently(clock, log, { what, repeat, signal }, () => transport.exchange(terms, run));
    const { response } = last;
    if (!isFine(response.status) && !accept?.includes(response.status)) throw refusal(what, saidBy(response));
    return last;
  }

  async function call<C, T>(of: AzureCall, client: C, operation: (client: C) => Promise<T>): Promise<ReadAnswer<T>> {
    const where = { origin: resourceManager, readable: true };
    const { response, value } = await exchange(of, of.repeat, where, () => operation(client));
    return { ...answerOf(of.what, response), value: () => readable(of.what, value) };
  }

  return {
    cloud,
    clock,
    log,
    signal,
    credential,
    azureTime: () => latest,
    token: (scope) => tokenFor(credential, scope),
    web: async (of, operation) => call(of, await clients.web(subscriptionIn(of.id)), operation),
    sql: async (of, operation) => call(of, await clients.sql(subscriptionIn(of.id) ?? ''), operation),
    async request(request) {
      const { what, method, at, scmHost, repeat = method === 'GET' ? 'read' : 'write' } = request;
      const base = scmHost === undefined ? cloud.resourceManager : `https://${scmHost}`;
      const subscription = subscriptionIn(at);
      const client = /\/providers\/Microsoft\.Sql\//i.test(at)
        ? await clients.sql(subscription ?? '')
        : await clients.web(subscription);
      const where = { origin: new URL(base).origin, readable: false };
      const message = plainRequest(base, request);
      const run = () => transport.sendThrough(client.pipeline, message);
      const { response } = await exchange(request, repeat, where, run);
      return answerOf(what, response);
    },
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
        throw unreadable(what, cause);
      }
    },
  };
}

function readable<T>(what: string, value: () => T): T {
  try {
    return value();
  } catch (cause) {
    throw unreadable(what, cause);
  }
}

function unreadable(what: string, cause: unknown): Stop {
  return new Stop('failed', `Could not ${what}: the answer is not understood.`, 'Run the phase again.', { cause });
}
