import type { Invariant } from '../invariant.ts';

/** Each path is asked once a second, and every two while it hangs; what is slow to be sent is not counted. */
const LONGEST_MS = 3000;

/** Only a run that looks sees that visitors get errors while it moves them. */
export const productionIsWatched: Invariant = {
  name: 'production-is-watched',
  holds: 'A run that moves visitors asks production all the time, from before the request to swap until it is done.',
  watch() {
    const askedAt = new Map<string, number>();
    const moving = new Set<string>();
    const seen = new Set<string>();
    /** What Azure admits of them later is no step of theirs any more. */
    const ended = new Set<string>();
    const unwatched = (run: string, now: number) => {
      const last = askedAt.get(run);
      if (last !== undefined && now - last <= LONGEST_MS) return undefined;
      return `${run} moves visitors and ${last === undefined ? 'has never asked' : `has not asked for ${now - last} ms`} production`;
    };
    return {
      asked({ now, run }) {
        const what = moving.has(run) ? unwatched(run, now) : undefined;
        askedAt.set(run, now);
        return what;
      },
      step({ now, run, call }) {
        if (run === undefined || call === undefined || ended.has(run)) return undefined;
        // A run takes its own rules away when its last phase has ended.
        if (/^DELETE .*\/firewallRules\//.test(call)) return undefined;
        seen.add(run);
        if (call.includes('/slotsswap')) moving.add(run);
        // What it opened for itself is closed when all is done, and its eyes with it.
        if (call.includes('/firewallRules/')) return undefined;
        return moving.has(run) ? unwatched(run, now) : undefined;
      },
      ran() {
        for (const run of seen) ended.add(run);
        return undefined;
      },
    };
  },
};
