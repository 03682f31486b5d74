import { performance } from 'node:perf_hooks';
import type { Span } from './window.ts';

/** A timer that is so late was starved: this process got no time from the machine. */
const STALL_MS = 200;

/** Notes when the machine let this process do nothing. Instants are milliseconds since the epoch. */
export function watchPulse() {
  const epoch = Date.now() - performance.now();
  let stalls: Span[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - last > STALL_MS) stalls.push({ from: epoch + last, until: epoch + now });
    last = now;
  }, STALL_MS / 10);
  return {
    /** Those since the last call. */
    take(): readonly Span[] {
      const taken = stalls;
      stalls = [];
      return taken;
    },
    stop: () => clearInterval(timer),
  };
}
