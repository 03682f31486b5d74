import { isDeepStrictEqual } from 'node:util';
import { getAppSettings, getConnectionStrings, putAppSettings, putConnectionStrings } from '../azure/site-config.ts';
import type { Scene } from '../context/scene.ts';
import { MARKER_SETTING } from '../deployment/marker.ts';
import { slotNamed } from '../deployment/slots.ts';
import type { StepOf } from '../steps/steps.ts';

/**
 * Whole sets, right after a fresh look: when somebody changed the slot since the plan was made nothing is written, and
 * the next look decides anew. Both sets are read back.
 */
export async function writeSettings(scene: Scene, step: StepOf<'write-settings'>, id: string): Promise<void> {
  const { arm } = scene.context;
  const planned = slotNamed(scene.observed, step.slot);
  const [appSettings, connectionStrings] = await Promise.all([getAppSettings(arm, id), getConnectionStrings(arm, id)]);
  const changed =
    planned !== undefined &&
    (step.once
      ? !isDeepStrictEqual(appSettings, planned.appSettings) ||
        !isDeepStrictEqual(connectionStrings, planned.connectionStrings)
      : (appSettings[MARKER_SETTING] ?? '') !== planned.markerText);
  if (changed) {
    scene.context.ports.log.warning(`Slot ${step.slot} has changed since it was looked at; looking again.`);
    return;
  }
  if (!isDeepStrictEqual({ ...connectionStrings }, { ...step.settings.connectionStrings })) {
    await putConnectionStrings(arm, id, step.settings.connectionStrings);
  }
  // Last, because it holds the marker: a slot that shows the marker has its connection strings, too.
  await putAppSettings(arm, id, step.settings.appSettings);
}
