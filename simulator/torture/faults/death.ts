import type { Fault } from './fault.ts';
import { never } from './fault.ts';

/** The runner, or its job, ends. */
export const deaths: readonly Fault[] = [
  {
    name: 'killed-before',
    what: "the runner's machine is gone before the call is sent",
    fits: () => true,
    atReads: 'first-after-change',
    inject(_forward, process) {
      process.die();
      return never();
    },
  },
  {
    name: 'killed-after',
    what: "Azure acts, and the runner's machine is gone before the answer comes",
    fits: (call) => call.changes,
    atReads: 'never',
    async inject(forward, process) {
      await forward().catch(() => undefined);
      process.die();
      return never();
    },
  },
  {
    name: 'ended',
    what: 'the process is killed, as the runner does at last, and the post step runs',
    fits: (call) => call.changes,
    atReads: 'never',
    async inject(forward, process) {
      void forward().catch(() => undefined);
      process.end();
      return never();
    },
  },
  {
    name: 'cancelled',
    what: 'the job is cancelled while the call is under way, and the post step runs',
    fits: () => true,
    atReads: 'first-after-change',
    inject(forward, process) {
      const answer = forward();
      process.cancel();
      return answer;
    },
  },
];
