import { contentBuild, production, slots } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** Its slot holds the only copy of its settings: without them nothing can be rolled back. */
export const liveBuildIsKept: Invariant = {
  name: 'live-build-is-kept',
  holds:
    'While visitors are on the read-only copy, or by a swap by hand on an empty slot, the live build and its settings are kept in a slot.',
  watch({ world }) {
    const isLost = () => {
      const serving = production(world).occupant.settings.ZDD_INSTANCE ?? '';
      if (!/\/read-only\//.test(serving) && contentBuild(world, production(world)) !== undefined) return false;
      return !slots(world).some(
        (slot) =>
          contentBuild(world, slot)?.version === '1' &&
          slot.occupant.settings.ZDD_INSTANCE !== serving &&
          (slot.occupant.connectionStrings.DefaultConnection ?? slot.occupant.settings.SHOP_NAME) !== undefined,
      );
    };
    // Somebody may have deleted it before: that was not us.
    let wasLost = isLost();
    return {
      step() {
        const lost = isLost();
        const nowLost = lost && !wasLost;
        wasLost = lost;
        return nowLost ? 'the live build is nowhere any more, and visitors are not on it' : undefined;
      },
    };
  },
};
