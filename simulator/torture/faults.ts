import { SqlError } from '../../src/ports.ts';
import type { Faults } from './action-process.ts';
import { isToAzure } from './call.ts';
import { answers } from './faults/answers.ts';
import { deaths } from './faults/death.ts';
import type { Fault } from './faults/fault.ts';
import { nameTaken } from './faults/name-taken.ts';
import { network, swapTimes } from './faults/network.ts';
import { operations } from './faults/operations.ts';
import { readOnlyCopy } from './faults/read-only-copy.ts';
import { sql } from './faults/sql.ts';

/** Every way in which a call can go wrong. */
export const faults: readonly Fault[] = [
  ...deaths,
  ...network,
  ...swapTimes,
  ...answers,
  ...sql,
  ...operations,
  ...readOnlyCopy,
];

export function faultNamed(name: string): Fault {
  const found = [...faults, nameTaken].find((fault) => fault.name === name);
  if (found) return found;
  throw new Error(`There is no fault ${name}. There are: ${faults.map((fault) => fault.name).join(', ')}.`);
}

/** Azure is slow all the time, which is no reason to fail. */
export const everythingLate: Faults = {
  async meet(call, forward, { clock }) {
    const answer = await forward();
    if (isToAzure(call) || call.port === 'sql' || call.port === 'login') await clock.sleep(LATE_MS);
    return answer;
  },
};

const LATE_MS = 30_000;

/** The first request for the lock is answered as one that waited too long: no reason to hold another kind of lock. */
export function lockTimesOut(): Faults {
  let isOver = false;
  return {
    async meet(call, forward) {
      if (isOver || !/sp_getapplock/.test(call.text)) return forward();
      isOver = true;
      throw new SqlError(1222, 'Lock request time out period exceeded.');
    },
  };
}

/** One call goes wrong, and nothing else but what the fault lasts for. */
export function faultAt(fault: Fault, ordinal: number): Faults {
  let until: number | undefined;
  return {
    meet(call, forward, process) {
      const now = process.clock.now();
      if (call.ordinal === ordinal) until = now + (fault.lastsMs ?? 0);
      else if (until === undefined || now >= until || !fault.fits(call, [])) return forward();
      return fault.inject(forward, process, call);
    },
  };
}
