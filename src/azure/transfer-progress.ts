import type { Clock, Log } from '../ports.ts';

const EVERY_MS = 30_000;
const MIB = 1024 ** 2;

/** Tells every half minute how much of a transfer has passed. @param total bytes; undefined when nobody knows. */
export function transferProgress(clock: Clock, log: Log, what: string, total: number | undefined) {
  let toldAt = clock.now();
  return (bytes: number): void => {
    if (clock.now() - toldAt < EVERY_MS) return;
    toldAt = clock.now();
    const of = total === undefined ? '' : ` of ${whole(total)}`;
    log.info(`Still at it: ${what}; ${whole(bytes)}${of} MiB so far.`);
  };
}

function whole(bytes: number): string {
  return Math.floor(bytes / MIB).toLocaleString('en');
}
