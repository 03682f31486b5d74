import type { Arm } from '../azure/arm.ts';
import { getAppSettings, getConnectionStrings, getWebConfig } from '../azure/site-config.ts';
import type { Site } from '../azure/site-shapes.ts';
import { type App, getSite, slotId } from '../azure/sites.ts';
import type { Context } from '../context/context.ts';
import { besideOf } from '../deployment/beside.ts';
import { BUILD_SETTING, MARKER_SETTING, parseMarker } from '../deployment/marker.ts';
import type { Slot, SlotResource } from '../deployment/observed.ts';
import { likeProduction } from '../deployment/web-config.ts';
import { begun } from './ahead.ts';

/** One slot: null when it does not exist, and without its settings when these cannot be read. Then `error` says why. */
export interface SlotLook {
  readonly slot: Slot | SlotResource | null;
  readonly error?: unknown;
}

/** Looks at one slot. Of one that was there before everything is asked for at once. */
export async function lookAtSlot({ arm, known }: Context, app: App, name: string): Promise<SlotLook> {
  const id = slotId(app, name);
  // There is always a production slot; if not, nothing of it is looked at.
  const early = known.slots.has(id) || name === 'production' ? begun(readSettings(arm, id)) : undefined;
  const site = await getSite(arm, id);
  if (!site) {
    known.slots.delete(id);
    return { slot: null };
  }
  known.slots.add(id);
  const settings = await (early ?? readSettings(arm, id));
  return 'error' in settings
    ? { slot: resourceOf(name, site), error: settings.error }
    : { slot: slotOf(name, site, settings) };
}

function readSettings(arm: Arm, id: string) {
  return settingsOf(arm, id).catch((error: unknown) => ({ error }));
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
    travelling: likeProduction(config),
    beside: besideOf(site, config, likeProduction(config)),
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
