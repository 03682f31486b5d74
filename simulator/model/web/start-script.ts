import type { World } from '../world.ts';
import { contentOf } from './content.ts';
import { configValue } from './site-body.ts';
import type { Slot } from './state.ts';

/** Without the file beside wwwroot that the start command names, the process ends at once. */
export function hasStartScript(world: World, slot: Slot): boolean {
  const [, script] = /\/home\/(site\/(?!wwwroot\/)\S+)/.exec(String(configValue(slot, 'appCommandLine') ?? '')) ?? [];
  return script === undefined || contentOf(world, slot.occupant.contentId).files[script] !== undefined;
}
