import type { Faults } from './action-process.ts';
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

/** One call goes wrong, and nothing else. */
export function faultAt(fault: Fault, ordinal: number): Faults {
  return {
    meet: (call, forward, process) => (call.ordinal === ordinal ? fault.inject(forward, process, call) : forward()),
  };
}
