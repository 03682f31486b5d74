import type { Answer } from '../arm/answer.ts';
import { propertiesOf } from '../arm/call.ts';
import { armRefusal, notFound } from '../arm/refusal.ts';
import type { World } from '../world.ts';
import type { ServerCall } from './database-call.ts';
import { serverId } from './lookup.ts';
import type { FirewallRule, SqlServer } from './state.ts';

/** `GET …/firewallRules` */
export function listRules({ world, server }: ServerCall): Answer {
  const value = Object.values(server.firewallRules).map((rule) => ruleBody(world, server, rule));
  return { status: 200, body: { value } };
}

/** `GET …/firewallRules/{rule}` */
export function showRule({ world, server, names }: ServerCall): Answer {
  const { rule: name = '' } = names;
  const rule = server.firewallRules[name.toLowerCase()];
  if (rule === undefined) {
    throw notFound(`Microsoft.Sql/servers/${server.name}/firewallRules/${name}`, server.resourceGroup);
  }
  return { status: 200, body: ruleBody(world, server, rule) };
}

/** `PUT …/firewallRules/{rule}`: a new one answers 201, a changed one 200. */
export function putRule({ world, server, names, body, now }: ServerCall): Answer {
  const { rule: name = '' } = names;
  const rule = server.firewallRules[name.toLowerCase()];
  const { startIpAddress, endIpAddress } = propertiesOf(body);
  const added: FirewallRule = {
    name: rule?.name ?? name,
    startIpAddress: address(startIpAddress),
    endIpAddress: address(endIpAddress),
    effectiveAt: now + world.durations.firewall,
  };
  server.firewallRules[name.toLowerCase()] = added;
  return { status: rule === undefined ? 201 : 200, body: ruleBody(world, server, added) };
}

/** `DELETE …/firewallRules/{rule}`: 200, or 204 when there is none. */
export function deleteRule({ server, names }: ServerCall): Answer {
  const name = (names.rule ?? '').toLowerCase();
  const isKnown = server.firewallRules[name] !== undefined;
  delete server.firewallRules[name];
  return { status: isKnown ? 200 : 204 };
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

function address(text: unknown): string {
  if (typeof text !== 'string' || asNumber(text) === undefined) {
    throw armRefusal(400, 'InvalidFirewallRuleIpAddress', `'${text}' is not an IPv4 address.`);
  }
  return text;
}

function asNumber(text: string): number | undefined {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
