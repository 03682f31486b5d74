import type { ConnectionStringDictionary } from '@azure/arm-appservice';
import { Stop } from '../errors.ts';
import type { Arm, AzureAnswer, AzureCall } from './arm.ts';
import { read, web } from './requests.ts';
import { isSecretConnectionString } from './secrets.ts';
import type { StickyNames } from './site-shapes.ts';
import { appId, named, onSite, slowWrite } from './sites.ts';
import type { ConnectionString, SlotSettings } from './slot-settings.ts';

const SLOW_MS = 300_000;

type Wire<T> = { readonly properties?: T | null };

export async function getAppSettings(arm: Arm, id: string): Promise<Readonly<Record<string, string>>> {
  const what = `read the app settings of ${named(id)}`;
  const answer = await onSite(arm, { what, id, repeat: 'read' }, (webApps, { group, app, slot }) =>
    slot ? webApps.listApplicationSettingsSlot(group, app, slot) : webApps.listApplicationSettings(group, app),
  );
  refuseLost(id, answer);
  return answer.value().properties ?? {};
}

/**
 * The client, and whoever writes to a plain object, loses this name without a word; a copy would lack the setting.
 * @throws Stop `refused`
 */
function refuseLost(id: string, answer: AzureAnswer): void {
  const { properties } = read<Wire<object>>(answer);
  if (!Object.hasOwn(properties ?? {}, '__proto__')) return;
  throw new Stop(
    'refused',
    `A setting of ${named(id)} is called __proto__, which cannot be carried to another slot.`,
    'Rename it, or remove it: az webapp config appsettings delete --setting-names __proto__',
  );
}

/** Replaces ALL app settings: names left out are deleted. Restarts the slot. */
export async function putAppSettings(
  arm: Arm,
  id: string,
  settings: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const body = { properties: { ...settings } };
  const call = slowWrite(`write the app settings of ${named(id)}`, id);
  const answer = await onSite(arm, call, (webApps, { group, app, slot }) =>
    slot
      ? webApps.updateApplicationSettingsSlot(group, app, slot, body)
      : webApps.updateApplicationSettings(group, app, body),
  );
  return answer.value().properties ?? {};
}

export async function getConnectionStrings(arm: Arm, id: string): Promise<Readonly<Record<string, ConnectionString>>> {
  const what = `read the connection strings of ${named(id)}`;
  const answer = await onSite(arm, { what, id, repeat: 'read' }, (webApps, { group, app, slot }) =>
    slot ? webApps.listConnectionStringsSlot(group, app, slot) : webApps.listConnectionStrings(group, app),
  );
  refuseLost(id, answer);
  const strings = answer.value().properties ?? {};
  for (const [name, { value }] of Object.entries(strings)) {
    if (isSecretConnectionString(name, value)) arm.log.secret(value);
  }
  return strings;
}

/** Replaces ALL connection strings: names left out are deleted. Restarts the slot. */
export async function putConnectionStrings(
  arm: Arm,
  id: string,
  strings: Readonly<Record<string, ConnectionString>>,
): Promise<void> {
  // Whatever type Azure told us, the client passes it on.
  const body = { properties: { ...strings } } as ConnectionStringDictionary;
  const call = slowWrite(`write the connection strings of ${named(id)}`, id);
  await onSite(arm, call, (webApps, { group, app, slot }) =>
    slot
      ? webApps.updateConnectionStringsSlot(group, app, slot, body)
      : webApps.updateConnectionStrings(group, app, body),
  );
}

/**
 * Replaces ALL app settings and, it is hoped, ALL connection strings by one write, which restarts the slot once. Of app settings it is
 * recorded (https://github.com/Azure/azure-powershell/issues/14998), of both together nothing is: read both back.
 */
export async function patchBothSettings(arm: Arm, id: string, settings: SlotSettings): Promise<void> {
  const appSettings = Object.entries(settings.appSettings).map(([name, value]) => ({ name, value }));
  const connectionStrings = Object.entries(settings.connectionStrings).map(([name, { value, type }]) => ({
    name,
    connectionString: value,
    type,
  }));
  await patchWebConfig(arm, id, { appSettings, connectionStrings });
}

/** Names that stay with their slot in a swap. They belong to the app as a whole. */
export async function getSlotConfigNames(arm: Arm, id: string): Promise<StickyNames> {
  const what = `read the sticky names of ${named(appId(id))}`;
  const answer = await onSite(arm, { what, id, repeat: 'read' }, (webApps, { group, app }) =>
    webApps.listSlotConfigurationNames(group, app),
  );
  const names = answer.value();
  return {
    appSettings: names.appSettingNames ?? [],
    connectionStrings: names.connectionStringNames ?? [],
    storage: names.azureStorageConfigNames ?? [],
  };
}

/** Replaces all three lists. Whether that restarts the slots is not known: assume it does. */
export async function putSlotConfigNames(arm: Arm, id: string, names: StickyNames): Promise<void> {
  const properties = {
    appSettingNames: names.appSettings,
    connectionStringNames: names.connectionStrings,
    azureStorageConfigNames: names.storage,
  };
  const what = `change the sticky names of ${named(appId(id))}`;
  await web(arm, what, 'PUT', `${appId(id)}/config/slotConfigNames`, { body: { properties }, timeoutMs: SLOW_MS });
}

/** `config/web`: stack, start command, Always On, path mappings, access restrictions, routing rules, …, as Azure names them. */
export async function getWebConfig(arm: Arm, id: string): Promise<Readonly<Record<string, unknown>>> {
  const what = `read the configuration of ${named(id)}`;
  const answer = await onSite(arm, { what, id, repeat: 'read' }, (webApps, { group, app, slot }) =>
    slot ? webApps.getConfigurationSlot(group, app, slot) : webApps.getConfiguration(group, app),
  );
  return read<Wire<Record<string, unknown>>>(answer).properties ?? {};
}

/**
 * Changes the given properties only. While a swap is in flight it is refused: see `busyWith`.
 * Sent plainly: what was read from another slot must arrive as it was, also what the management client does not know.
 */
export async function patchWebConfig(
  arm: Arm,
  id: string,
  properties: Readonly<Record<string, unknown>>,
): Promise<void> {
  const what = `change the configuration of ${named(id)}`;
  await web(arm, what, 'PATCH', `${id}/config/web`, { body: { properties }, timeoutMs: SLOW_MS });
}

/** Site authentication ("Easy Auth"), either generation; null when we may not read it. */
export async function getAuthEnabled(arm: Arm, id: string): Promise<boolean | null> {
  const what = `read the authentication settings of ${named(id)}`;
  const call: AzureCall = { what, id, repeat: 'read', accept: [403, 404] };
  const answer = await onSite(arm, call, (webApps, { group, app, slot }) =>
    slot ? webApps.getAuthSettingsV2Slot(group, app, slot) : webApps.getAuthSettingsV2(group, app),
  );
  return answer.status === 200 ? answer.value().platform?.enabled === true : null;
}

/** Mounted storage by mount name. The access keys in it are masked. */
export async function getStorageMounts(arm: Arm, id: string): Promise<Readonly<Record<string, unknown>>> {
  const what = `read the mounted storage of ${named(id)}`;
  const answer = await onSite(arm, { what, id, repeat: 'read' }, (webApps, { group, app, slot }) =>
    slot ? webApps.listAzureStorageAccountsSlot(group, app, slot) : webApps.listAzureStorageAccounts(group, app),
  );
  const mounts = read<Wire<Record<string, { accessKey?: string | null }>>>(answer).properties ?? {};
  for (const { accessKey } of Object.values(mounts)) if (accessKey) arm.log.secret(accessKey);
  return mounts;
}
