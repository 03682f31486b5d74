import type { Slot } from '../../model/web/state.ts';
import type { World } from '../../model/world.ts';
import { hasFile, production, site, slots } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** Phases that move visitors, and what visitors have sent with them. */
const MOVES = /^(switch|complete)$/;

/** What production shows when a phase begins visitors find when it has ended; the latest may be in the slot of what they were on. */
export const uploadsStay: Invariant = {
  name: 'uploads-stay',
  holds:
    'Files that visitors sent stay with production through every phase, and the last copy of one is never deleted.',
  watch({ world, history, phase }) {
    const shown = history.uploads.filter((path) => hasFile(world, production(world), path));
    const begun = production(world).occupant.volumeId;
    const lost = () => {
      const path = history.uploads.find((one) => !slots(world).some((slot) => hasFile(world, slot, one)));
      return path && `${path} is in no slot any more`;
    };
    return {
      ran: lost,
      end(isGreen) {
        const at = placeOfFiles(world, phase, begun);
        const missing = isGreen && at ? shown.find((path) => !hasFile(world, at, path)) : undefined;
        return missing === undefined ? lost() : `${at?.name} does not show ${missing} any more`;
      },
    };
  },
};

/**
 * After a rollback they wait with the live build, unless visitors are back on it. The late swap of a run that was killed may meet a
 * phase that moves nobody: then they wait where they were, for the phase that settles it.
 */
function placeOfFiles(world: World, phase: string, begun: string): Slot | undefined {
  if (!isOnCopy(world)) return production(world);
  if (phase === 'rollback') return site(world).slots['zdd-readonly'];
  return MOVES.test(phase) ? production(world) : slots(world).find(({ occupant }) => occupant.volumeId === begun);
}

function isOnCopy(world: World): boolean {
  return /\/read-only\//.test(production(world).occupant.settings.ZDD_INSTANCE ?? '');
}
