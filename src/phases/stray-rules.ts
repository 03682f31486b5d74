import type { Observed } from '../deployment/observed.ts';
import type { Step } from '../steps/steps.ts';

/** Closes the firewall rules that were left open and are provably ours, but for those that a lock keeps. */
export function deleteRules({ strayRules, thisRun: { locked } }: Observed): Step[] {
  const rules = strayRules.filter((name) => !(name in locked));
  if (rules.length === 0) return [];
  return [{ kind: 'delete-firewall-rules', rules, because: 'a rule of ours must not outlive the deployment' }];
}
