import { production } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** What `complete` or `switch` swapped in may become unhealthy: then it is swapped out again. */
const THERE_AND_BACK = 2;

/** Counts how often visitors moved. A swap is symmetric: one too many undoes the one before. */
export const swapsHappenOnce: Invariant = {
  name: 'swaps-happen-once',
  holds: 'No swap runs twice: visitors move exactly as often as in an undisturbed run.',
  watch({ world, history, undisturbed, allows }) {
    let serving = production(world).occupant.volumeId;
    const before = history.routeChanges;
    const moves = () => history.routeChanges - before;
    return {
      step() {
        const now = production(world).occupant.volumeId;
        if (now === serving) return undefined;
        serving = now;
        history.routeChanges++;
        const most = undisturbed && !allows.has('undone') ? undisturbed.routeChanges : THERE_AND_BACK;
        if (moves() <= most) return undefined;
        return `visitors were moved ${moves()} times, at most ${most} were due`;
      },
      end(isGreen) {
        if (!undisturbed || !isGreen || allows.has('different')) return undefined;
        if (moves() === undisturbed.routeChanges) return undefined;
        return `visitors were moved ${moves()} times, undisturbed ${undisturbed.routeChanges}`;
      },
    };
  },
};
