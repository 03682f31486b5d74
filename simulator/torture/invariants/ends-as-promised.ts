import type { Invariant } from '../invariant.ts';

/** What was found and what would fix it is said: in a refusal, in the verdict on a candidate, or by naming who is connected. */
const REFUSES =
  /^(refused|drifted|bad-input)|^failed: A lock keeps|^failed: Production is not healthy|no database has been moved yet|The candidate failed .* checks|is not quiet after .* Still connected/;

/** Not one word of the action's is believed but its colour: green must be deserved, red must be explained. */
export const endsAsPromised: Invariant = {
  name: 'ends-as-promised',
  holds:
    'The phase, run again, ends green, or refuses where what was asked cannot be done; it never fails without a reason, nor for a right that it has.',
  watch({ allows, mustEndRed }) {
    let last = 'it never ended';
    return {
      ran({ report, escaped }) {
        if (escaped !== undefined) return `an error escaped: ${String(escaped)}`;
        if (report === undefined) return undefined;
        const { failure } = report;
        last = failure ? `${failure.kind}: ${failure.happened} ${failure.next}` : 'green';
        if (failure?.kind === 'unexpected') return last;
        // Nobody takes a right away here.
        if (failure && /The identity lacks/.test(failure.happened) && !allows.has('operators'))
          return `a right is said to be missing that is there: ${failure.happened}`;
        if (failure && !/\S/.test(failure.next)) return `a failure without advice: ${failure.happened}`;
        return undefined;
      },
      end(isGreen) {
        if (isGreen && mustEndRed) return 'it ends green, although what is asked cannot be done';
        if (isGreen || allows.has('red') || (allows.has('refused') && REFUSES.test(last))) return undefined;
        return `it does not end green however often it is run: ${last}`;
      },
    };
  },
};
