import { clients, namesakeOf, production, recorded } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** The last look of `complete` is who works in the originals: an app that was never connected there was not seen, whoever else was. */
export const strangersProveNothing: Invariant = {
  name: 'strangers-prove-nothing',
  holds: 'Where the app itself was not seen at work in an original, it is said, whoever else is connected there.',
  watch({ world, history, phase }) {
    // Who ended it has looked. Whoever comes after only mends its record, and need not look again.
    const wasCompleted = recorded(world, 'zdd-completed-at') !== undefined;
    const seen = new Set<string>();
    const doubts: string[] = [];
    return {
      step() {
        for (const { kind, slot, connectedTo } of clients(world)) {
          if (kind === 'app' && slot.name === production(world).name) for (const id of connectedTo) seen.add(id);
        }
      },
      ran({ report, lines }) {
        doubts.push(...lines.filter((line) => line.includes('Nobody was seen at work in')));
        if (phase !== 'complete' || wasCompleted || report?.failure || !report?.result?.changed) return undefined;
        const unseen = history.originals.find((each) => !seen.has(namesakeOf(world, each)?.databaseId ?? ''));
        return unseen && !doubts.some((said) => said.includes(unseen.name))
          ? `the app never had a session in ${unseen.name}, and nothing is said of it`
          : undefined;
      },
    };
  },
};
