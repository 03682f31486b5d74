import { isDeepStrictEqual } from 'node:util';

/** `config/web`, or a part of it, as Azure names it. */
export type WebConfig = Readonly<Record<string, unknown>>;

/**
 * What a swap carries for certain, by
 * https://learn.microsoft.com/azure/app-service/deploy-staging-slots#which-settings-are-swapped (Health check:
 * https://github.com/projectkudu/kudu/issues/3173)
 */
const TRAVELS = new Set([
  'netFrameworkVersion',
  'phpVersion',
  'pythonVersion',
  'nodeVersion',
  'powerShellVersion',
  'javaVersion',
  'javaContainer',
  'javaContainerVersion',
  'linuxFxVersion',
  'windowsFxVersion',
  'use32BitWorkerProcess',
  'webSocketsEnabled',
  'virtualApplications',
  'handlerMappings',
  'healthCheckPath',
]);

/** Stays with its slot, and without it the slot gets no image of such a registry. https://github.com/MicrosoftDocs/azure-docs/issues/91449 */
const NEEDED_TO_START = new Set(['acrUseManagedIdentityCreds', 'acrUserManagedIdentityID']);

/** Stays with its slot by the same page: each slot has its own. */
const STAYS = [
  'alwaysOn',
  'autoSwapSlotName',
  'cors',
  'detailedErrorLoggingEnabled',
  'elasticWebAppScaleLimit',
  'experiments',
  'functionAppScaleLimit',
  'functionsRuntimeScaleMonitoringEnabled',
  'httpLoggingEnabled',
  'ipSecurityRestrictions',
  'ipSecurityRestrictionsDefaultAction',
  'keyVaultReferenceIdentity',
  'logsDirectorySizeLimit',
  'managedServiceIdentityId',
  'minimumElasticInstanceCount',
  'minTlsCipherSuite',
  'minTlsVersion',
  'numberOfWorkers',
  'preWarmedInstanceCount',
  'publicNetworkAccess',
  'publishingPassword',
  'publishingUsername',
  'requestTracingEnabled',
  'routingRules',
  'scmIpSecurityRestrictions',
  'scmIpSecurityRestrictionsDefaultAction',
  'scmIpSecurityRestrictionsUseMain',
  'scmMinTlsCipherSuite',
  'scmMinTlsVersion',
  'scmSupportedTlsCipherSuites',
  'scmType',
  'sitePrivateLinkHostEnabled',
  'supportedTlsCipherSuites',
  'vnetName',
  'vnetPrivatePortsCount',
  'vnetRouteAllEnabled',
  'xManagedServiceIdentityId',
];

/** Shown in `config/web` and written elsewhere, by the platform or not at all. */
const NOT_WRITTEN_HERE = [
  'appSettings',
  'azureMonitorLogCategories',
  'azureStorageAccounts',
  'connectionStrings',
  'customAppPoolIdentityAdminState',
  'customAppPoolIdentityTenantState',
  'machineKey',
  'metadata',
  'runtimeADUser',
  'runtimeADUserPassword',
  'sandboxType',
  'siteAuthEnabled',
  'siteAuthSettings',
  'storageType',
  'tracingOptions',
  'winAuthAdminState',
  'winAuthTenantState',
  'windowsConfiguredStacks',
];

const LEFT_ALONE = new Set([...STAYS, ...NOT_WRITTEN_HERE]);

/**
 * What slots of ours are given as production has it: all that a swap carries or may carry (of auto-heal, start command, HTTP/2
 * and others nobody says), so that production has the same afterwards either way, and what a build needs to start.
 */
export function likeProduction(config: WebConfig): WebConfig {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !LEFT_ALONE.has(name)));
}

/** The part that a swap carries for certain. */
export function surelyTravelling(config: WebConfig): WebConfig {
  return Object.fromEntries(Object.entries(config).filter(([name]) => TRAVELS.has(name)));
}

/** What production must have when the live build, whose own configuration is `live`, has given way to another build. */
export function asBefore(live: WebConfig, production: WebConfig): WebConfig {
  const stays = Object.entries(production).filter(([name]) => NEEDED_TO_START.has(name));
  return { ...live, ...Object.fromEntries(stays) };
}

/** The properties of `wanted` that are other ones in `config`. Azure shows what is not set as null, false, 0, '' or an empty list. */
export function differing(wanted: WebConfig, config: WebConfig): WebConfig {
  const differs = ([name, value]: [string, unknown]) => !isDeepStrictEqual(set(config[name]), set(value));
  return Object.fromEntries(Object.entries(wanted).filter(differs));
}

function set(value: unknown): unknown {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return isEmpty ? null : value || null;
}
