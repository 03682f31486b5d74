import { isProduction, slotId, startSite, stopSite } from '../azure/sites.ts';
import { mergeTags } from '../azure/tags.ts';
import type { Change, Scene } from '../context/scene.ts';
import { isPassing, see } from '../context/seen.ts';
import { Stop } from '../errors.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';
import { awaitSlot } from './await-slot.ts';
import { inOriginals, processesOf } from './copy-place.ts';
import { createLikeProduction } from './create-slot.ts';
import { untilNobodyComes } from './lingering.ts';
import { matchConfig } from './match-config.ts';
import { writeSettings } from './slot-settings.ts';
import { startWebJobs, stopWebJobs } from './slot-webjobs.ts';
import { whenIdle, whenNotBusy } from './when-idle.ts';

type SlotStep = StepOf<
  | 'create-slot'
  | 'tag-slot'
  | 'match-config'
  | 'stop-slot'
  | 'start-slot'
  | 'stop-webjobs'
  | 'start-webjobs'
  | 'write-settings'
>;

export async function applySlot(scene: Scene, step: SlotStep): Promise<Change> {
  const { arm } = scene.context;
  const id = slotId(scene.context.app, step.slot);
  refuseProduction(id);
  switch (step.kind) {
    case 'create-slot':
      return whenNotBusy(scene, `create slot ${step.slot}`, () => createLikeProduction(scene, id));
    case 'tag-slot':
      await whenIdle(scene, step.slot, `write the tags of slot ${step.slot}`, () => mergeTags(arm, id, step.tags));
      await awaitSlot(scene, id, `the tags of slot ${step.slot}`, (site) =>
        Object.entries(step.tags).every(([name, value]) => site?.tags[name] === value),
      );
      return {};
    case 'match-config':
      await matchConfig(scene, step, id);
      return done(step);
    case 'stop-slot':
      await untilNobodyComes(scene, step.slot);
      await whenIdle(scene, step.slot, `stop slot ${step.slot}`, () => stopSite(arm, id));
      await awaitSlot(scene, id, `slot ${step.slot} to stop`, (site) => site?.state === 'Stopped');
      return {};
    case 'start-slot': {
      const before = await presentBefore(scene, step);
      await whenIdle(scene, step.slot, `start slot ${step.slot}`, () => startSite(arm, id));
      await awaitSlot(scene, id, `slot ${step.slot} to start`, (site) => site?.state === 'Running');
      return { ...before, ...done(step) };
    }
    case 'stop-webjobs':
      await stopWebJobs(scene, step.slot);
      return done(step);
    case 'start-webjobs':
      await startWebJobs(scene, step);
      return done(step);
    case 'write-settings':
      await whenIdle(scene, step.slot, `write settings to slot ${step.slot}`, () => writeSettings(scene, step, id));
      return {};
  }
}

/**
 * Whoever is in an original later, and was not before, may be the read-only copy. What may not be seen is refused by its proof; where
 * nobody answered it is not started.
 */
async function presentBefore(scene: Scene, { slot }: StepOf<'start-slot'>): Promise<Change> {
  const { settings, observed } = scene;
  if (slot !== settings.readonlySlot || observed.record?.windowOpenedAt !== undefined) return {};
  const seen = await see(scene.context.signal, () => inOriginals(scene));
  if (isPassing(seen.error)) throw seen.error;
  return seen.value ? { presentBefore: processesOf(seen.value) } : {};
}

/** Safety rule 1: the slot that serves visitors is never written to; everything arrives there by swap. */
function refuseProduction(id: string): void {
  if (!isProduction(id)) return;
  throw new Stop(
    'refused',
    'A step would have changed the production slot.',
    'This is a defect of the action; please report it.',
  );
}
