import { messageOf } from '../errors.ts';
import type { Clock, HttpRequest, Send } from '../ports.ts';

export interface Probe {
  readonly url: string;
  readonly method?: HttpRequest['method'];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default 30 s. */
  readonly timeoutMs?: number;
}

export type ProbeResult =
  | {
      readonly status: number;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      readonly text: string;
      readonly ms: number;
    }
  /** No answer came. */
  | { readonly error: string; readonly ms: number };

/** One plain request to the app, as a new visitor sends it: no cookies, no redirect followed, no repeat. */
export async function probe(send: Send, clock: Clock, request: Probe, signal?: AbortSignal): Promise<ProbeResult> {
  const { url, method = 'GET', headers = {}, body, timeoutMs = 30_000 } = request;
  const startedAt = clock.now();
  const took = () => clock.now() - startedAt;
  try {
    const sent = { method, url, headers: { 'user-agent': 'zdd-action', ...headers }, timeoutMs };
    const answer = await send(body === undefined ? sent : { ...sent, body }, signal);
    const text = new TextDecoder().decode(answer.body);
    return { status: answer.status, headers: answer.headers, text, ms: took() };
  } catch (error) {
    signal?.throwIfAborted();
    return { error: messageOf(error), ms: took() };
  }
}
