import { type Answer, webError } from '../arm/answer.ts';
import { isJson, type Json, propertiesOf } from '../arm/call.ts';
import { Unmodelled } from '../world.ts';
import { refusePrepared } from './conflict.ts';
import { CONFIG_TYPE, idOf } from './lookup.ts';
import { recordedWebConfig } from './recorded/web-config.ts';
import { changed, replaceConnectionStrings, replaceSettings } from './settings.ts';
import { type SlotCall, unmodelled } from './slot-call.ts';
import type { Slot } from './state.ts';

/**
 * Properties of `config/web` that stay with their slot; the others travel.
 * https://learn.microsoft.com/azure/app-service/deploy-staging-slots#which-settings-are-swapped
 */
const STAYING = new Set([
  'alwaysOn',
  'autoSwapSlotName',
  'cors',
  'detailedErrorLoggingEnabled',
  'experiments',
  'ftpsState',
  'httpLoggingEnabled',
  'ipSecurityRestrictions',
  'ipSecurityRestrictionsDefaultAction',
  'keyVaultReferenceIdentity',
  'acrUseManagedIdentityCreds',
  'acrUserManagedIdentityID',
  'logsDirectorySizeLimit',
  'minTlsCipherSuite',
  'minTlsVersion',
  'minimumElasticInstanceCount',
  'numberOfWorkers',
  'publicNetworkAccess',
  'publishingUsername',
  'requestTracingEnabled',
  'routingRules',
  'scmIpSecurityRestrictions',
  'scmIpSecurityRestrictionsDefaultAction',
  'scmIpSecurityRestrictionsUseMain',
  'scmMinTlsCipherSuite',
  'scmMinTlsVersion',
  'scmType',
  'supportedTlsCipherSuites',
  'scmSupportedTlsCipherSuites',
  'vnetName',
  'vnetPrivatePortsCount',
  'vnetRouteAllEnabled',
]);

/** `config/web`: GET, PATCH and PUT (which, like PATCH, leaves alone what is not named). A write restarts the slot. */
export function webConfigRequest(call: SlotCall): Answer {
  const { world, slot } = call;
  if (call.rest.length !== 2) throw unmodelled(call);
  if (call.method === 'GET') return { status: 200, body: bodyOf(call) };
  if (call.method !== 'PATCH' && call.method !== 'PUT') throw unmodelled(call);
  const refused = refusePrepared(call.site, slot) ?? writeConfig(slot, propertiesOf(call.body));
  if (refused !== undefined) return refused;
  changed(call);
  return { status: 200, headers: { etag: slot.etag }, body: bodyOf(call), delayMs: world.durations.settingsWrite };
}

/** Writes properties of `config/web`, app settings and connection strings among them; or says why not. */
export function writeConfig(slot: Slot, properties: Json): Answer | undefined {
  for (const [name, value] of Object.entries(properties)) {
    if (!(name in recordedWebConfig)) throw new Unmodelled(`${name} in config/web`);
    const refused = writeOne(slot, name, value);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** Everything that `config/web` shows for a slot. */
function webConfigOf(slot: Slot): Json {
  const experiments = slot.fixedConfig.experiments;
  const rules = isJson(experiments) ? experiments.rampUpRules : undefined;
  return {
    ...recordedWebConfig,
    alwaysOn: false,
    ...slot.occupant.config,
    ...slot.fixedConfig,
    ...(rules !== undefined && { routingRules: rules }),
    publishingUsername: slot.name === 'production' ? `$${slot.site}` : `$${slot.site}__${slot.name}`,
    azureStorageAccounts: slot.occupant.storageMounts,
    siteAuthEnabled: slot.auth.enabled === true,
  };
}

function writeOne(slot: Slot, name: string, value: unknown): Answer | undefined {
  if (name === 'publicNetworkAccess' && value !== null) {
    // https://github.com/Azure/azure-cli/issues/27474
    const template =
      'SiteConfig.PublicNetworkAccess cannot be modified. Please modify the Site.PublicNetworkAccess property.';
    return webError(409, 'Conflict', template);
  }
  if (name === 'appSettings')
    return value === null
      ? undefined
      : replaceSettings(
          slot,
          byName(value, (one) => one.value),
        );
  if (name === 'connectionStrings') {
    const strings = (one: Json) => ({ value: one.connectionString, type: one.type });
    return value === null ? undefined : replaceConnectionStrings(slot, byName(value, strings));
  }
  if (name === 'azureStorageAccounts') {
    if (value !== null) slot.occupant.storageMounts = isJson(value) ? value : {};
    return undefined;
  }
  if (STAYING.has(name)) slot.fixedConfig = { ...slot.fixedConfig, [name]: value };
  else slot.occupant.config = { ...slot.occupant.config, [name]: value };
  return undefined;
}

/** `[{name, value}]` as an object. */
function byName(list: unknown, read: (one: Json) => unknown): Json {
  if (!Array.isArray(list)) throw new Unmodelled('settings in config/web that are not a list');
  return Object.fromEntries(list.map((one: Json) => [String(one.name), read(one)]));
}

function bodyOf(call: SlotCall): Json {
  return {
    id: `${idOf(call.world, call.slot)}/config/web`,
    name: call.site.name,
    type: CONFIG_TYPE,
    location: call.site.location,
    properties: webConfigOf(call.slot),
  };
}
