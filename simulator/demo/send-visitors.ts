import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Visit } from './visit.ts';
import type { Orders, Second, Word } from './visitors.ts';
import type { Span } from './window.ts';

export interface Visitors {
  readonly startedAt: number;
  /** Everything that came to an end so far, in that order. */
  readonly visits: readonly Visit[];
  /** When the visitors themselves got no time from this machine. */
  readonly stalls: readonly Span[];
  /** Asks for fewer pages from now on. */
  slowDown(readsPerSecond: number): void;
  /** Sends no more, waits for the answers under way, and resolves with the instant of the last request. */
  stop(): Promise<number>;
}

/**
 * Sends visitors to the shop in a process of their own, until they are stopped.
 * `caFile` is the certificate authority that they trust. `onSecond` gets the visits that ended in each second.
 */
export function sendVisitors(
  orders: Orders,
  caFile: string | undefined,
  onSecond: (visits: readonly Visit[]) => void = () => undefined,
): Visitors {
  const visits: Visit[] = [];
  const stalls: Span[] = [];
  const child = fork(join(import.meta.dirname, 'visitors.ts'), [JSON.stringify(orders)], {
    env: { ...process.env, ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }) },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const tell = (word: Word): void => {
    if (child.connected) child.send(word);
  };
  // Both: the last words of a process may arrive after its end.
  const gone = Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
  child.on('message', (message: Second) => {
    visits.push(...message.visits);
    stalls.push(...message.stalls);
    onSecond(message.visits);
  });
  return {
    startedAt: Date.now(),
    visits,
    stalls,
    slowDown: (readsPerSecond) => tell({ readsPerSecond }),
    async stop() {
      const until = Date.now();
      tell('stop');
      const [[code]] = await gone;
      if (code !== 0) throw new Error(`The visitors ended with exit code ${code}: what they saw is not complete.`);
      return until;
    },
  };
}
