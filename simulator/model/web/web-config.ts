import type { Answer } from '../arm/answer.ts';
import { isJson, type Json, propertiesOf } from '../arm/call.ts';
import { webRefusal } from '../arm/refusal.ts';
import { Unmodelled } from '../world.ts';
import { refusePrepared } from './conflict.ts';
import { showLate } from './late-view.ts';
import { CONFIG_TYPE, idOf } from './lookup.ts';
import { recordedWebConfig } from './recorded/web-config.ts';
import { changed, replaceConnectionStrings, replaceSettings } from './settings.ts';
import type { SlotCall } from './slot-call.ts';
import type { Slot } from './state.ts';
import { staysWithSlot } from './travelling.ts';

/** `GET config/web` */
export function showWebConfig(call: SlotCall): Answer {
  return { status: 200, body: bodyOf(call) };
}

/** `config/web`: PATCH and PUT, which leave alone what is not named. A write restarts the slot. */
export function updateWebConfig(call: SlotCall): Answer {
  const { world, slot } = call;
  refusePrepared(call.site, slot);
  showLate(world, slot, call.now);
  const { connectionStrings, ...others } = propertiesOf(call.body);
  // Nothing is recorded of connection strings in such a write.
  const takes = connectionStrings !== undefined && !world.variants['patch-leaves-connection-strings'];
  writeConfig(slot, takes ? { ...others, connectionStrings } : others);
  changed(call);
  return { status: 200, headers: { etag: slot.etag }, body: bodyOf(call), delayMs: world.durations.settingsWrite };
}

/** Writes properties of `config/web`, app settings and connection strings among them. */
export function writeConfig(slot: Slot, properties: Json): void {
  for (const [name, value] of Object.entries(properties)) {
    if (!(name in recordedWebConfig)) throw new Unmodelled(`${name} in config/web`);
    writeOne(slot, name, value);
  }
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

function writeOne(slot: Slot, name: string, value: unknown): void {
  if (name === 'publicNetworkAccess' && value !== null) {
    // https://github.com/Azure/azure-cli/issues/27474
    const template =
      'SiteConfig.PublicNetworkAccess cannot be modified. Please modify the Site.PublicNetworkAccess property.';
    throw webRefusal(409, 'Conflict', template);
  }
  if (name === 'appSettings') {
    const values = (one: Json) => one.value;
    if (value !== null) replaceSettings(slot, byName(value, values));
  } else if (name === 'connectionStrings') {
    const strings = (one: Json) => ({ value: one.connectionString, type: one.type });
    if (value !== null) replaceConnectionStrings(slot, byName(value, strings));
  } else if (name === 'azureStorageAccounts') {
    if (value !== null) slot.occupant.storageMounts = isJson(value) ? value : {};
  } else if (staysWithSlot(name)) slot.fixedConfig = { ...slot.fixedConfig, [name]: value };
  else slot.occupant.config = { ...slot.occupant.config, [name]: value };
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
