import type { Arm } from '../azure/arm.ts';
import { getAppSettings, getConnectionStrings, getSlotConfigNames, getWebConfig } from '../azure/site-config.ts';
import type { Site, StickyNames } from '../azure/site-shapes.ts';
import { getSite, slotId } from '../azure/sites.ts';
import type { Context } from '../context/context.ts';
import { BUILD_SETTING, MARKER_SETTING, parseMarker } from '../deployment/marker.ts';
import type { App, Slot, SlotResource } from '../deployment/observed.ts';
import { Stop } from '../errors.ts';

/** What of config/web a swap carries along, by https://learn.microsoft.com/azure/app-service/deploy-staging-slots#which-settings-are-swapped */
const TRAVELLING = [
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
  'appCommandLine',
  'use32BitWorkerProcess',
  'webSocketsEnabled',
  'managedPipelineMode',
  'virtualApplications',
  'defaultDocuments',
  'handlerMappings',
  'http20Enabled',
] as const;

/** The app as a whole and its production slot. Stops when there is no such app. */
export async function lookAtProduction(context: Context): Promise<{ app: App; production: Slot }> {
  const id = slotId(context.app, 'production');
  const names = getSlotConfigNames(context.arm, id);
  // Of an app that does not exist this fails, too: what is said then is that there is no app.
  names.catch(() => undefined);
  const production = await lookAtSlot(context, 'production');
  if (!production) {
    throw new Stop(
      'bad-input',
      `There is no app ${context.app.name} in resource group ${context.app.resourceGroup}.`,
      'Check the inputs resource-group and app-name, and that the identity may read the app.',
    );
  }
  return { production, app: appOf(context, production.site, await names) };
}

export function appOf(context: Context, site: Site, sticky: StickyNames): App {
  return {
    name: context.app.name,
    resourceGroup: context.app.resourceGroup,
    id: site.id,
    location: site.location,
    windows: !site.reserved,
    sticky: { appSettings: sticky.appSettings, connectionStrings: sticky.connectionStrings, mounts: sticky.storage },
  };
}

/** One slot, null when it does not exist. Of one that was there before everything is asked for at once. */
export async function lookAtSlot(context: Context, name: string): Promise<Slot | null> {
  const { arm, app, known } = context;
  const id = slotId(app, name);
  const [site, early] = await Promise.all([
    getSite(arm, id),
    known.slots.has(name) ? settingsOf(arm, id).catch((error: unknown) => ({ error })) : undefined,
  ]);
  if (!site) {
    known.slots.delete(name);
    return null;
  }
  if (early && 'error' in early) throw early.error;
  known.slots.add(name);
  return slotOf(name, site, early ?? (await settingsOf(arm, id)));
}

/** One slot, without its settings when these cannot be read: then `error` says why. */
export async function lookAtSlotInPart(
  { arm, app }: Context,
  name: string,
): Promise<{ slot: Slot | SlotResource | null; error?: unknown }> {
  const id = slotId(app, name);
  const site = await getSite(arm, id);
  if (!site) return { slot: null };
  try {
    return { slot: slotOf(name, site, await settingsOf(arm, id)) };
  } catch (error) {
    return { slot: resourceOf(name, site), error };
  }
}

async function settingsOf(arm: Arm, id: string) {
  const [appSettings, connectionStrings, config] = await Promise.all([
    getAppSettings(arm, id),
    getConnectionStrings(arm, id),
    getWebConfig(arm, id),
  ]);
  return { appSettings, connectionStrings, config };
}

function slotOf(
  name: string,
  site: Site,
  { appSettings, connectionStrings, config }: Awaited<ReturnType<typeof settingsOf>>,
): Slot {
  const markerText = appSettings[MARKER_SETTING] ?? '';
  return {
    ...resourceOf(name, site),
    appSettings,
    connectionStrings,
    marker: parseMarker(markerText),
    markerText,
    build: appSettings[BUILD_SETTING],
    travelling: Object.fromEntries(TRAVELLING.map((property) => [property, config[property] ?? null])),
    autoSwapWith:
      typeof config.autoSwapSlotName === 'string' && config.autoSwapSlotName !== '' ? config.autoSwapSlotName : null,
    routed: hasRoutes(config),
  };
}

function resourceOf(name: string, site: Site): SlotResource {
  return {
    name,
    id: site.id,
    site,
    state: site.state,
    host: site.hostName,
    scmHost: site.scmHostName,
    tags: site.tags,
    swapStatus: site.swapStatus
      ? { at: site.swapStatus.timestampUtc, source: site.swapStatus.source, destination: site.swapStatus.destination }
      : null,
    previewWith: site.targetSwapSlot,
  };
}

function hasRoutes(config: Readonly<Record<string, unknown>>): boolean {
  const experiments: { rampUpRules?: unknown } = Object(config.experiments);
  return Array.isArray(experiments.rampUpRules) && experiments.rampUpRules.length > 0;
}
