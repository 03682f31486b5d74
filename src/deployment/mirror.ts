import { lastEntry } from './journal.ts';
import type { Observed } from './observed.ts';
import { isMirrored } from './record.ts';
import { lackingTags } from './record-tags.ts';

/** A run that died between its two writes leaves a mirror that lags behind: the record on the clone decides. */
export function mirrorLags({ record, recordIn, databases, readonlySlot }: Observed): boolean {
  const mirror = databases[0]?.original;
  // Without the clone the journal says what the mirror does not know yet.
  if (record?.entry !== undefined && lastEntry(record, readonlySlot?.tags ?? {}) >= record.entry) return false;
  if (!record || !isMirrored(record) || recordIn !== 'clone' || !mirror) return false;
  return Object.keys(lackingTags(record, mirror.tags)).length > 0;
}

/** The same, where there is one already: what the next steps do must not be told by it alone. A successor gets its own with the next record. */
export function staleMirror(observed: Observed): boolean {
  return observed.databases[0]?.original?.tags['zdd-lock'] !== undefined && mirrorLags(observed);
}
