import type { Invariant } from '../invariant.ts';

/** Until `clone` has its copies only the claim decides; afterwards a run that has begun to change ends before another begins. */
export const oneRunChanges: Invariant = {
  name: 'one-run-changes',
  holds: 'Of two runs on one deployment only one changes it at a time.',
  watch({ phase }) {
    const order: string[] = [];
    return {
      step({ call, run }) {
        if (phase === 'clone' || call === undefined || run === undefined || !isChange(call)) return undefined;
        if (order.at(-1) === run) return undefined;
        // What Azure admits late of a run that has died is no run at work.
        const again = order.includes(run) && order.includes(BESIDE);
        order.push(run);
        return again ? `${order.slice(-3).join(', then ')} changed the deployment` : undefined;
      },
    };
  },
};

/** How the harness calls a run that it starts beside the one of a case. */
const BESIDE = 'the other run';

/** Firewall rules are each run's own, and taking the lease changes nothing. */
function isChange(call: string): boolean {
  return !/firewallRules|applock|CREATE TABLE|tempdb|#|^login /i.test(call);
}
