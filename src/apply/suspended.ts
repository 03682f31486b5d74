import { getSlotConfigNames, getWebConfig, patchWebConfig, putSlotConfigNames } from '../azure/site-config.ts';
import type { StickyNames } from '../azure/site-shapes.ts';
import type { Change, Scene } from '../context/scene.ts';
import { sameName } from '../deployment/names.ts';
import { Stop } from '../errors.ts';
import type { StepOf } from '../steps/steps.ts';
import { waitFor } from '../wait.ts';
import { awaitProduction } from './await-production.ts';
import { whenNotBusy } from './when-idle.ts';

const SHOWN_MS = 300_000;

/** Puts off, for as long as the deployment is open, what an input names, or back what was put off. */
export async function applySuspended(
  scene: Scene,
  step: StepOf<'set-auto-swap' | 'set-slot-settings'>,
): Promise<Change> {
  if (step.kind === 'set-auto-swap') await setAutoSwap(scene, step);
  else await setSlotSettings(scene, step);
  return {};
}

async function setAutoSwap(scene: Scene, { slot, to }: StepOf<'set-auto-swap'>): Promise<void> {
  const { arm, ports, signal } = scene.context;
  const { id } = seenTeamSlot(scene, slot);
  const wanted = to === 'on' ? 'production' : '';
  const target = async () => String((await getWebConfig(arm, id)).autoSwapSlotName ?? '');
  // Somebody may have chosen another target meanwhile, and that is theirs to decide.
  if (to === 'on' && (await target()) !== '') return;
  await whenNotBusy(scene, `turn auto-swap of slot ${slot} ${to}`, () =>
    patchWebConfig(arm, id, { autoSwapSlotName: wanted }),
  );
  await waitFor(ports.clock, ports.log, {
    what: `auto-swap of slot ${slot} to be ${to}`,
    deadlineMs: SHOWN_MS,
    otherwise: 'Run the phase again.',
    signal,
    async look() {
      const seen = await target();
      return seen.toLowerCase() === wanted ? { done: undefined } : { seen: seen === '' ? 'off' : `on, to ${seen}` };
    },
  });
}

/** The lists are written as a whole, right after a fresh look; what else they hold stays. Production may be restarted by it. */
async function setSlotSettings(scene: Scene, step: StepOf<'set-slot-settings'>): Promise<void> {
  const { arm, ports, signal } = scene.context;
  const { id } = scene.observed.app;
  const before = await getSlotConfigNames(arm, id);
  const wanted = {
    ...before,
    appSettings: changed(before.appSettings, step.appSettings, step.to),
    connectionStrings: changed(before.connectionStrings, step.connectionStrings, step.to),
  };
  if (same(before, wanted)) return;
  await whenNotBusy(scene, 'change the slot settings', () => putSlotConfigNames(arm, id, wanted));
  await waitFor(ports.clock, ports.log, {
    what: 'the slot settings to show',
    deadlineMs: SHOWN_MS,
    otherwise: 'Run the phase again.',
    signal,
    async look() {
      return same(await getSlotConfigNames(arm, id), wanted) ? { done: undefined } : { seen: 'the former ones' };
    },
  });
  const named = [...step.appSettings, ...step.connectionStrings].join(', ');
  await awaitProduction(
    scene,
    `${named} ${step.to === 'on' ? 'stay with their slots again' : 'travel with their builds now'}`,
  );
}

function changed(names: readonly string[], named: readonly string[], to: 'on' | 'off'): readonly string[] {
  const isNamed = (name: string) => named.some((each) => sameName(each, name));
  const others = names.filter((name) => !isNamed(name));
  return to === 'off' ? others : [...others, ...named];
}

function same(one: StickyNames, other: StickyNames): boolean {
  const text = ({ appSettings, connectionStrings }: StickyNames) =>
    JSON.stringify([[...appSettings].sort(), [...connectionStrings].sort()]);
  return text(one) === text(other);
}

/** Only a slot that the look found, and none of ours nor production: what a tag names cannot lead elsewhere. */
function seenTeamSlot({ observed, settings }: Scene, slot: string) {
  const seen = observed.teamSlots.find(({ name }) => sameName(name, slot));
  const isOurs = [settings.readonlySlot, settings.stagingSlot].some((name) => sameName(name, slot));
  if (seen && !isOurs) return seen;
  throw new Stop(
    'refused',
    `A step would have changed slot ${slot}, which is none of the team's.`,
    'This is a defect of the action; please report it.',
  );
}
