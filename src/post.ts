import type { Arm } from './azure/arm.ts';
import { deleteFirewallRule } from './azure/firewall.ts';
import { isServerId } from './azure/resource-id.ts';
import type { OpenedRule } from './azure/sql-access.ts';
import { messageOf } from './errors.ts';
import type { Log } from './ports.ts';

/**
 * The rules in the state that the main step left: those of our name on a server. Whatever else stands there was written by
 * somebody else, and nothing is closed for it.
 */
export function rulesIn(state: string): readonly OpenedRule[] {
  try {
    const found: unknown = JSON.parse(state);
    return Array.isArray(found) ? found.filter(isOurs) : [];
  } catch {
    return [];
  }
}

function isOurs(rule: unknown): rule is OpenedRule {
  const { serverId, name }: { serverId?: unknown; name?: unknown } = Object(rule);
  return typeof serverId === 'string' && typeof name === 'string' && isServerId(serverId) && /^zdd-[\w-]+$/.test(name);
}

/** Closes the firewall rules that this run opened; those that are closed already are passed over. */
export async function closeRules(arm: Arm, log: Log, rules: readonly OpenedRule[]): Promise<void> {
  const results = await Promise.allSettled(rules.map((rule) => deleteFirewallRule(arm, rule.serverId, rule.name)));
  results.forEach((result, index) => {
    const name = rules[index]?.name;
    if (result.status === 'fulfilled') log.info(`Firewall rule ${name} is closed.`);
    else log.warning(`Firewall rule ${name} could not be closed; delete it by hand: ${messageOf(result.reason)}`);
  });
}
