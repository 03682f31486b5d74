import type { TokenCredential } from '@azure/core-auth';
import { Stop } from '../errors.ts';
import type { Clock, HttpResponse, Log, Send } from '../ports.ts';
import type { Arm, AzureAnswer, AzureCall, AzureRequest, Manners, ReadAnswer } from './arm.ts';
import type { Cloud } from './cloud.ts';
import { maskedCredential, tokenFor } from './credential.ts';
import { refusal, saidBy } from './failure.ts';
import { managementClients } from './management-clients.ts';
import { plainRequest } from './requests.ts';
import { subscriptionIn } from './resource-id.ts';
import { sendPatiently } from './retry.ts';
import { transferProgress } from './transfer-progress.ts';
import { type Exchange, isFine, type Terms, transportOver } from './transport.ts';

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
    { what, accept, timeoutMs = 100_000, mostBytes, until }: Manners,
    repeat: 'read' | 'write' | 'once',
    where: Pick<Terms, 'origin' | 'readable' | 'past'>,
    run: () => Promise<T>,
  ): Promise<Exchange<T>> {
    const terms = { ...where, what, timeoutMs, mostBytes, once: repeat === 'once' };
    const patience = { what, repeat, signal: until ? AbortSignal.any([until, ...(signal ? [signal] : [])]) : signal };
    const last = await sendPatiently(clock, log, patience, () => transport.exchange(terms, run));
    const { response } = last;
    if (!isFine(response.status) && !accept?.includes(response.status)) throw refusal(what, saidBy(response));
    return last;
  }

  async function call<C, T>(of: AzureCall, client: C, operation: (client: C) => Promise<T>): Promise<ReadAnswer<T>> {
    const where = { origin: resourceManager, readable: of.asSent !== true };
    const { response, value } = await exchange(of, of.repeat, where, () => operation(client));
    return { ...answerOf(of.what, response), value: () => (of.asSent ? unread(of.what) : readable(of.what, value)) };
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
      const where = { origin: new URL(base).origin, readable: false, ...passing(clock, log, request) };
      const message = plainRequest(base, request);
      const run = () => transport.sendThrough(client.pipeline, message);
      const { response } = await exchange(request, repeat, where, run);
      return answerOf(what, response);
    },
  };
}

/** Files go past the library; every half minute somebody is told how far they are. */
function passing(clock: Clock, log: Log, { what, file, into }: AzureRequest): Pick<Terms, 'past'> {
  if (file === undefined && into === undefined) return {};
  const onProgress = transferProgress(clock, log, what, file?.size);
  return { past: { ...(file && { body: file }), ...(into !== undefined && { into }), onProgress } };
}

const utf8 = new TextDecoder();

function answerOf(what: string, response: HttpResponse): AzureAnswer {
  return {
    status: response.status,
    headers: response.headers,
    bytes: response.body,
    json() {
      const text = utf8.decode(response.body);
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

function unread(what: string): never {
  throw new Error(`The client has not read the answer when it was to ${what}.`);
}

function unreadable(what: string, cause: unknown): Stop {
  return new Stop('failed', `Could not ${what}: the answer is not understood.`, 'Run the phase again.', { cause });
}
