import { messageOf, Stop } from './errors.ts';
import type { Clock, Log } from './ports.ts';

export interface Wait<T> {
  /** What is awaited, as the object of "waiting for …". */
  readonly what: string;
  /** One look. Returns the value when it is there, otherwise the state seen, as words for the progress line. */
  readonly look: () => Promise<{ readonly done: T } | { readonly seen: string; readonly retryAfterMs?: number }>;
  /** Longest wait in milliseconds. */
  readonly deadlineMs: number;
  /** What to do when the deadline passes: a sentence. */
  readonly otherwise: string;
  /** Pause before the second look; pauses grow to 5 % of the time already waited. Default 1000 ms. */
  readonly firstPauseMs?: number;
  /** However long was waited already. Default: no limit. */
  readonly longestPauseMs?: number;
  /** How much of it is done, from 0 to 100; asked when progress is told, and no more. What it cannot say is not told. */
  readonly progress?: () => Promise<number | undefined>;
  /** How long it usually takes, in milliseconds, where nobody says how much is done. */
  readonly usualMs?: number;
  /** Ends it at once. Nobody waits who has not said by what he is called off. */
  readonly signal: AbortSignal | undefined;
}

const PROGRESS_EVERY_MS = 30_000;

/**
 * The one wait loop. It notices the end within 5 % of the wait or one second, obeys Retry-After,
 * tells every half minute what it last saw and how long it may take yet, and names that state when the deadline passes.
 */
export async function waitFor<T>(clock: Clock, log: Log, wait: Wait<T>): Promise<T> {
  const startedAt = clock.now();
  let toldAt = startedAt;
  for (;;) {
    const answer = await wait.look();
    if ('done' in answer) return answer.done;
    const waited = clock.now() - startedAt;
    if (waited >= wait.deadlineMs) {
      throw new Stop(
        'failed',
        `Waited ${seconds(waited)} for ${wait.what}; last seen: ${answer.seen}.`,
        wait.otherwise,
      );
    }
    if (clock.now() - toldAt >= PROGRESS_EVERY_MS) {
      toldAt = clock.now();
      // A wait does not end because nobody can tell how far it is; one that is called off ends with the pause.
      const percent = await wait.progress?.().catch(() => undefined);
      const left = timeLeft(waited, percent, wait.usualMs);
      log.info(`Still waiting for ${wait.what} after ${seconds(waited)}: ${answer.seen}${left}.`);
    }
    const grown = Math.min(waited * 0.05, wait.longestPauseMs ?? Number.POSITIVE_INFINITY);
    const pause = Math.max(wait.firstPauseMs ?? 1000, grown, answer.retryAfterMs ?? 0);
    await clock.sleep(Math.min(pause, Math.max(wait.deadlineMs - waited, 1)), wait.signal);
  }
}

/** As if it went on as fast as it began; the end of a sentence, '' where nothing can be said. */
function timeLeft(waited: number, percent: number | undefined, usualMs: number | undefined): string {
  if (percent !== undefined && percent > 0 && percent < 100)
    return `, ${Math.round(percent)} % done, about ${seconds((waited * (100 - percent)) / percent)} left`;
  if (usualMs === undefined) return '';
  return waited < usualMs
    ? `, about ${seconds(usualMs - waited)} left as a rule`
    : `, longer than as a rule (${seconds(usualMs)})`;
}

/**
 * Waits for all of them, also when one fails, so that nothing goes on unseen; then rejects with the first failure. The log
 * warns of every other one, so that nobody meets them one run after the other.
 */
export async function together<T>(log: Log, work: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work);
  const [first, ...others] = results.filter((result) => result.status === 'rejected');
  if (first) {
    const messages = new Set(others.map(({ reason }) => messageOf(reason)));
    messages.delete(messageOf(first.reason));
    for (const message of messages) log.warning(`Something else failed at the same time: ${message}`);
    throw first.reason;
  }
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** A duration for people: `45 s`, `3 min 10 s`, `62 h 5 min`. */
export function seconds(ms: number): string {
  const whole = Math.round(ms / 1000);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
