import type { Arm } from './azure/arm.ts';
import { deleteFirewallRule } from './azure/firewall.ts';
import type { OpenedRule } from './azure/sql-access.ts';
import type { Log } from './ports.ts';

/** Closes the firewall rules that this run opened; those that are closed already are passed over. */
export async function closeRules(arm: Arm, log: Log, rules: readonly OpenedRule[]): Promise<void> {
  const results = await Promise.allSettled(rules.map((rule) => deleteFirewallRule(arm, rule.serverId, rule.name)));
  results.forEach((result, index) => {
    const name = rules[index]?.name;
    if (result.status === 'fulfilled') log.info(`Firewall rule ${name} is closed.`);
    else log.warning(`Firewall rule ${name} could not be closed; delete it by hand: ${String(result.reason)}`);
  });
}
