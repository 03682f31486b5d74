import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Arm } from '../../src/azure/arm.ts';
import { createArm } from '../../src/azure/client.ts';
import type { Cloud } from '../../src/azure/cloud.ts';
import type { Clock, HttpRequest, HttpResponse, Log, Send } from '../../src/ports.ts';

export const publicCloud: Cloud = {
  name: 'public',
  resourceManager: 'https://management.azure.com',
  authority: 'https://login.microsoftonline.com',
  armScope: 'https://management.azure.com/.default',
  sqlScope: 'https://database.windows.net/.default',
  vaultSuffix: 'vault.azure.net',
  storageSuffix: 'core.windows.net',
};

/** A clock whose time passes only while somebody sleeps; `slept` lists for how long. */
export function virtualClock(start = Date.UTC(2026, 0, 1)): Clock & { readonly slept: number[] } {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}

/** Keeps what was masked and said. */
export function heardLog(): Log & { readonly secrets: string[]; readonly sentences: string[] } {
  const secrets: string[] = [];
  const sentences: string[] = [];
  const say = (sentence: string) => void sentences.push(sentence);
  return {
    secrets,
    sentences,
    info: say,
    warning: say,
    debug: say,
    group: (_title, body) => body(),
    secret: (value) => void secrets.push(value),
  };
}

export function answer(status: number, body: unknown = undefined, headers: Record<string, string> = {}): HttpResponse {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: new TextEncoder().encode(text) };
}

/** Answers in the given order, whatever is asked; more requests than answers fail. `sent` lists the requests. */
export function answersInTurn(...answers: (HttpResponse | Error)[]): Send & { readonly sent: HttpRequest[] } {
  const sent: HttpRequest[] = [];
  const send = async (request: HttpRequest) => {
    sent.push(request);
    const next = answers[sent.length - 1];
    if (next === undefined)
      throw new Error(`Request ${sent.length} was not expected: ${request.method} ${request.url}`);
    if (next instanceof Error) throw next;
    return next;
  };
  return Object.assign(send, { sent });
}

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: unknown;
}

/**
 * Plays recorded traffic: each request takes the next recorded exchange of its method, path and body that is not used yet.
 * Anything that was not recorded fails. The api-version is not compared: the recordings are older than what we send.
 */
export function recorded(file: string): Send {
  const exchanges: Exchange[] = JSON.parse(readFileSync(new URL(`../recordings/${file}`, import.meta.url), 'utf8'));
  return async ({ method, url, body }) => {
    const { pathname, searchParams } = new URL(url);
    if (!searchParams.has('api-version')) throw new Error(`No api-version: ${method} ${url}`);
    const asked: unknown = typeof body === 'string' ? JSON.parse(body) : null;
    const at = exchanges.findIndex(
      (known) => known.method === method && known.path === pathname && isDeepStrictEqual(known.requestBody, asked),
    );
    const [found] = at < 0 ? [] : exchanges.splice(at, 1);
    if (found === undefined) throw new Error(`Not recorded: ${method} ${pathname} ${JSON.stringify(asked)}`);
    return answer(found.status, found.responseBody ?? undefined, { ...found.responseHeaders });
  };
}

export interface Bench {
  readonly arm: Arm;
  readonly clock: ReturnType<typeof virtualClock>;
  readonly log: ReturnType<typeof heardLog>;
}

/** The client over `send`, in virtual time, signed in with a token that never expires. */
export async function bench(send: Send): Promise<Bench> {
  const clock = virtualClock();
  const log = heardLog();
  const credential = { getToken: async () => ({ token: 'the-token', expiresOnTimestamp: Date.now() + 86_400_000 }) };
  return { clock, log, arm: await createArm({ cloud: publicCloud, credential, send, clock, log }) };
}
