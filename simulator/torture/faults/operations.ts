import type { HttpResponse } from '../../../src/ports.ts';
import type { InjectedOutcome } from '../../model/sql/state.ts';
import type { World } from '../../model/world.ts';
import type { Call } from '../call.ts';
import type { Fault } from './fault.ts';

/** Operations that Azure accepts and that then fail, stall, or lose what they were to do. */
export const operations: readonly Fault[] = [
  sqlOutcome('copy-suspect', 'the copy ends as SUSPECT', isCopy),
  sqlOutcome('copy-failed', 'the copy fails, and its target vanishes', isCopy),
  sqlOutcome('restore-failed', 'the restore fails, and its target vanishes', isRestore),
  swapFails('swap-not-started', 'the swap fails: the worker process could not be started', (world) => {
    for (const swap of Object.values(world.web.swaps)) if (swap.stage === 'restarting') swap.sourceExited = true;
  }),
  swapFails('swap-times-out', 'the swap fails: the warm-up requests have timed out', (world) => {
    for (const swap of Object.values(world.web.swaps)) {
      if (swap.stage === 'restarting') swap.deadline = swap.notBefore;
    }
  }),
  {
    name: 'swap-does-nothing',
    what: 'the swap reports success and has swapped nothing',
    fits: isSwap,
    atReads: 'never',
    inFull: true,
    allows: ['red'],
    async inject(forward, { world, clock }) {
      world.variants['swap-does-nothing'] = true;
      const answer = await forward();
      void clock.sleep(60_000).then(() => {
        delete world.variants['swap-does-nothing'];
      });
      return answer;
    },
  },
  {
    name: 'swap-stalls',
    what: 'the swap takes twenty minutes',
    fits: isSwap,
    atReads: 'never',
    inFull: true,
    async inject(forward, { world, clock }) {
      const { swapSwitch } = world.durations;
      world.durations.swapSwitch = 20 * 60_000;
      // The switch is timed when the source is warm, not at the request.
      void clock.sleep(120_000).then(() => {
        world.durations.swapSwitch = swapSwitch;
      });
      return forward();
    },
  },
  {
    name: 'copy-stalls',
    what: 'the copy takes two hours',
    fits: isCopy,
    atReads: 'never',
    inFull: true,
    async inject(forward, { world }) {
      const { copy } = world.durations;
      world.durations.copy = 7_200_000;
      try {
        return await forward();
      } finally {
        world.durations.copy = copy;
      }
    },
  },
  {
    name: 'restore-stalls',
    what: 'the restore takes two hours',
    fits: isRestore,
    atReads: 'never',
    inFull: true,
    async inject(forward, { world }) {
      const { restore } = world.durations;
      world.durations.restore = 7_200_000;
      try {
        return await forward();
      } finally {
        world.durations.restore = restore;
      }
    },
  },
  {
    name: 'time-limit',
    what: "it takes two hours, and after one the job's time limit ends the run",
    fits: (call) => isCopy(call) || isRestore(call),
    atReads: 'never',
    inFull: true,
    async inject(forward, { world, clock, ...process }) {
      const { copy, restore } = world.durations;
      Object.assign(world.durations, { copy: 7_200_000, restore: 7_200_000 });
      void clock.sleep(3_600_000).then(process.cancel);
      try {
        return await forward();
      } finally {
        Object.assign(world.durations, { copy, restore });
      }
    },
  },
  {
    name: 'tags-lost',
    what: 'the tag write is accepted and shows nothing',
    fits: isTagWrite,
    atReads: 'never',
    async inject(forward, { world }) {
      const answer = await forward();
      world.sql.pending = world.sql.pending.filter((event) => event.kind !== 'show-tags');
      return answer;
    },
  },
  {
    name: 'tags-late',
    what: 'the tags show only two minutes later',
    fits: isTagWrite,
    atReads: 'never',
    comesLate: true,
    async inject(forward, { world }) {
      const { tagWrite } = world.durations;
      world.durations.tagWrite = world.variants['tags-late'] ? tagWrite : 120_000;
      try {
        return await forward();
      } finally {
        world.durations.tagWrite = tagWrite;
      }
    },
  },
  {
    name: 'command-fails',
    what: "the user's command has done its work half-way and ends with 1",
    fits: (call) => call.port === 'command',
    atReads: 'never',
    inFull: true,
    async inject(forward) {
      await forward();
      return { exitCode: 1 } as never;
    },
  },
  {
    name: 'upload-fails',
    what: 'SCM accepts the package and its deployment fails',
    fits: (call) => call.http?.method === 'POST' && /\/api\/publish/.test(call.http.url),
    atReads: 'never',
    async inject(forward, { world }) {
      const answer = (await forward()) as HttpResponse;
      for (const site of Object.values(world.web.sites)) {
        for (const slot of Object.values(site.slots)) {
          const last = slot.occupant.deployments.at(-1);
          if (last?.outcome === undefined && last) {
            Object.assign(last, { contentId: undefined });
          }
        }
      }
      return answer as never;
    },
  },
];

function sqlOutcome(outcome: InjectedOutcome, what: string, fits: (call: Call) => boolean): Fault {
  return {
    name: outcome,
    what,
    fits,
    atReads: 'never',
    inFull: true,
    inject(forward, { world }) {
      world.sql.injected.push(outcome);
      return forward();
    },
  };
}

function swapFails(name: string, what: string, spoil: (world: World) => void): Fault {
  return {
    name,
    what,
    fits: isSwap,
    atReads: 'never',
    inFull: true,
    async inject(forward, { world }) {
      const answer = await forward();
      spoil(world);
      return answer;
    },
  };
}

function isCopy(call: Call): boolean {
  return isPut(call) && /"createMode":"Copy"/.test(String(call.http?.body));
}

function isRestore(call: Call): boolean {
  return isPut(call) && /"createMode":"PointInTimeRestore"/.test(String(call.http?.body));
}

function isPut(call: Call): boolean {
  return call.http?.method === 'PUT';
}

function isSwap(call: Call): boolean {
  return call.http?.method === 'POST' && /\/slotsswap\b/.test(call.http.url);
}

function isTagWrite(call: Call): boolean {
  return call.changes && /Microsoft\.Sql.*Microsoft\.Resources\/tags/i.test(call.http?.url ?? '');
}
