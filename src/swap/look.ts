import { azureSaid } from '../azure/failure.ts';
import { getAppSettings } from '../azure/site-config.ts';
import type { Site } from '../azure/site-shapes.ts';
import { getSite, slotId } from '../azure/sites.ts';
import { names } from '../azure/swap.ts';
import { azureNow, type Scene } from '../context/scene.ts';
import { MARKER_SETTING } from '../deployment/marker.ts';
import type { SwapLook } from './outcome.ts';

/** Both instances of a swap as they are now, and what Azure says of the last one. */
export async function lookAt(scene: Scene, source: string): Promise<SwapLook> {
  const { arm, app, ports } = scene.context;
  const sourceId = slotId(app, source);
  const productionId = slotId(app, 'production');
  const [productionSettings, sourceSettings, production, slot] = await Promise.all([
    getAppSettings(arm, productionId),
    getAppSettings(arm, sourceId).catch((error: unknown): Readonly<Record<string, string>> => {
      if (azureSaid(error)?.status === 404) return {};
      throw error;
    }),
    getSite(arm, productionId),
    getSite(arm, sourceId),
  ]);
  return {
    at: ports.clock.now(),
    azureTime: azureNow(scene).getTime(),
    productionMarker: productionSettings[MARKER_SETTING] ?? '',
    sourceMarker: sourceSettings[MARKER_SETTING] ?? '',
    sourceIsGone: slot === null,
    ...swapOf(production, sourceId),
  };
}

function swapOf(production: Site | null, sourceId: string): Pick<SwapLook, 'swappedAt' | 'namesSource'> {
  const status = production?.swapStatus;
  return {
    swappedAt: status?.timestampUtc ?? '',
    namesSource: status ? names(status, sourceId) : false,
  };
}
