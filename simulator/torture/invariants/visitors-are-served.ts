import { buildOf, production } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** Where Azure surprises, its front door is back, and a restarted instance up, after so long. */
const SURPRISE_MS = 30_000;

/** Asked of production as a visitor does; the page answers 200 only when its build, its database and its schema fit. */
export const visitorsAreServed: Invariant = {
  name: 'visitors-are-served',
  holds: 'Visitors are served by a healthy instance at every moment.',
  watch({ world, allows }) {
    let wasServed = false;
    let illSince: number | undefined;
    return {
      visit({ status, body, now }) {
        const ill = status === 200 ? undefined : `a visitor got ${status}: ${body.slice(0, 200)}`;
        // What follows when a build turns ill before visitors is for `ill-build-is-withdrawn` to say.
        if (ill === undefined || isIllForVisitors()) {
          wasServed ||= ill === undefined;
          illSince = undefined;
          return undefined;
        }
        illSince ??= now;
        // Whoever broke the site before us broke it; from the first visitor who is served it must stay well.
        if (allows.has('ill') && !wasServed) return undefined;
        if (allows.has('ill-for-a-moment') && now - illSince < SURPRISE_MS) return undefined;
        return ill;
      },
    };

    function isIllForVisitors(): boolean {
      const { instance } = production(world).occupant;
      return instance !== undefined && buildOf(world, instance)?.illForVisitors === true;
    }
  },
};
