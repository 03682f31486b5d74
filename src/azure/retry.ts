import { Stop } from '../errors.ts';
import type { Clock, HttpResponse, Log } from '../ports.ts';
import { seconds } from '../wait.ts';
import { ENTRA_UNANSWERED, refusal } from './failure.ts';
import { NO_ANSWER } from './weather.ts';

export interface Patience {
  readonly what: string;
  readonly repeat: 'read' | 'write' | 'once';
  readonly signal: AbortSignal | undefined;
}

const ATTEMPTS = 6;
const SHORTEST_PAUSE_MS = 500;
/** A limit of Azure lasts some minutes; who is told to come tomorrow asks before that. */
const LONGEST_PAUSE_MS = 900_000;
/** Nobody shall take a longer pause for a run that hangs. */
const LONG_MS = 30_000;

/**
 * Sends until there is an answer worth having. Reads are repeated on connection errors, 429 and 5xx; writes only on 429,
 * because after anything else the write may have been carried out; `once` never. Pauses: Retry-After, otherwise 1, 2, 4 … s.
 * Without any answer it rejects with a {@link Stop} whose `azure.status` is 0.
 */
export async function sendPatiently<T extends { readonly response: HttpResponse }>(
  clock: Clock,
  log: Log,
  patience: Patience,
  send: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const last = attempt === ATTEMPTS || patience.repeat === 'once';
    let pause = 1000 * 2 ** (attempt - 1);
    try {
      const exchange = await send();
      const { response } = exchange;
      if (last || !passes(response.status, patience.repeat)) return exchange;
      // Whoever is told to come at once comes a moment later: no loop without a pause. Whoever was told before waits longer than
      // told: many requests that come back together would be too many once more.
      const told = retryAfter(response.headers, clock.now()) ?? pause;
      pause = Math.min(Math.max(told, attempt === 1 ? 0 : pause, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
      log[pause < LONG_MS ? 'debug' : 'info'](
        `Could not ${patience.what} yet (${response.status}); again in ${seconds(pause)}.`,
      );
    } catch (error) {
      patience.signal?.throwIfAborted();
      if (error instanceof Stop) throw error;
      if (last || patience.repeat !== 'read' || !isConnectionError(error)) throw unanswered(patience.what, error);
      log.debug(`Could not ${patience.what} yet (${wordsOf(error)}); again in ${seconds(pause)}.`);
    }
    await clock.sleep(pause, patience.signal);
  }
}

/** The pause that an answer asks for, in milliseconds: Retry-After in seconds or as a date, or Azure's own header in milliseconds. */
export function retryAfter(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const ms = headers['retry-after-ms'] ?? headers['x-ms-retry-after-ms'];
  if (ms !== undefined && Number(ms) >= 0) return Number(ms);
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function passes(status: number, repeat: 'read' | 'write' | 'once'): boolean {
  if (status === 429) return true;
  return repeat === 'read' && (status === 408 || (status >= 500 && status !== 501 && status !== 505));
}

/** Errors of sign-in carry their own explanation and are no weather; those of the connection come from the `send` port. */
function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  if (error.message.includes(ENTRA_UNANSWERED)) return true;
  return !/CredentialUnavailable|AuthenticationError|AuthenticationRequired/.test(error.name);
}

function unanswered(what: string, error: unknown): Stop {
  if (!isConnectionError(error)) {
    return new Stop(
      'failed',
      `Could not ${what}: the sign-in was refused (${wordsOf(error)}).`,
      'Check the identity, its federated credential or secret, and the tenant.',
      {
        cause: error,
      },
    );
  }
  return refusal(what, { status: 0, code: NO_ANSWER, message: wordsOf(error), requestId: '' }, error);
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = causeCode(error);
  return code === undefined || error.message.includes(code) ? error.message : `${error.message}, ${code}`;
}

function causeCode(error: Error): string | undefined {
  const cause: unknown = error.cause;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}
