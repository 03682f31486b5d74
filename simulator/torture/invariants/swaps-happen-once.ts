import { production, recorded } from '../facts.ts';
import type { Invariant } from '../invariant.ts';
import { MISSED } from './missed-deadlines-are-undone.ts';

/** What `complete` or `switch` swapped in may become unhealthy: then it is swapped out again. */
const THERE_AND_BACK = 2;

/** Counts how often visitors moved. A swap is symmetric: one too many undoes the one before. */
export const swapsHappenOnce: Invariant = {
  name: 'swaps-happen-once',
  holds:
    'No swap runs twice: visitors move exactly as often as in an undisturbed run, and there and back where switch has missed a deadline.',
  watch({ world, history, phase, undisturbed, allows }) {
    let undone = 0;
    let toldUndone = 0;
    let isKilled = false;
    let isOver = false;
    const isUndo = () => phase === 'switch' && /^\d+\|undo\|/.test(recorded(world, 'zdd-swap-intent') ?? '');
    let serving = production(world).occupant.volumeId;
    const before = history.routeChanges;
    const moves = () => history.routeChanges - before;
    return {
      step() {
        const now = production(world).occupant.volumeId;
        // What a dead run sent comes while another watches already: it is counted there.
        if (now === serving || isOver) return undefined;
        serving = now;
        history.routeChanges++;
        if (isUndo()) undone++;
        const due = undisturbed && !allows.has('undone') ? undisturbed.routeChanges : THERE_AND_BACK;
        const most = due + 2 * undone;
        if (moves() <= most) return undefined;
        return `visitors were moved ${moves()} times, at most ${most} were due`;
      },
      ran({ report }) {
        isKilled ||= report === undefined;
        const isNew = undone > toldUndone;
        toldUndone = undone;
        // Of a run that was killed nobody tells why it went back.
        if (!isNew || isKilled || allows.has('undone') || MISSED.test(report?.failure?.happened ?? ''))
          return undefined;
        return `visitors were sent back, and no deadline was missed: ${report?.failure?.happened}`;
      },
      end(isGreen) {
        isOver = true;
        if (!undisturbed || !isGreen || allows.has('different')) return undefined;
        const due = undisturbed.routeChanges + 2 * undone;
        return moves() === due ? undefined : `visitors were moved ${moves()} times, and ${due} were due`;
      },
    };
  },
};
