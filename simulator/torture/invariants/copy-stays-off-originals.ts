import { clients, originalIds, production } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** The phases whose task the copy is. */
const STOPPING = new Set(['read-only', 'cleanup']);

export const copyStaysOffOriginals: Invariant = {
  name: 'copy-stays-off-originals',
  holds:
    'No read-only copy ever holds a session in an original database; one that cannot be kept from it never serves visitors, and is stopped.',
  watch({ world, history, phase, allows }) {
    let isCutOff = false;
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
      ran({ report }) {
        isCutOff = report === undefined;
      },
      end() {
        // One that a killed run has started: a phase that refuses changes nothing, and says which one goes on.
        const mayRun = allows.has('astray') && (isCutOff || !STOPPING.has(phase));
        return mayRun ? undefined : sentence(astray()[0]);
      },
    };
  },
};
