import type { World } from '../world.ts';
import type { Slot } from './state.ts';

/**
 * Properties of `config/web` that stay with their slot.
 * https://learn.microsoft.com/azure/app-service/deploy-staging-slots#which-settings-are-swapped (`acrUse…`: azure-docs#91449)
 */
const STAYING = new Set([
  'acrUseManagedIdentityCreds',
  'acrUserManagedIdentityID',
  'autoSwapSlotName',
  'experiments',
  'ftpsState',
  'keyVaultReferenceIdentity',
  'minTlsCipherSuite',
  'minimumElasticInstanceCount',
  'numberOfWorkers',
  'publicNetworkAccess',
  'publishingUsername',
  'routingRules',
  'scmMinTlsCipherSuite',
  'scmType',
  'supportedTlsCipherSuites',
  'scmSupportedTlsCipherSuites',
  'vnetName',
  'vnetPrivatePortsCount',
  'vnetRouteAllEnabled',
]);

/** Those that stay unless WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS is off in every slot: marked † on the same page. */
const STAYING_BY_DEFAULT = new Set([
  'alwaysOn',
  'cors',
  'detailedErrorLoggingEnabled',
  'httpLoggingEnabled',
  'ipSecurityRestrictions',
  'ipSecurityRestrictionsDefaultAction',
  'logsDirectorySizeLimit',
  'minTlsVersion',
  'requestTracingEnabled',
  'scmIpSecurityRestrictions',
  'scmIpSecurityRestrictionsDefaultAction',
  'scmIpSecurityRestrictionsUseMain',
  'scmMinTlsVersion',
]);
/** Of the same kind, and properties of the site. */
const PROTOCOL = ['httpsOnly', 'clientCertEnabled', 'clientCertMode', 'clientCertExclusionPaths'];

/** Those that travel by the same page; Health check by its maintainers (projectkudu/kudu#3173). Of all others nobody says. */
const TRAVELLING = new Set([
  'handlerMappings',
  'healthCheckPath',
  'javaContainer',
  'javaContainerVersion',
  'javaVersion',
  'linuxFxVersion',
  'netFrameworkVersion',
  'nodeVersion',
  'phpVersion',
  'powerShellVersion',
  'pythonVersion',
  'use32BitWorkerProcess',
  'virtualApplications',
  'webSocketsEnabled',
  'windowsFxVersion',
]);

/** Whether a property of `config/web` stays with its slot, as far as its name tells. */
export function staysWithSlot(name: string): boolean {
  return STAYING.has(name) || STAYING_BY_DEFAULT.has(name);
}

/**
 * After the occupants of two slots have changed places: what belongs to the slots all the same goes back, and what
 * stays only by default goes along where its owner wants so. Variant `open-settings-stay`: what no page speaks of
 * (auto-heal, start command, HTTP/2 …) stays, as the page said in January 2025; by default it travels.
 */
export function settleConfig(world: World, one: Slot, other: Slot): void {
  if (world.variants['open-settings-stay']) {
    const names = new Set([...Object.keys(one.occupant.config), ...Object.keys(other.occupant.config)]);
    exchange(
      one.occupant.config,
      other.occupant.config,
      [...names].filter((name) => !TRAVELLING.has(name)),
    );
  }
  if (![one, other].every(preservesNothing)) return;
  exchange(one.fixedConfig, other.fixedConfig, [...STAYING_BY_DEFAULT]);
  exchange(one.properties, other.properties, PROTOCOL);
}

function preservesNothing({ occupant }: Slot): boolean {
  const value = occupant.settings.WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS;
  return value === '0' || value?.toLowerCase() === 'false';
}

function exchange(one: Record<string, unknown>, other: Record<string, unknown>, names: readonly string[]): void {
  for (const name of names) {
    const [first, second] = [one[name], other[name]];
    if (second === undefined) delete one[name];
    else one[name] = second;
    if (first === undefined) delete other[name];
    else other[name] = first;
  }
}
