import { createHash } from 'node:crypto';
import { isSlotName } from '../settings/names.ts';

/** What became of the slots that are neither production nor of the deployment, and which the deployment made. */
export interface SlotChanges {
  /** Made and there: they stay, and are empty after `cleanup`. */
  readonly made: readonly string[];
  readonly appeared: readonly string[];
  readonly vanished: readonly string[];
  /** Where only their number and a digest were kept, and these differ: how many there were, and are. */
  readonly counts?: { readonly before: number; readonly now: number };
}

/** A tag holds 256 characters; beside the names stand an instant and the digests of `beside.ts`. */
const ROOM = 170;
const SHORT = /^#(\d{1,3})-[0-9a-f]{6}$/;

/** The names, `:` between them; where there are none or they do not fit, how many there are beside those of the deployment, and a digest. */
export function slotListText(names: readonly string[], ours: readonly string[]): string {
  const text = [...names].sort().join(':');
  return text === '' || text.length > ROOM ? shortOf(without(names, ours)) : text;
}

export function isSlotListText(text: string): boolean {
  return SHORT.test(text) || text.split(':').every(isSlotName);
}

/**
 * @param before a text of {@link slotListText}
 * @param ours the slots that the deployment may make and work in: whatever becomes of them is no change by others
 */
export function slotChanges(before: string, now: readonly string[], ours: readonly string[]): SlotChanges {
  const others = without(now, ours);
  const short = SHORT.exec(before);
  if (short) {
    const none = { made: [], appeared: [], vanished: [] };
    return shortOf(others) === before ? none : { ...none, counts: { before: Number(short[1]), now: others.length } };
  }
  const then = before.split(':');
  return {
    made: without(without(now, others), then),
    appeared: without(others, then),
    vanished: without(without(then, ours), now),
  };
}

function shortOf(names: readonly string[]): string {
  const sorted = names.map((name) => name.toLowerCase()).sort();
  return `#${names.length}-${createHash('sha256').update(sorted.join(':')).digest('hex').slice(0, 6)}`;
}

/** Azure does not mind the case. */
function without(names: readonly string[], others: readonly string[]): readonly string[] {
  const lower = new Set(others.map((name) => name.toLowerCase()));
  return names.filter((name) => !lower.has(name.toLowerCase()));
}
