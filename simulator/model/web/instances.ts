import { buildIn } from '../app/build.ts';
import { endApp } from '../app/run.ts';
import { newGuid, type World } from '../world.ts';
import { appView, viewOf } from './content.ts';
import { environmentOf } from './environment.ts';
import { imageOf } from './image.ts';
import { slotOfInstance } from './lookup.ts';
import { schedule } from './pending.ts';
import type { Instance, Slot } from './state.ts';
import { packageAt, packageUrlOf } from './stored-package.ts';

/** How long App Service waits before it starts a process again that ended by itself: the first time, and at most. */
const FIRST_BACKOFF_MS = 5_000;
const LONGEST_BACKOFF_MS = 60_000;

/** Replaces the app's process by a new one; a stopped slot stays without. Kudu, and WebJobs with it, restart too. */
export function restart(world: World, slot: Slot, now: number): void {
  slot.occupant.scmInstanceId = newGuid(world);
  restartApp(world, slot, now);
}

/** Replaces the app's process only. */
export function restartApp(world: World, slot: Slot, now: number, exits = 0): void {
  end(world, slot, now);
  if (slot.state !== 'Running') return;
  const id = newGuid(world);
  const contentId = runBy(world, slot, now);
  slot.occupant.instance = {
    id,
    startedAt: now,
    contentId,
    environment: environmentOf(world, slot, id),
    identity: slot.identity,
    state: 'starting',
    exits,
  };
  if (world.web.instances === 'abstract') {
    const takes = Math.max(world.durations.appStart, buildIn(viewOf(world, contentId))?.startMs ?? 0);
    schedule(world, { kind: 'app-starts', at: now + takes, instanceId: id });
  }
}

/** View of the content that a slot's process is started from: its image's, or that of the package at a URL, where it runs one. */
export function runBy(world: World, slot: Slot, now: number): string {
  const { contentId, settings } = slot.occupant;
  const url = packageUrlOf(slot);
  const found = url === undefined ? undefined : packageAt(world, url, now);
  const other = imageOf(world, slot) ?? (typeof found === 'object' ? found.contentId : undefined);
  return other === undefined ? appView(world, contentId, settings) : `${other}#wwwroot`;
}

/** Ends the app's process. */
export function end(world: World, slot: Slot, now: number): void {
  if (slot.occupant.instance !== undefined) endApp(world, slot.occupant.instance.id, now);
  slot.occupant.instance = undefined;
}

/** The process answers on its port. */
export function listening(world: World, instanceId: string): Instance | undefined {
  const instance = slotOfInstance(world, instanceId)?.occupant.instance;
  if (instance === undefined) return undefined;
  instance.state = 'listening';
  instance.exits = 0;
  return instance;
}

/** The process ended by itself. Where processes run, App Service starts another one after a while. */
export function exited(world: World, instanceId: string, code: number, now: number): void {
  const slot = slotOfInstance(world, instanceId);
  const instance = slot?.occupant.instance;
  if (slot === undefined || instance === undefined || instance.state === 'exited') return;
  endApp(world, instanceId, now);
  instance.state = 'exited';
  instance.exitCode = code;
  instance.exitedAt = now;
  instance.exits += 1;
  if (world.web.instances === 'processes') {
    const pause = Math.min(FIRST_BACKOFF_MS * 2 ** (instance.exits - 1), LONGEST_BACKOFF_MS);
    schedule(world, { kind: 'restart', at: now + pause, volumeId: slot.occupant.volumeId, ofInstance: instanceId });
  }
}
