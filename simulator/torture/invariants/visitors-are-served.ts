import { buildOf, production } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** Where Azure surprises, its front door is back, and a restarted instance up, after so long. */
const SURPRISE_MS = 30_000;
/** The same of instances of another size, in the phase that agreed to it. */
const SCALED_MS = 60_000;

/** Asked of production as a visitor does; the page answers 200 only when its build, its database and its schema fit. */
export const visitorsAreServed: Invariant = {
  name: 'visitors-are-served',
  holds: 'Visitors are served by a healthy instance at every moment.',
  watch({ world, phase, allows }) {
    let wasServed = false;
    let failingSince: number | undefined;
    const brokenBefore = new Set<string>();
    return {
      visit({ status, body, now }) {
        const error = status === 200 ? undefined : `a visitor got ${status}: ${body.slice(0, 200)}`;
        // What follows when a build becomes unhealthy before visitors is for `unhealthy-build-is-withdrawn` to say.
        if (error === undefined || isUnhealthyForVisitors()) {
          wasServed ||= error === undefined;
          failingSince = undefined;
          return undefined;
        }
        failingSince ??= now;
        // Somebody else broke the site before us; from the first visitor who is served it must stay healthy.
        const by = instanceOf(body);
        if (allows.has('errors') && !wasServed) {
          if (by !== undefined) brokenBefore.add(by);
          return undefined;
        }
        // What was broken before us was swapped out, and front ends that have not learnt of it still send visitors there.
        if (by !== undefined && brokenBefore.has(by) && production(world).occupant.instance?.id !== by)
          return undefined;
        const mayRestart = allows.has('scaled') && (phase === 'read-only' || phase === 'cleanup');
        if (mayRestart && now - failingSince < SCALED_MS) return undefined;
        if (allows.has('errors-for-a-moment') && now - failingSince < SURPRISE_MS) return undefined;
        return error;
      },
    };

    function isUnhealthyForVisitors(): boolean {
      const { instance } = production(world).occupant;
      return instance !== undefined && buildOf(world, instance)?.unhealthyForVisitors === true;
    }
  },
};

/** The app says which of its instances answers; an error page of Azure's is nobody's. */
function instanceOf(body: string): string | undefined {
  return /"instance":"([^"]+)"/.exec(body)?.[1];
}
