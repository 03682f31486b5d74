import type { Arm } from './arm.ts';
import { items, sqlPages } from './pages.ts';
import { serverParts } from './resource-id.ts';

export interface FirewallRule {
  readonly name: string;
  readonly startIpAddress: string;
  readonly endIpAddress: string;
}

/** Lets exactly one address in. It takes effect within five minutes: try the login. Put twice it is the same rule. */
export async function putFirewallRule(arm: Arm, serverId: string, name: string, address: string): Promise<void> {
  const { group, server } = serverParts(serverId);
  const rule = { startIpAddress: address, endIpAddress: address };
  await arm.sql(
    { what: `open firewall rule ${name} for ${address}`, id: serverId, repeat: 'read' },
    ({ firewallRules }) => firewallRules.createOrUpdate(group, server, name, rule),
  );
}

/** Gone already is fine. */
export async function deleteFirewallRule(arm: Arm, serverId: string, name: string): Promise<void> {
  const { group, server } = serverParts(serverId);
  await arm.sql(
    { what: `close firewall rule ${name}`, id: serverId, repeat: 'read', accept: [404] },
    ({ firewallRules }) => firewallRules.delete(group, server, name),
  );
}

export async function listFirewallRules(arm: Arm, serverId: string): Promise<readonly FirewallRule[]> {
  const { group, server } = serverParts(serverId);
  const pages = await sqlPages(
    arm,
    { what: 'list the firewall rules of the server', id: serverId, repeat: 'read' },
    ({ firewallRules }) => firewallRules.listByServer(group, server),
  );
  return items(pages).map(({ name = '', startIpAddress = '', endIpAddress = '' }) => ({
    name,
    startIpAddress,
    endIpAddress,
  }));
}
