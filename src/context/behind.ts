import { messageOf } from '../errors.ts';
import type { Clock, Log } from '../ports.ts';

/** Writes that nobody waits for: what they say is recorded elsewhere already. One at a time for each place, always what was asked for last. */
export interface Behind {
  write(place: string, work: Work): void;
  /** Sends what was not sent yet, where that can be done soon, and waits for no more. Whoever writes there next starts from what is there. */
  stop(): Promise<void>;
}

/** Tells when what it writes was accepted, and goes on until it is done. */
type Work = (signal: AbortSignal, accepted: () => void) => Promise<void>;

/** What is recorded shortly after one another is written at once. */
const TOGETHER_MS = 2000;
const AT_THE_END_MS = 1000;

export function behindOver(clock: Clock, log: Log): Behind {
  const next = new Map<string, Work>();
  const running = new Map<string, Promise<void>>();
  const unsent = new Set<string>();
  let over = new AbortController();
  let hurry = new AbortController();
  let sent: () => void = () => undefined;

  const goOn = async (place: string, until: AbortSignal) => {
    while (next.has(place)) {
      await clock.sleep(TOGETHER_MS, hurry.signal).catch(() => undefined);
      const work = next.get(place);
      next.delete(place);
      const accepted = () => {
        if (!next.has(place)) unsent.delete(place);
        if (unsent.size === 0) sent();
      };
      await work?.(until, accepted).catch((error: unknown) => {
        if (!until.aborted) log.debug(`The record of ${place} is not up to date yet: ${messageOf(error)}`);
      });
      accepted();
    }
    running.delete(place);
  };

  return {
    write(place, work) {
      next.set(place, work);
      unsent.add(place);
      if (!running.has(place)) running.set(place, goOn(place, over.signal));
    },
    async stop() {
      hurry.abort();
      const patience = new AbortController();
      if (unsent.size > 0) {
        const all = new Promise<void>((done) => {
          sent = done;
        });
        await Promise.race([all, clock.sleep(AT_THE_END_MS, patience.signal).catch(() => undefined)]);
      }
      patience.abort();
      next.clear();
      over.abort(new Error('Nobody waits for it.'));
      await Promise.all(running.values());
      [over, hurry] = [new AbortController(), new AbortController()];
    },
  };
}
