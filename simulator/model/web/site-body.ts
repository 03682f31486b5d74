import type { World } from '../world.ts';
import { shownOf } from './late-view.ts';
import { armNameOf, armTypeOf, idOf, isProduction, planIdOf, planOf, siteOf } from './lookup.ts';
import { recordedSite } from './recorded/site.ts';
import { recordedSiteConfig, recordedSiteConfigAtCreation } from './recorded/site-config.ts';
import type { Slot } from './state.ts';

/** What of `config/web` a site's own body really shows; the rest of its `siteConfig` is null on every read. */
const SHOWN_CONFIG = ['alwaysOn', 'linuxFxVersion', 'http20Enabled', 'numberOfWorkers', 'minimumElasticInstanceCount'];

/** The body of a site or slot as GET answers it, key for key as recorded. */
export function siteBody(world: World, slot: Slot, now: number): Record<string, unknown> {
  const site = siteOf(world, slot);
  const plan = planOf(world, site);
  const hasTags = Object.keys(slot.tags).length > 0;
  const { slotSwapStatus } = shownOf(slot, now);
  const linux = plan.reserved;
  const linuxFx = configValue(slot, 'linuxFxVersion') ?? '';
  return {
    id: idOf(world, slot),
    name: armNameOf(slot),
    type: armTypeOf(slot),
    kind: kindOf(world, slot),
    location: site.location,
    ...(hasTags && { tags: slot.tags }),
    ...(slot.identity && { identity: slot.identity }),
    properties: {
      ...recordedSite,
      ...(slot.privateEndpoints.length > 0 && { publicNetworkAccess: null }),
      ...slot.properties,
      privateEndpointConnections: privateEndpointsOf(world, slot),
      name: isProduction(slot) ? slot.site : `${slot.site}(${slot.name})`,
      state: slot.state,
      hostNames: [...slot.customHosts, slot.host],
      webSpace: `${site.resourceGroup}-${site.location.replaceAll(' ', '')}webspace`,
      selfLink: `https://waws-prod-am2-047.api.azurewebsites.windows.net:454/subscriptions/${world.subscriptionId}/webspaces/${site.resourceGroup}-${site.location.replaceAll(' ', '')}webspace/sites/${site.name}`,
      repositorySiteName: site.name,
      enabledHostNames: [...slot.customHosts, slot.host, slot.scmHost],
      siteProperties: {
        metadata: null,
        properties: [
          { name: 'LinuxFxVersion', value: linuxFx },
          { name: 'WindowsFxVersion', value: null },
        ],
        appSettings: null,
      },
      hostNameSslStates: [
        ...[...slot.customHosts, slot.host].map((host) => sslState(host, 'Standard')),
        sslState(slot.scmHost, 'Repository'),
      ],
      serverFarmId: planIdOf(world, plan),
      reserved: linux,
      lastModifiedTimeUtc: azureTime(slot.lastModified),
      siteConfig: siteConfigOf(slot),
      deploymentId: slot.occupant.deploymentId,
      sku: plan.sku.tier,
      targetSwapSlot: targetSwapSlotOf(world, slot),
      kind: kindOf(world, slot),
      ftpUsername: isProduction(slot)
        ? `${slot.site}\\$${slot.site}`
        : `${slot.site}__${slot.name}\\$${slot.site}__${slot.name}`,
      tags: hasTags ? slot.tags : null,
      resourceGroup: site.resourceGroup,
      defaultHostName: slot.host,
      slotSwapStatus:
        slotSwapStatus === undefined
          ? null
          : { ...slotSwapStatus, timestampUtc: new Date(slotSwapStatus.timestampUtc).toISOString() },
    },
  };
}

/** With the properties by which https://learn.microsoft.com/rest/api/appservice/web-apps/get-private-endpoint-connection-list shows them. */
export function privateEndpointsOf(world: World, slot: Slot): readonly Record<string, unknown>[] {
  return slot.privateEndpoints.map((name) => ({
    id: `${idOf(world, slot)}/privateEndpointConnections/${name}`,
    name,
    properties: { provisioningState: 'Succeeded', privateLinkServiceConnectionState: { status: 'Approved' } },
  }));
}

/** Such as `app`, `functionapp,linux`: https://github.com/Azure/app-service-linux-docs/blob/master/Things_You_Should_Know/kind_property.md */
export function kindOf(world: World, slot: Slot): string {
  const site = siteOf(world, slot);
  return `${site.kind ?? 'app'}${planOf(world, site).reserved ? ',linux' : ''}`;
}

/** The body that answers the creation of a slot: some fields differ from every later read. */
export function createdSlotBody(world: World, slot: Slot, now: number): Record<string, unknown> {
  const body = siteBody(world, slot, now);
  const properties = body.properties as Record<string, unknown>;
  return {
    ...body,
    properties: {
      ...properties,
      siteConfig: { ...siteConfigOf(slot), ...recordedSiteConfigAtCreation },
      privateEndpointConnections: null,
      inFlightFeatures: null,
    },
  };
}

/** A property of `config/web` that was written on the slot, wherever it is kept. */
export function configValue(slot: Slot, name: string): unknown {
  return slot.fixedConfig[name] ?? slot.occupant.config[name];
}

function siteConfigOf(slot: Slot): Record<string, unknown> {
  const config: Record<string, unknown> = { ...recordedSiteConfig, alwaysOn: false };
  for (const name of SHOWN_CONFIG) {
    const value = configValue(slot, name);
    if (value !== undefined) config[name] = value;
  }
  return config;
}

/** Only the target of a pending preview shows it, as recorded. */
function targetSwapSlotOf(world: World, slot: Slot): string | null {
  const site = siteOf(world, slot);
  if (site.preview === undefined || site.preview.target !== slot.name.toLowerCase()) return null;
  return site.slots[site.preview.source]?.name ?? null;
}

/** Azure leaves trailing zeros and the zone out: `2025-07-15T06:55:15.51`. */
function azureTime(at: number): string {
  return new Date(at).toISOString().replace(/\.?0*Z$/, '');
}

function sslState(name: string, hostType: string): Record<string, unknown> {
  return {
    name,
    sslState: 'Disabled',
    ipBasedSslResult: null,
    virtualIP: null,
    virtualIPv6: null,
    thumbprint: null,
    certificateResourceId: null,
    toUpdate: null,
    toUpdateIpBasedSsl: null,
    ipBasedSslState: 'NotConfigured',
    hostType,
  };
}
