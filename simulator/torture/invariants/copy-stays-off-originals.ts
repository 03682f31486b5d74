import { clients, originalIds, production } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

export const copyStaysOffOriginals: Invariant = {
  name: 'copy-stays-off-originals',
  holds:
    'No read-only copy ever holds a session in an original database; one that cannot be kept from it never serves visitors, and is stopped.',
  watch({ world, history, allows }) {
    const astray = () => {
      const originals = originalIds(world, history);
      return clients(world).filter(
        ({ environment, connectedTo }) =>
          /\/read-only\//.test(environment.ZDD_INSTANCE ?? '') && connectedTo.some((id) => originals.has(id)),
      );
    };
    const sentence = (found: ReturnType<typeof clients>[number] | undefined) =>
      found && `the read-only copy in slot ${found.slot.name} is connected to an original`;
    return {
      step() {
        const found = astray();
        return sentence(
          allows.has('astray') ? found.find(({ slot }) => slot.name === production(world).name) : found[0],
        );
      },
      end: () => sentence(astray()[0]),
    };
  },
};
