import { production } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** What `switch` says when it has missed a deadline. */
export const MISSED = /is not quiet after|\((swap|switch)-timeout\)/;

/** In mode read-write they may write meanwhile, and going back would lose that. */
export const missedDeadlinesAreUndone: Invariant = {
  name: 'missed-deadlines-are-undone',
  holds: 'Visitors do not wait on a read-only site because switch has missed a deadline.',
  watch({ world, phase, scenario }) {
    return {
      ran({ report }) {
        if (phase !== 'switch' || scenario === 'read-write' || !MISSED.test(report?.failure?.happened ?? ''))
          return undefined;
        const marker = production(world).occupant.settings.ZDD_INSTANCE ?? '';
        return /\/read-only\//.test(marker)
          ? `visitors were left on ${marker}: ${report?.failure?.happened}`
          : undefined;
      },
    };
  },
};
