import { production } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

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
        if (!undisturbed || allows.has('undone') || allows.has('foreign-hands')) return undefined;
        if (moves() <= undisturbed.routeChanges) return undefined;
        return `visitors were moved ${moves()} times, undisturbed ${undisturbed.routeChanges}`;
      },
      end(isGreen) {
        if (!undisturbed || !isGreen || allows.has('different')) return undefined;
        if (moves() === undisturbed.routeChanges) return undefined;
        return `visitors were moved ${moves()} times, undisturbed ${undisturbed.routeChanges}`;
      },
    };
  },
};
