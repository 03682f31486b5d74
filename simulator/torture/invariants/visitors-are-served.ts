import type { Invariant } from '../invariant.ts';

/** Asked of production as a visitor does; the page answers 200 only when its build, its database and its schema fit. */
export const visitorsAreServed: Invariant = {
  name: 'visitors-are-served',
  holds: 'Visitors are served by a healthy instance at every moment.',
  watch({ allows }) {
    return {
      visit({ status, body }) {
        if (status === 200 || allows.has('ill')) return undefined;
        return `a visitor got ${status}: ${body.slice(0, 200)}`;
      },
    };
  },
};
