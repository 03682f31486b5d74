import type { Answer } from '../arm/answer.ts';
import { contentOf, WWWROOT } from '../web/content.ts';
import { changeFiles, isMounted } from '../web/scm/files.ts';
import type { Slot } from '../web/state.ts';
import type { World } from '../world.ts';

/** Keeps a file that a visitor sent on the app's own disk; one that is mounted from a package cannot be written. */
export function keepUpload(world: World, slot: Slot, path: string, body: Uint8Array, now: number): Answer {
  if (isMounted(world, slot)) return { status: 500, body: { status: 'the file system is read-only' } };
  changeFiles(world, slot, { [WWWROOT + path]: body }, now);
  return { status: 201, body: { path } };
}

/** A file that visitors sent, from the disk as it is now: not from what the process was started with. */
export function giveUpload(world: World, slot: Slot, path: string): Answer {
  const file = contentOf(world, slot.occupant.contentId).files[WWWROOT + path];
  return file === undefined ? { status: 404, body: { status: 'no such file' } } : { status: 200, body: file };
}
