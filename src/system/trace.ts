import { Stop } from '../errors.ts';
import type { Log } from '../ports.ts';

/** Longer chains repeat themselves. */
const MOST_CAUSES = 8;

/**
 * Where an error came from, and what caused it, for whoever reads the log of a run with debug logging. A Stop says itself what
 * happened, so of that only the causes are told.
 */
export function logTrace(log: Pick<Log, 'debug'>, error: unknown): void {
  for (const cause of chainOf(error)) {
    if (cause instanceof Stop) continue;
    const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    for (const line of text.split('\n')) log.debug(line);
  }
}

/** The error, its cause, the cause of that, and the parts of one that stands for several. */
function chainOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  const waiting = [error];
  while (waiting.length > 0 && chain.length < MOST_CAUSES) {
    const next = waiting.shift();
    if (next === undefined || chain.includes(next)) continue;
    chain.push(next);
    if (next instanceof AggregateError) waiting.push(...next.errors);
    if (next instanceof Error) waiting.push(next.cause);
  }
  return chain;
}
