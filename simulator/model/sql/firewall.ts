import { type ModelResponse, Unmodelled, type World } from '../world.ts';
import { answer, Refusal } from './answer.ts';
import { notFound, type Route, serverId, serverOf } from './route.ts';
import type { FirewallRule, SqlServer } from './state.ts';

/** `…/firewallRules[/{name}]`. A new rule answers 201, a changed one 200, a deletion 200, or 204 when there is none. */
export function firewallRequest(world: World, route: Route, body: unknown, now: number): ModelResponse {
  const server = serverOf(world, route);
  const name = route.segments[3];
  if (name === undefined) {
    if (route.method !== 'GET') throw new Unmodelled(`${route.method} of firewall rules`);
    return answer(world, now, 200, {
      value: Object.values(server.firewallRules).map((rule) => ruleBody(world, server, rule)),
    });
  }
  const rule = server.firewallRules[name.toLowerCase()];
  if (route.method === 'GET') {
    if (rule === undefined) throw notFound(`servers/${server.name}/firewallRules/${name}`, server.resourceGroup);
    return answer(world, now, 200, ruleBody(world, server, rule));
  }
  if (route.method === 'DELETE') {
    delete server.firewallRules[name.toLowerCase()];
    return answer(world, now, rule === undefined ? 204 : 200);
  }
  if (route.method !== 'PUT') throw new Unmodelled(`${route.method} of a firewall rule`);
  const { properties } = (body ?? {}) as { properties?: { startIpAddress?: string; endIpAddress?: string } };
  const startIpAddress = address(properties?.startIpAddress);
  const endIpAddress = address(properties?.endIpAddress);
  const added: FirewallRule = {
    name: rule?.name ?? name,
    startIpAddress,
    endIpAddress,
    effectiveAt: now + world.durations.firewall,
  };
  server.firewallRules[name.toLowerCase()] = added;
  return answer(world, now, rule === undefined ? 201 : 200, ruleBody(world, server, added));
}

/** Whether the server's rules let this address in. `0.0.0.0` to `0.0.0.0` stands for Azure's own addresses. */
export function letsIn(server: SqlServer, from: string, now: number): boolean {
  const value = asNumber(from);
  return Object.values(server.firewallRules).some((rule) => {
    if (rule.effectiveAt > now) return false;
    if (rule.startIpAddress === '0.0.0.0' && rule.endIpAddress === '0.0.0.0') return isAzureAddress(from);
    return (
      value !== undefined &&
      (asNumber(rule.startIpAddress) ?? 0) <= value &&
      value <= (asNumber(rule.endIpAddress) ?? 0)
    );
  });
}

/** The model's stand-in for "an address of Azure's": 10.0.0.0/8 and 20.0.0.0/8. App instances come from there. */
function isAzureAddress(from: string): boolean {
  return /^(10|20)\./.test(from);
}

function ruleBody(world: World, server: SqlServer, rule: FirewallRule): unknown {
  return {
    properties: { startIpAddress: rule.startIpAddress, endIpAddress: rule.endIpAddress },
    id: `${serverId(world, server)}/firewallRules/${rule.name}`,
    name: rule.name,
    type: 'Microsoft.Sql/servers/firewallRules',
  };
}

function address(text: string | undefined): string {
  if (text === undefined || asNumber(text) === undefined) {
    throw new Refusal(400, 'InvalidFirewallRuleIpAddress', `'${text}' is not an IPv4 address.`);
  }
  return text;
}

function asNumber(text: string): number | undefined {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
