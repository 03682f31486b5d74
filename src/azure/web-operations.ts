import { createWebSiteManagement, type WebSiteManagementContext } from '@azure/arm-appservice/api';
import * as plans from '@azure/arm-appservice/api/appServicePlans';
import {
  get,
  getAuthSettingsV2,
  getAuthSettingsV2Slot,
  getConfiguration,
  getConfigurationSlot,
  getSlot,
  list,
  listApplicationSettings,
  listApplicationSettingsSlot,
  listAzureStorageAccounts,
  listAzureStorageAccountsSlot,
  listByResourceGroup,
  listConnectionStrings,
  listConnectionStringsSlot,
  listInstanceIdentifiers,
  listInstanceIdentifiersSlot,
  listInstanceProcesses,
  listInstanceProcessesSlot,
  listSlotConfigurationNames,
  listSlots,
  start,
  startSlot,
  stop,
  stopSlot,
  updateApplicationSettings,
  updateApplicationSettingsSlot,
  updateConnectionStrings,
  updateConnectionStringsSlot,
} from '@azure/arm-appservice/api/webApps';

/**
 * The operations of App Service that we use, and no others: the client class would bring all of the library along, three quarters of
 * a megabyte that every job of a user downloads and reads.
 */
const webApps = {
  get,
  getSlot,
  list,
  listByResourceGroup,
  listSlots,
  listInstanceIdentifiers,
  listInstanceIdentifiersSlot,
  listInstanceProcesses,
  listInstanceProcessesSlot,
  start,
  startSlot,
  stop,
  stopSlot,
  getConfiguration,
  getConfigurationSlot,
  getAuthSettingsV2,
  getAuthSettingsV2Slot,
  listApplicationSettings,
  listApplicationSettingsSlot,
  updateApplicationSettings,
  updateApplicationSettingsSlot,
  listConnectionStrings,
  listConnectionStringsSlot,
  updateConnectionStrings,
  updateConnectionStringsSlot,
  listSlotConfigurationNames,
  listAzureStorageAccounts,
  listAzureStorageAccountsSlot,
};
const appServicePlans = { get: plans.get };

/** Operations without their first parameter, which is the client. */
type Bound<T> = {
  readonly [K in keyof T]: T[K] extends (context: WebSiteManagementContext, ...rest: infer R) => infer A
    ? (...rest: R) => A
    : never;
};

export interface WebOperations {
  readonly pipeline: WebSiteManagementContext['pipeline'];
  readonly webApps: Bound<typeof webApps>;
  readonly appServicePlans: Bound<typeof appServicePlans>;
}

/** A client of App Service with the operations that we use. */
export function webOperations(...client: Parameters<typeof createWebSiteManagement>): WebOperations {
  const context = createWebSiteManagement(...client);
  return {
    pipeline: context.pipeline,
    webApps: bound(webApps, context),
    appServicePlans: bound(appServicePlans, context),
  };
}

function bound<T extends Readonly<Record<string, unknown>>>(
  operations: T,
  context: WebSiteManagementContext,
): Bound<T> {
  const entries = Object.entries(operations as Readonly<Record<string, (...all: unknown[]) => unknown>>);
  return Object.fromEntries(
    entries.map(([name, operation]) => [name, (...rest: unknown[]) => operation(context, ...rest)]),
  ) as Bound<T>;
}
