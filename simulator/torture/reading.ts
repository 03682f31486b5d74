import type { Call } from './call.ts';
import type { AtReads } from './faults/fault.ts';

/** How a read stands to the reads before it. */
export type Reading = 'first-after-change' | 'new' | 'again' | 'poll';

/** The faults that a read meets, by what they say of themselves. */
const MEETS: Readonly<Record<Reading, readonly AtReads[]>> = {
  'first-after-change': ['first-after-change', 'new', 'all'],
  new: ['new', 'all'],
  again: ['all'],
  poll: [],
};

/** @param before the calls of the same run that precede it */
export function readingAt(call: Call, before: readonly Call[]): Reading {
  if (before.at(-1)?.changes !== false) return 'first-after-change';
  const lastChange = before.findLastIndex((other) => other.changes);
  if (before.slice(lastChange + 1).some((other) => other.text === call.text)) return 'poll';
  if (!before.some((other) => other.text === call.text)) return 'new';
  return wasReadAfter(before[lastChange]?.text, call.text, before) ? 'poll' : 'again';
}

/** The same read has followed the same kind of change before. */
function wasReadAfter(change: string | undefined, read: string, before: readonly Call[]): boolean {
  let last: string | undefined;
  let current = 0;
  const lastChange = before.findLastIndex((other) => other.changes);
  for (const call of before) {
    if (call.changes) last = call.text;
    if (current++ >= lastChange) return false;
    if (!call.changes && last === change && call.text === read) return true;
  }
  return false;
}

/** Whether a fault that says this of itself is tried at such a read. */
export function reads(reading: Reading, atReads: AtReads): boolean {
  return MEETS[reading].includes(atReads);
}
