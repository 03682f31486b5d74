import { setTimeout as pause } from 'node:timers/promises';
import type { Clock, HttpResponse, Send, Sql, SqlConnection } from '../../src/ports.ts';

/** One request and its answer, as it was seen. */
export interface Exchange {
  /** When it was answered, in ms since the first answer, by Azure's own clock. */
  readonly at: number;
  /** The same in ms since the epoch: an instant in a request is told by it. */
  readonly instant: number;
  readonly method: string;
  readonly url: string;
  readonly requestBody: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** How many connections of ours to databases were open: the model is compared without them. */
  readonly connections: number;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly text: string;
}

/** A JSON object from outside; whoever reads it looks at each part. */
export type Json = { readonly [name: string]: unknown };

/** Speaks to Azure without any of the action's own code, so that what is seen is Azure's. Keeps every exchange. */
export interface Azure {
  readonly traffic: readonly Exchange[];
  ask(method: Method, target: string, body?: unknown, version?: string): Promise<Answered>;
  /** The same, to an SCM site. */
  scm(method: Method, url: string, body?: Uint8Array): Promise<Answered>;
  /** A connection to a database by name, as the server's administrator. Not kept. */
  connect(to: Server, database: string, encrypt?: 'strict'): Promise<SqlConnection>;
  /** As a visitor of the app, without anything that says who. Not kept. */
  visit(url: string): Promise<{ readonly status: number }>;
  /** Tries again every few seconds until it works, for 20 minutes at most. */
  patiently<T>(attempt: () => Promise<T>): Promise<T>;
  /** Asks again every few seconds until the answer is as wanted, for 20 minutes at most. */
  until<T>(ask: () => Promise<T>, isDone: (answered: T) => boolean): Promise<T>;
  /** In ms since the epoch, by Azure's own clock as its latest answer told it. */
  now(): number;
}

/** A server as a client of SQL needs it. */
export interface Server {
  readonly host: string;
  readonly login: { readonly sqlUser: string; readonly sqlPassword: string };
}

type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

interface Parts {
  readonly send: Send;
  readonly clock: Clock;
  readonly token: () => Promise<string>;
  /** Without a slash at the end. */
  readonly resourceManager: string;
  readonly sql: Sql;
  readonly sqlPort: number;
}

/** As sessions of ours call themselves. */
export const PROGRAM = 'zdd conformance';
const WEB = '2024-11-01';
export const SQL = '2023-08-01';
export const ARM = '2021-04-01';
const EVERY_MS = 5_000;
const MOST = 240;

export function speakTo({ send, clock, token, resourceManager, sql, sqlPort }: Parts): Azure {
  const traffic: Exchange[] = [];
  let began: number | undefined;
  let connections = 0;
  const exchange = async (method: Method, url: string, sent: string | Uint8Array | undefined, body: unknown) => {
    const type = sent instanceof Uint8Array ? 'application/zip' : 'application/json';
    const headers = { authorization: `Bearer ${await token()}`, ...(sent !== undefined && { 'content-type': type }) };
    const answer = await send({ method, url, headers, ...(sent !== undefined && { body: sent }) });
    const answered = read(answer);
    const instant = Date.parse(answer.headers.date ?? '') || clock.now();
    began ??= instant;
    const at = instant - began;
    const { status } = answer;
    const heard = { status, headers: answer.headers, body: answered.body };
    traffic.push({ at, instant, method, url, requestBody: body ?? null, ...heard, connections });
    return answered;
  };
  const azure: Azure = {
    traffic,
    now: () => traffic.at(-1)?.instant ?? clock.now(),
    ask(method, target, body, version = WEB) {
      const url = target.startsWith('http') ? target : resourceManager + target;
      const whole = url.includes('api-version=') ? url : `${url}${url.includes('?') ? '&' : '?'}api-version=${version}`;
      return exchange(method, whole, body === undefined ? undefined : JSON.stringify(body), body);
    },
    scm: (method, url, body) => exchange(method, url, body, body === undefined ? undefined : 'zip'),
    async connect({ host, login: { sqlUser: user, sqlPassword: password } }, database, encrypt) {
      const login = { kind: 'password', user, password } as const;
      const connection = await sql.connect({
        ...{ host, port: sqlPort, database, login, programName: PROGRAM },
        ...(encrypt && { encrypt }),
      });
      connections += 1;
      let isOpen = true;
      return {
        query: (statement) => connection.query(statement),
        async close() {
          if (!isOpen) return;
          isOpen = false;
          connections -= 1;
          await connection.close();
        },
      };
    },
    async visit(url) {
      // An app that is starting has no answer, and that is none of its answers.
      return send({ method: 'GET', url, headers: {} }).catch(() => ({ status: 0 }));
    },
    async patiently(attempt) {
      for (let tried = 0; ; tried++) {
        try {
          return await attempt();
        } catch (error) {
          if (tried === MOST) throw error;
        }
        await clock.sleep(EVERY_MS);
      }
    },
    async until(ask, isDone) {
      for (let asked = 0; ; asked++) {
        const answered = await ask();
        if (isDone(answered) || asked === MOST) return answered;
        await clock.sleep(EVERY_MS);
      }
    },
  };
  return azure;
}

/** A clock that is this machine's; the waits are shorter for an Azure that works faster. */
export function machineClock(timeScale: number): Clock {
  return {
    now: () => Date.now(),
    sleep: (ms, signal) => pause(ms / timeScale, undefined, signal === undefined ? {} : { signal }),
  };
}

function read({ status, headers, body }: HttpResponse): Answered {
  const text = new TextDecoder().decode(body);
  return { status, headers, text, body: parsed(text) };
}

function parsed(text: string): Json {
  try {
    return (text === '' ? {} : JSON.parse(text)) as Json;
  } catch {
    return {};
  }
}
