import { outcomeOf, roleOf, type Visit } from './visit.ts';

/** How often something is said although nothing changed. */
const QUIET_MS = 10_000;
/** For so long after a move an answer of the one before is its last one, and no move back. */
const LINGERING_MS = 3000;

/**
 * Tells what visitors see: at once when another build, another database or another rule about orders meets them, and
 * every now and then besides. Give it the visits of each second.
 */
export function watchVisitors(tell: (sentence: string) => void, whisper: (sentence: string) => void) {
  let seen = '';
  let left = { who: '', at: Number.NEGATIVE_INFINITY };
  let orders = '';
  let failed = 0;
  let requests = 0;
  let said = Date.now();
  return (visits: readonly Visit[]): void => {
    // In the order in which they were asked: a slow answer tells what was, not what is.
    for (const visit of visits.toSorted((one, other) => one.at - other.at)) {
      requests += 1;
      const outcome = outcomeOf(visit);
      if (outcome === 'failed') {
        failed += 1;
        if (failed <= 5) tell(`A visitor saw an error: ${visit.kind} ${visit.path}: ${visit.error ?? visit.status}.`);
        continue;
      }
      const now = `${roleOf(visit)} (version ${visit.version}) on database ${visit.database}`;
      if (now === left.who && visit.at < left.at + LINGERING_MS) continue;
      if (now !== seen) {
        tell(seen === '' ? `Visitors are served by the ${now}.` : `Visitors have moved to the ${now}.`);
        left = { who: seen, at: visit.at };
        seen = now;
      }
      if (visit.kind === 'read') continue;
      const rule =
        outcome === 'ok'
          ? 'Orders are accepted.'
          : `Orders are refused with a friendly page, by the ${visit.refusedBy}; everything can be read.`;
      if (rule !== orders) tell(rule);
      orders = rule;
    }
    if (Date.now() - said < QUIET_MS) return;
    said = Date.now();
    whisper(`${requests} requests so far, ${failed === 0 ? 'none failed' : `${failed} FAILED`}.`);
  };
}
