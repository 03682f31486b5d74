import type { Database } from '../azure/database-shapes.ts';
import { lastEntry } from './journal.ts';
import type { Observed } from './observed.ts';
import { isMirrored } from './record.ts';
import { lackingTags } from './record-tags.ts';

/**
 * The database that keeps the mirror: the first original. A tag alone makes none of a database, so that nobody has it written to who may
 * write tags only elsewhere: it has a copy, or something of it was set aside, or it keeps the mirror already.
 */
export function mirrorPlace({ databases: [first] }: Observed): Database | undefined {
  if (!first?.original) return undefined;
  const { original, clone, setAside } = first;
  const isKnown = clone !== null || setAside.length > 0 || original.tags['zdd-lock'] !== undefined;
  return isKnown ? original : undefined;
}

/**
 * A run that died between its two writes leaves a mirror that lags behind, and one whose write was admitted late leaves a clone that does
 * (`late-writes.ts`): neither says what the record says.
 */
export function recordLags(observed: Observed): boolean {
  return lags(observed, clonePlace(observed)) || lags(observed, mirrorPlace(observed));
}

/** The same, of what is there already: what the next steps do must not hang on one place. A successor gets its mirror with the next record. */
export function isHalfWritten(observed: Observed): boolean {
  const mirror = mirrorPlace(observed);
  return lags(observed, clonePlace(observed)) || (mirror?.tags['zdd-lock'] !== undefined && lags(observed, mirror));
}

function clonePlace({ ours, recordDatabase }: Observed): Database | undefined {
  return ours.find(({ name }) => name === recordDatabase);
}

function lags(observed: Observed, place: Database | undefined): boolean {
  const { record, recordIn } = observed;
  if (!place || !record || !isMirrored(record) || recordIn !== 'clone' || journalLeads(observed)) return false;
  return Object.keys(lackingTags(record, place.tags)).length > 0;
}

/** Without the clone the journal says what the databases do not know yet. */
function journalLeads({ record, readonlySlot }: Observed): boolean {
  return record?.entry !== undefined && lastEntry(record, readonlySlot?.tags ?? {}) >= record.entry;
}
