import type { Arm } from './client.ts';
import type { ConnectionString, StickyNames } from './site-shapes.ts';
import { appId, named, read, web } from './sites.ts';

const SLOW_MS = 300_000;

type Wire<T> = { readonly properties?: T | null };

export async function getAppSettings(arm: Arm, id: string): Promise<Readonly<Record<string, string>>> {
  const what = `read the app settings of ${named(id)}`;
  const answer = await web(arm, what, 'POST', `${id}/config/appsettings/list`, { repeat: 'read' });
  return read<Wire<Record<string, string>>>(answer).properties ?? {};
}

/** Replaces ALL app settings: names left out are deleted. Restarts the slot. */
export async function putAppSettings(
  arm: Arm,
  id: string,
  settings: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const body = { properties: settings };
  const what = `write the app settings of ${named(id)}`;
  const answer = await web(arm, what, 'PUT', `${id}/config/appsettings`, { body, timeoutMs: SLOW_MS });
  return read<Wire<Record<string, string>>>(answer).properties ?? {};
}

export async function getConnectionStrings(arm: Arm, id: string): Promise<Readonly<Record<string, ConnectionString>>> {
  const what = `read the connection strings of ${named(id)}`;
  const answer = await web(arm, what, 'POST', `${id}/config/connectionstrings/list`, { repeat: 'read' });
  const strings = read<Wire<Record<string, ConnectionString>>>(answer).properties ?? {};
  for (const { value } of Object.values(strings)) if (value !== '') arm.log.secret(value);
  return strings;
}

/** Replaces ALL connection strings: names left out are deleted. Restarts the slot. */
export async function putConnectionStrings(
  arm: Arm,
  id: string,
  strings: Readonly<Record<string, ConnectionString>>,
): Promise<void> {
  const body = { properties: strings };
  const what = `write the connection strings of ${named(id)}`;
  await web(arm, what, 'PUT', `${id}/config/connectionstrings`, { body, timeoutMs: SLOW_MS });
}

/** Names that stay with their slot in a swap. They belong to the app as a whole; we never write them. */
export async function getSlotConfigNames(arm: Arm, id: string): Promise<StickyNames> {
  const what = `read the sticky names of ${named(appId(id))}`;
  const answer = await web(arm, what, 'GET', `${appId(id)}/config/slotConfigNames`);
  const names =
    read<
      Wire<{
        appSettingNames?: readonly string[] | null;
        connectionStringNames?: readonly string[] | null;
        azureStorageConfigNames?: readonly string[] | null;
      }>
    >(answer).properties;
  return {
    appSettings: names?.appSettingNames ?? [],
    connectionStrings: names?.connectionStringNames ?? [],
    storage: names?.azureStorageConfigNames ?? [],
  };
}

/** `config/web`: stack, start command, Always On, path mappings, access restrictions, routing rules, …, as Azure names them. */
export async function getWebConfig(arm: Arm, id: string): Promise<Readonly<Record<string, unknown>>> {
  const answer = await web(arm, `read the configuration of ${named(id)}`, 'GET', `${id}/config/web`);
  return read<Wire<Record<string, unknown>>>(answer).properties ?? {};
}

/** Changes the given properties only. While a swap is in flight it is refused: see `busyWith`. */
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
  const answer = await web(arm, what, 'GET', `${id}/config/authsettingsV2/list`, { accept: [403, 404] });
  if (answer.status !== 200) return null;
  return read<Wire<{ platform?: { enabled?: boolean | null } | null }>>(answer).properties?.platform?.enabled === true;
}

/** Mounted storage by mount name. The access keys in it are masked. */
export async function getStorageMounts(arm: Arm, id: string): Promise<Readonly<Record<string, unknown>>> {
  const what = `read the mounted storage of ${named(id)}`;
  const answer = await web(arm, what, 'POST', `${id}/config/azurestorageaccounts/list`, { repeat: 'read' });
  const mounts = read<Wire<Record<string, { accessKey?: string | null }>>>(answer).properties ?? {};
  for (const { accessKey } of Object.values(mounts)) if (accessKey) arm.log.secret(accessKey);
  return mounts;
}
