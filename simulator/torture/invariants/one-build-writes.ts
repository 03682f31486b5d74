import { clients, originalIds, SEARCH } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** The live build is version 1, the new build any other. */
export const oneBuildWrites: Invariant = {
  name: 'one-build-writes',
  holds: 'Live build and new build are never connected to the originals at the same time.',
  watch({ world, history }) {
    return {
      step() {
        const originals = originalIds(world, history);
        const versions = new Set<string>();
        for (const { build, connectedTo, environment, slot } of clients(world)) {
          // Its candidate is its live build.
          if (slot.site === SEARCH) continue;
          if (build === undefined || /\/read-only\//.test(environment.ZDD_INSTANCE ?? '')) continue;
          if (connectedTo.some((id) => originals.has(id))) versions.add(build.version);
        }
        return versions.size > 1 ? `versions ${[...versions].join(' and ')} are in the originals at once` : undefined;
      },
    };
  },
};
