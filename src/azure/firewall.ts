import type { Arm } from './client.ts';
import { listAll, sql } from './databases.ts';

export interface FirewallRule {
  readonly name: string;
  readonly startIpAddress: string;
  readonly endIpAddress: string;
}

/** Lets exactly one address in. It takes effect within five minutes: try the login. */
export async function putFirewallRule(arm: Arm, serverId: string, name: string, address: string): Promise<void> {
  await sql(arm, `open firewall rule ${name} for ${address}`, 'PUT', `${serverId}/firewallRules/${name}`, {
    body: { properties: { startIpAddress: address, endIpAddress: address } },
  });
}

/** Gone already is fine. */
export async function deleteFirewallRule(arm: Arm, serverId: string, name: string): Promise<void> {
  await sql(arm, `close firewall rule ${name}`, 'DELETE', `${serverId}/firewallRules/${name}`, { accept: [404] });
}

export async function listFirewallRules(arm: Arm, serverId: string): Promise<readonly FirewallRule[]> {
  const rules = await listAll<{ name: string; properties: { startIpAddress?: string; endIpAddress?: string } }>(
    arm,
    'list the firewall rules of the server',
    `${serverId}/firewallRules`,
  );
  return rules.map(({ name, properties }) => ({
    name,
    startIpAddress: properties.startIpAddress ?? '',
    endIpAddress: properties.endIpAddress ?? '',
  }));
}
