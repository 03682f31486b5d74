import type { Clock } from '../../src/ports.ts';

/**
 * Time that passes only while everybody sleeps: hours of waiting take milliseconds, and equal runs are equal.
 * Reading a file is not sleeping: until it is read no time passes.
 */
export interface VirtualClock extends Clock {
  /** Told whenever time has moved on. */
  onTick: ((now: number) => void) | undefined;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function virtualClock(startedAt: number): VirtualClock {
  let now = startedAt;
  let pumping = false;
  const sleepers: Sleeper[] = [];

  const pump = () => {
    if (isReadingFiles()) {
      setImmediate(pump);
      return;
    }
    const next = sleepers.shift();
    if (!next) {
      pumping = false;
      return;
    }
    now = Math.max(now, next.at);
    clock.onTick?.(now);
    next.wake();
    // Everything that was woken runs on as microtasks before the next one is woken.
    setImmediate(pump);
  };

  const clock: VirtualClock = {
    onTick: undefined,
    now: () => now,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper: Sleeper = { at: Math.ceil(now + Math.max(0, ms)), wake: done };
        const index = sleepers.findIndex((other) => other.at > sleeper.at);
        sleepers.splice(index < 0 ? sleepers.length : index, 0, sleeper);
        const toTell = signal && listenersOf(signal);
        toTell?.add(aborted);
        if (!pumping) {
          pumping = true;
          setImmediate(pump);
        }

        function done() {
          toTell?.delete(aborted);
          resolve();
        }
        function aborted() {
          sleepers.splice(sleepers.indexOf(sleeper), 1);
          reject(signal?.reason);
        }
      });
    },
  };
  return clock;
}

/** One listener for all that sleep until a signal: a run makes thousands of requests with the same one. */
function listenersOf(signal: AbortSignal): Set<() => void> {
  const known = listeners.get(signal);
  if (known !== undefined) return known;
  const all = new Set<() => void>();
  listeners.set(signal, all);
  signal.addEventListener('abort', () => {
    for (const tell of [...all]) tell();
  });
  return all;
}

const listeners = new WeakMap<AbortSignal, Set<() => void>>();

function isReadingFiles(): boolean {
  return process.getActiveResourcesInfo().some((kind) => kind === 'FSReqPromise' || kind === 'CloseReq');
}
