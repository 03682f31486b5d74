import { SqlError } from '../../../src/ports.ts';
import type { Call } from '../call.ts';
import { isToAzure } from '../call.ts';
import type { Fault } from './fault.ts';
import { never } from './fault.ts';

/** How late a request may be admitted at most. */
const LATE_MS = [5_000, 60_000] as const;

/** The network between the runner and Azure. */
export const network: readonly Fault[] = [
  {
    name: 'reset-before',
    passes: true,
    what: 'the connection is reset before Azure sees it',
    fits: (call) => call.port !== 'command',
    atReads: 'all',
    async inject(_forward, process, call) {
      await process.clock.sleep(20);
      throw lost(call);
    },
  },
  {
    name: 'answer-lost',
    passes: true,
    what: 'Azure acts, and its answer is lost',
    fits: (call) => call.changes && call.port !== 'command',
    atReads: 'never',
    async inject(forward, _process, call) {
      await forward().catch(() => undefined);
      throw lost(call);
    },
  },
  ...LATE_MS.map(
    (delay): Fault => ({
      name: `late-${delay / 1000}`,
      what: `the connection is reset, and Azure admits the request ${delay / 1000} s later all the same`,
      fits: (call) => call.changes && isToAzure(call),
      atReads: 'never',
      comesLate: true,
      async inject(forward, process, call) {
        void process.clock
          .sleep(delay)
          .then(forward)
          .catch(() => undefined);
        await process.clock.sleep(100);
        throw lost(call);
      },
    }),
  ),
  ...LATE_MS.map(
    (delay): Fault => ({
      name: `killed-late-${delay / 1000}`,
      what: `the runner's machine is gone, and Azure admits the request ${delay / 1000} s later`,
      fits: (call) => call.changes && isToAzure(call),
      atReads: 'never',
      comesLate: true,
      inject(forward, process) {
        void process.clock
          .sleep(delay)
          .then(forward)
          .catch(() => undefined);
        process.die();
        return never();
      },
    }),
  ),
];

/** The swap protocol has a sweep of its own: an earlier swap may be admitted, or end, at any moment of the next run. */
export const swapTimes: readonly Fault[] = [
  ...[1, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55].flatMap((seconds): Fault[] => [
    {
      name: `swap-late-${seconds}`,
      what: `the connection is reset, and Azure admits the swap ${seconds} s later`,
      fits: isSwap,
      atReads: 'never',
      inFull: true,
      comesLate: true,
      async inject(forward, process, call) {
        void process.clock
          .sleep(seconds * 1000)
          .then(forward)
          .catch(() => undefined);
        await process.clock.sleep(100);
        throw lost(call);
      },
    },
    {
      name: `killed-swap-late-${seconds}`,
      what: `the runner's machine is gone, and Azure admits the swap ${seconds} s later`,
      fits: isSwap,
      atReads: 'never',
      inFull: true,
      comesLate: true,
      inject(forward, process) {
        void process.clock
          .sleep(seconds * 1000)
          .then(forward)
          .catch(() => undefined);
        process.die();
        return never();
      },
    },
  ]),
  ...[15, 30, 60, 120, 240, 480, 1200].map(
    (seconds): Fault => ({
      name: `killed-swap-slow-${seconds}`,
      what: `the runner's machine is gone, and the swap takes ${seconds} s longer`,
      fits: isSwap,
      atReads: 'never',
      inFull: true,
      async inject(forward, process) {
        const { durations } = process.world;
        const { swapRestartSource } = durations;
        durations.swapRestartSource = swapRestartSource + seconds * 1000;
        await forward().catch(() => undefined);
        durations.swapRestartSource = swapRestartSource;
        process.die();
        return never();
      },
    }),
  ),
];

function isSwap(call: Call): boolean {
  return call.http?.method === 'POST' && /\/slotsswap\b/.test(call.http.url);
}

function lost(call: Call): Error {
  if (call.port !== 'http') return new SqlError(0, 'Connection lost - read ECONNRESET');
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}
