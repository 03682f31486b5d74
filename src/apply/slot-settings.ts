import { isDeepStrictEqual } from 'node:util';
import { getAppSettings, getConnectionStrings, putAppSettings, putConnectionStrings } from '../azure/site-config.ts';
import type { Scene } from '../context/scene.ts';
import { MARKER_SETTING } from '../deployment/marker.ts';
import { slotNamed } from '../deployment/slots.ts';
import type { StepOf } from '../steps/steps.ts';
import { waitFor } from '../wait.ts';

/** Azure may show for so long what was there before. Each write restarts the slot, so none is repeated for that. */
const SHOWN_MS = 120_000;

/**
 * Whole sets, right after a fresh look: when somebody changed the slot since the plan was made nothing is written, and
 * the next look decides anew. Both sets are read back; what does not show in time is for that look as well.
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
  await awaitSettings(scene, step, id, Object.keys(appSettings));
}

/** Until all that was written shows and what was taken away does not: other names may be Azure's own. */
async function awaitSettings(
  { context }: Scene,
  { slot, settings }: StepOf<'write-settings'>,
  id: string,
  before: readonly string[],
): Promise<void> {
  const { arm, ports, signal } = context;
  const removed = before.filter((name) => !(name in settings.appSettings));
  const until = ports.clock.now() + SHOWN_MS;
  await waitFor(ports.clock, ports.log, {
    what: `the settings of slot ${slot} to show`,
    deadlineMs: Number.MAX_SAFE_INTEGER,
    otherwise: '',
    signal,
    async look() {
      const [app, strings] = await Promise.all([getAppSettings(arm, id), getConnectionStrings(arm, id)]);
      const missing = [
        ...Object.entries(settings.appSettings).filter(([name, value]) => app[name] !== value),
        ...Object.entries(settings.connectionStrings).filter(
          ([name, value]) => !isDeepStrictEqual(strings[name], value),
        ),
      ];
      const left = [...missing.map(([name]) => name), ...removed.filter((name) => name in app)];
      const isOver = left.length === 0 || ports.clock.now() >= until;
      return isOver ? { done: undefined } : { seen: `${left.join(', ')} not yet` };
    },
  });
}
