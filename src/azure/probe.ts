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
      /** Its beginning, where the body is large or does not end. */
      readonly text: string;
      /** There is more of the body. */
      readonly isCut?: true;
      readonly ms: number;
    }
  /** No answer came. */
  | { readonly error: string; readonly ms: number };

/** Status and headers are what counts; of the body a version is read. Apps stream events, pages without an end, and large files. */
const ENOUGH = { bytes: 1024 * 1024, ms: 2000 };

/** One plain request to the app, as a new visitor sends it: no cookies, no redirect followed, no repeat. */
export async function probe(send: Send, clock: Clock, request: Probe, signal?: AbortSignal): Promise<ProbeResult> {
  const { url, method = 'GET', headers = {}, body, timeoutMs = 30_000 } = request;
  const startedAt = clock.now();
  const took = () => clock.now() - startedAt;
  try {
    const sent = { method, url, headers: { 'user-agent': 'zdd-action', ...headers }, timeoutMs, readAtMost: ENOUGH };
    const answer = await send(body === undefined ? sent : { ...sent, body }, signal);
    const text = new TextDecoder().decode(answer.body);
    const { status, headers: given, isCut } = answer;
    return { status, headers: given, text, ms: took(), ...(isCut ? { isCut } : {}) };
  } catch (error) {
    signal?.throwIfAborted();
    return { error: messageOf(error), ms: took() };
  }
}
