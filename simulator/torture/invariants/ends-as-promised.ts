import type { Invariant } from '../invariant.ts';

/** Not one word of the action's is believed but its colour: green must be deserved, red must be explained. */
export const endsAsPromised: Invariant = {
  name: 'ends-as-promised',
  holds:
    'The phase, run again, ends green, or refuses where what was asked cannot be done; it never fails without a reason.',
  watch({ allows, mustEndRed }) {
    let last = 'it never ended';
    return {
      ran({ report, escaped }) {
        if (escaped !== undefined) return `an error escaped: ${String(escaped)}`;
        if (report === undefined) return undefined;
        const { failure } = report;
        last = failure ? `${failure.kind}: ${failure.happened} ${failure.next}` : 'green';
        if (failure?.kind === 'unexpected') return last;
        if (failure && !/\S/.test(failure.next)) return `a failure without advice: ${failure.happened}`;
        return undefined;
      },
      end(isGreen) {
        if (isGreen && mustEndRed) return 'it ends green, although its build is ill';
        return isGreen || allows.has('red') ? undefined : `it does not end green however often it is run: ${last}`;
      },
    };
  },
};
