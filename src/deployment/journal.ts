import type { Slot } from './observed.ts';
import { NONE } from './our-tags.ts';
import type { DeploymentRecord } from './record.ts';
import { FIELDS, gapIn, withGap, withoutSettledIntent } from './record-tags.ts';
import { type Fields, type Parsed, readTags, type Tags, writeTags } from './tag-forms.ts';

/**
 * The journal holds what is recorded while visitors can only read, in tags of the readonly slot: a tag of an app is written at once, one of
 * a database by an operation that takes Azure seconds or minutes (ADR 30). The slot serves nobody then, and is not swapped.
 */
const { entry, rollbackPoint, intent, swaps, settledSwaps, windowOpenedAt } = FIELDS;
const { attempt, fingerprint, deployBegun, migrated, afterStart, candidate } = FIELDS;
const { otherWriters, visitorsOnOriginalSince, verdict } = FIELDS;
const chosen = {
  entry,
  rollbackPoint,
  intent,
  swaps,
  settledSwaps,
  windowOpenedAt,
  attempt,
  fingerprint,
  deployBegun,
  migrated,
  afterStart,
  candidate,
  otherWriters,
  visitorsOnOriginalSince,
  verdict,
};
const IN_WINDOW: Fields<Pick<DeploymentRecord, keyof typeof chosen>> = chosen;
const [DEPLOYMENT] = FIELDS.deploymentId;

/** Azure takes so many tags of a resource. */
const MOST_TAGS = 50;

/**
 * What must be merged into the tags of the slot so that they say what these fields make of the record: nothing when they do. Null where the
 * journal must not be their place.
 */
export function journalTags(
  slot: Slot | null,
  record: DeploymentRecord,
  fields: Partial<DeploymentRecord>,
): Record<string, string> | null {
  const next = { ...record, ...fields };
  const isOpen = next.windowOpenedAt !== undefined && next.windowClosedAt === undefined;
  const isAlone = next.companions === undefined && next.rollbackUnderWay === undefined;
  // While a slot is swapped nothing of it is written.
  if (!slot || !isOpen || !isAlone || fields.intent?.source === slot.name) return null;
  if (
    !Object.entries(fields).every(([name, value]) => name in IN_WINDOW || name === 'gap' || isSame(record, name, value))
  )
    return null;
  const wanted = { [DEPLOYMENT]: next.deploymentId, ...windowTags(next) };
  if (new Set([...Object.keys(slot.tags), ...Object.keys(wanted)]).size > MOST_TAGS) return null;
  const lacking = Object.entries(wanted).filter(([tag, value]) => (slot.tags[tag] ?? NONE) !== value);
  // What stands in one that was put back, or overtaken, is not heeded, also where it says the same: nor where the record did not say it.
  const before = { [DEPLOYMENT]: record.deploymentId, ...windowTags(record) };
  const leads = lastEntry(record, slot.tags) >= (record.entry ?? 0) && isAlike(before, wanted);
  return leads && isAlike(slot.tags, wanted) ? {} : Object.fromEntries(lacking);
}

/** But for the number of the entry. */
function isAlike(tags: Tags, wanted: Tags): boolean {
  return Object.entries(wanted).every(([tag, value]) => tag === entry[0] || (tags[tag] ?? NONE) === value);
}

/** All tags that the journal may hold, also of fields that the record does not have: of these none may be left as it was. */
export function windowTags(record: Partial<DeploymentRecord>): Record<string, string> {
  return withGap(writeTags(IN_WINDOW, { ...CLEARED, ...record }), record.gap);
}

const CLEARED = Object.fromEntries(Object.keys(IN_WINDOW).map((name) => [name, undefined]));

function isSame(record: DeploymentRecord, name: string, value: unknown): boolean {
  return Object.entries(record).find(([each]) => each === name)?.[1] === value;
}

/** The number of the journal's last entry, when it is the journal of this deployment. */
export function lastEntry({ deploymentId }: Pick<DeploymentRecord, 'deploymentId'>, tags: Tags): number {
  return tags[DEPLOYMENT] === deploymentId ? (entry[1].read(tags[entry[0]] ?? '') ?? 0) : 0;
}

/** The record with what its journal knows beyond it. */
export function withJournal(record: DeploymentRecord, tags: Tags): Parsed<DeploymentRecord> {
  if (lastEntry(record, tags) <= (record.entry ?? 0)) return { read: record };
  const journal = readTags(IN_WINDOW, ['swaps', 'settledSwaps', 'attempt'], tags);
  if ('bad' in journal) return journal;
  return { read: withoutSettledIntent({ ...record, ...CLEARED, ...journal.read, gap: gapIn(tags) }) };
}
