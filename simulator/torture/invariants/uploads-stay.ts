import type { World } from '../../model/world.ts';
import { hasFile, production, site, slots } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** What production shows when a phase begins visitors find when it has ended; the latest may be in the slot of what they were on. */
export const uploadsStay: Invariant = {
  name: 'uploads-stay',
  holds:
    'Files that visitors sent stay with production through every phase, and the last copy of one is never deleted.',
  watch({ world, history, phase }) {
    const shown = history.uploads.filter((path) => hasFile(world, production(world), path));
    const lost = () => {
      const path = history.uploads.find((one) => !slots(world).some((slot) => hasFile(world, slot, one)));
      return path && `${path} is in no slot any more`;
    };
    return {
      ran: lost,
      end(isGreen) {
        // After a rollback they wait with the live build, unless visitors are back on it.
        const isWaiting = phase === 'rollback' && isOnCopy(world);
        const at = isWaiting ? site(world).slots['zdd-readonly'] : production(world);
        const missing = isGreen && at ? shown.find((path) => !hasFile(world, at, path)) : undefined;
        return missing === undefined ? lost() : `${at?.name} does not show ${missing} any more`;
      },
    };
  },
};

function isOnCopy(world: World): boolean {
  return /\/read-only\//.test(production(world).occupant.settings.ZDD_INSTANCE ?? '');
}
