import { clients, originalIds } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

export const copyStaysOffOriginals: Invariant = {
  name: 'copy-stays-off-originals',
  holds: 'No read-only copy ever holds a session in an original database.',
  watch({ world, history }) {
    return {
      step() {
        const originals = originalIds(world, history);
        const found = clients(world).find(
          ({ environment, connectedTo }) =>
            /\/read-only\//.test(environment.ZDD_INSTANCE ?? '') && connectedTo.some((id) => originals.has(id)),
        );
        return found && `the read-only copy in slot ${found.slot.name} is connected to an original`;
      },
    };
  },
};
