import { finalState } from '../final-state.ts';
import type { Invariant } from '../invariant.ts';

export const endsAsUndisturbed: Invariant = {
  name: 'ends-as-undisturbed',
  holds: 'The final state equals that of an undisturbed run.',
  watch({ world, history, undisturbed, allows }) {
    return {
      end(isGreen) {
        if (!isGreen || !undisturbed || allows.has('different')) return undefined;
        const now = finalState(world, history).split('\n');
        const then = undisturbed.finalState.split('\n');
        const differs = [
          ...now.filter((line) => !then.includes(line)).map((line) => `+ ${line}`),
          ...then.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
        ];
        return differs.length > 0 ? `the final state differs:\n${differs.join('\n')}` : undefined;
      },
    };
  },
};
