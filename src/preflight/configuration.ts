import { isDeepStrictEqual } from 'node:util';
import { getWebConfig } from '../azure/site-config.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp, shell } from '../deployment/commands.ts';
import type { AppLook, Slot } from '../deployment/observed.ts';
import { slots } from '../deployment/slots.ts';
import { differing } from '../deployment/web-config.ts';
import { allFine, failed, listed, notLookedAt, passed, warning } from './verdicts.ts';

type Config = Readonly<Record<string, unknown>>;

/** What a swap carries is brought in line by `read-only`; what it does not carry is compared here. */
export async function checkConfiguration({ context, settings, observed }: Scene<AppLook>): Promise<readonly Check[]> {
  const existing = slots(observed);
  const missing = [settings.readonlySlot, settings.stagingSlot].filter(
    (name) => !existing.some((slot) => slot.name.toLowerCase() === name.toLowerCase()),
  );
  const made =
    missing.length === 0
      ? []
      : [
          passed(
            `configuration of ${listed(missing)}`,
            'Will be made with production’s stack, identities, network integration, access restrictions, Always On and TLS settings.',
          ),
        ];
  if (existing.length === 0) return made;
  const read = (slot: Slot) => see(context.signal, () => getWebConfig(context.arm, slot.id));
  const [live, ...configs] = await Promise.all([observed.production, ...existing].map(read));
  return [
    ...made,
    ...existing.flatMap((slot, index) => configuration(observed, slot, live ?? UNSEEN, configs[index] ?? UNSEEN)),
  ];
}

const UNSEEN = { why: 'It was not read.' };

/** Pure: config/web of production and of a slot. https://learn.microsoft.com/azure/app-service/deploy-staging-slots#which-settings-are-swapped */
function configuration(observed: AppLook, slot: Slot, live: Seen<Config>, config: Seen<Config>): readonly Check[] {
  const name = `configuration of ${slot.name}`;
  if (!live.value || !config.value) return [notLookedAt(name, live.why ?? config.why ?? '')];
  const carried = Object.keys(differing(observed.production.travelling, slot.travelling));
  const found =
    carried.length === 0
      ? 'As in production.'
      : `As in production, but for ${listed(carried)}, which "read-only" brings in line because a swap carries it, or may do so.`;
  return allFine(name, found, [
    ...identities(observed, slot, name),
    ...network(observed, slot, name),
    ...fixed(observed, slot, live.value, config.value, name),
  ]);
}

function identities({ app, production }: AppLook, slot: Slot, name: string): readonly Check[] {
  const { identity } = production.site;
  const has = new Set(slot.site.identity.userAssigned.map((id) => id.toLowerCase()));
  const lacking = identity.userAssigned.filter((id) => !has.has(id.toLowerCase()));
  const system = identity.type.includes('SystemAssigned') && !slot.site.identity.type.includes('SystemAssigned');
  if (lacking.length === 0 && !system) return [];
  const ids = [...(system ? ['[system]'] : []), ...lacking].map(shell).join(' ');
  return [
    failed(
      name,
      `Slot ${slot.name} lacks ${listed([...(system ? ['an identity of its own'] : []), ...lacking.map((id) => `identity ${id.split('/').at(-1)}`)])}, which production has; a swap never moves identities.`,
      `${azWebApp(app, 'identity assign', slot.name)} --identities ${ids}`,
    ),
  ];
}

function network({ app, production }: AppLook, slot: Slot, name: string): readonly Check[] {
  const subnet = production.site.virtualNetworkSubnetId;
  const its = slot.site.virtualNetworkSubnetId;
  if ((subnet ?? '').toLowerCase() === (its ?? '').toLowerCase()) return [];
  if (subnet === null) {
    const found = `Slot ${slot.name} is integrated into a network, and production is not.`;
    return [warning(name, found, azWebApp(app, 'vnet-integration remove', slot.name))];
  }
  const vnet = subnet.replace(/\/subnets\/[^/]+$/i, '');
  return [
    failed(
      name,
      `Production reaches its network through subnet ${subnet.split('/').at(-1)}, and slot ${slot.name} does not; a swap does not carry it.`,
      `${azWebApp(app, 'vnet-integration add', slot.name)} --vnet ${shell(vnet)} --subnet ${shell(subnet.split('/').at(-1) ?? '')}`,
    ),
  ];
}

/** Properties that stay with a slot, and the command that brings each in line. */
function fixed({ app, production }: AppLook, slot: Slot, live: Config, config: Config, name: string): readonly Check[] {
  const differs = (property: string) => !isDeepStrictEqual(live[property] ?? null, config[property] ?? null);
  const checks: Check[] = [];
  const say = (found: string, fix: string) => checks.push(warning(name, found, fix));
  if (differs('alwaysOn')) {
    const found = `Always On is ${live.alwaysOn === true ? 'on' : 'off'} in production and the other way in slot ${slot.name}: a slot that falls asleep answers slowly when visitors come.`;
    say(found, `${azWebApp(app, 'config set', slot.name)} --always-on ${live.alwaysOn === true}`);
  }
  if (differs('minTlsVersion')) {
    const found = `The least TLS version is ${String(live.minTlsVersion)} in production and ${String(config.minTlsVersion)} in slot ${slot.name}.`;
    say(found, `${azWebApp(app, 'config set', slot.name)} --min-tls-version ${shell(String(live.minTlsVersion))}`);
  }
  if (differs('ipSecurityRestrictions') || differs('ipSecurityRestrictionsDefaultAction')) {
    const found = `The access restrictions of slot ${slot.name} are not production's: its own address may be open to more visitors, or closed to the probes.`;
    say(found, withSiteConfig(slot, live, ['ipSecurityRestrictions', 'ipSecurityRestrictionsDefaultAction']));
  }
  for (const property of ['httpsOnly', 'clientCertEnabled'] as const) {
    if (production.site[property] === slot.site[property]) continue;
    const found = `${property} is ${production.site[property]} in production and ${slot.site[property]} in slot ${slot.name}; it stays with the slot.`;
    say(found, `${azWebApp(app, 'update', slot.name)} --set ${property}=${production.site[property]}`);
  }
  return checks;
}

function withSiteConfig(slot: Slot, live: Config, names: readonly string[]): string {
  const properties = Object.fromEntries(names.map((property) => [property, live[property] ?? null]));
  const url = `${slot.id}/config/web?api-version=2024-11-01`;
  return `az rest --method patch --url ${shell(url)} --body ${shell(JSON.stringify({ properties }))}`;
}
