import { isDeepStrictEqual } from 'node:util';
import { busyWith } from '../azure/conflicts.ts';
import { azureSaid } from '../azure/failure.ts';
import {
  getAppSettings,
  getConnectionStrings,
  patchBothSettings,
  putAppSettings,
  putConnectionStrings,
} from '../azure/site-config.ts';
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
  const stringsStay = isDeepStrictEqual({ ...connectionStrings }, { ...step.settings.connectionStrings });
  // What may be written once only is written as Azure documents it.
  const together = !stringsStay && !step.once && (await writeTogether(scene, step, id));
  if (!together) {
    if (!stringsStay) await putConnectionStrings(arm, id, step.settings.connectionStrings);
    // Last, because it holds the marker: a slot that shows the marker has its connection strings, too.
    await putAppSettings(arm, id, step.settings.appSettings);
  }
  await awaitSettings(scene, step, id, Object.keys(appSettings), together);
}

/** Both sets at once, which spares visitors who cannot write a write and a restart. False when Azure takes them one by one only. */
async function writeTogether(scene: Scene, { slot, settings }: StepOf<'write-settings'>, id: string): Promise<boolean> {
  try {
    await patchBothSettings(scene.context.arm, id, settings);
    return true;
  } catch (error) {
    const said = azureSaid(error);
    if (said === undefined || ![400, 409].includes(said.status) || busyWith(said) !== undefined) throw error;
    scene.context.ports.log.info(`Slot ${slot} takes its settings one set at a time: ${said.message}`);
    return false;
  }
}

/**
 * Until all that was written shows and what was taken away does not: other names may be Azure's own. Connection strings that do not come
 * with the app settings of the same write are written by themselves, once. Whoever is killed before that leaves a slot that shows its
 * marker without them: it is stopped, and no phase starts or takes one whose sets are not both as they must be.
 */
async function awaitSettings(
  { context }: Scene,
  { slot, settings }: StepOf<'write-settings'>,
  id: string,
  before: readonly string[],
  together: boolean,
): Promise<void> {
  const { arm, ports, signal } = context;
  let mayLack = together;
  const removed = before.filter((name) => !(name in settings.appSettings));
  const until = ports.clock.now() + SHOWN_MS;
  await waitFor(ports.clock, ports.log, {
    what: `the settings of slot ${slot} to show`,
    deadlineMs: Number.MAX_SAFE_INTEGER,
    otherwise: '',
    signal,
    async look() {
      const [app, strings] = await Promise.all([getAppSettings(arm, id), getConnectionStrings(arm, id)]);
      const lacking = Object.entries(settings.appSettings).filter(([name, value]) => app[name] !== value);
      const strange = !isDeepStrictEqual({ ...strings }, { ...settings.connectionStrings });
      const removedYet = removed.filter((name) => name in app);
      if (mayLack && strange && lacking.length === 0 && removedYet.length === 0) {
        mayLack = false;
        await putConnectionStrings(arm, id, settings.connectionStrings);
        return { seen: 'its connection strings not yet' };
      }
      const wrong = Object.entries(settings.connectionStrings).filter(
        ([name, value]) => !isDeepStrictEqual(strings[name], value),
      );
      const left = [...[...lacking, ...wrong].map(([name]) => name), ...removedYet];
      const isOver = left.length === 0 || ports.clock.now() >= until;
      return isOver ? { done: undefined } : { seen: `${left.join(', ')} not yet` };
    },
  });
}
