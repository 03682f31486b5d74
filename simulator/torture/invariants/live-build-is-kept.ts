import { contentBuild, production, slots } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** Its slot holds the only copy of its settings: without them nothing can be rolled back. */
export const liveBuildIsKept: Invariant = {
  name: 'live-build-is-kept',
  holds: 'While visitors are on the read-only copy, the live build and its settings are kept in a slot.',
  watch({ world, allows }) {
    return {
      step() {
        if (allows.has('foreign-hands')) return undefined;
        const serving = production(world).occupant.settings.ZDD_INSTANCE ?? '';
        if (!/\/read-only\//.test(serving)) return undefined;
        const kept = slots(world).some(
          (slot) =>
            contentBuild(world, slot)?.version === '1' &&
            slot.occupant.settings.ZDD_INSTANCE !== serving &&
            slot.occupant.connectionStrings.DefaultConnection !== undefined,
        );
        return kept ? undefined : 'the live build is nowhere any more, and visitors are on its read-only copy';
      },
    };
  },
};
