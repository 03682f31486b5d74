import { hasFile, production, slots } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** What production shows when a phase begins it shows when the phase has ended; the latest may be in the live build's slot only. */
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
        // A rollback goes back to the files of the live build.
        const isHeld = isGreen && phase !== 'rollback';
        const missing = isHeld ? shown.find((path) => !hasFile(world, production(world), path)) : undefined;
        return missing === undefined ? lost() : `production does not show ${missing} any more`;
      },
    };
  },
};
