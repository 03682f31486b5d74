import { findDatabasesOn } from '../connection-strings/connection-strings.ts';
import { buildSource } from './build-source.ts';
import { imageName } from './image-name.ts';
import { sameName } from './names.ts';
import type { DeployedApp, Observed, Slot } from './observed.ts';
import { isNamedIn } from './slots.ts';
import { copyLostMarker, windowOpen } from './stage.ts';

type Look = DeployedApp & Pick<Observed, 'servers' | 'databases'>;

/**
 * Visitors are on what was the read-only copy, with settings that somebody wrote over it: its marker is gone without a swap, or it
 * is still there and a connection string leads to an original again.
 */
export function isOverwritten(look: Look): boolean {
  const { record, readonlySlot, databases } = look;
  if (record?.intent !== undefined) return false;
  // Without either of them no copy can be made anew.
  if (readonlySlot === null || databases.some(({ clone }) => clone === null)) return false;
  return copyLostMarker(look) || (windowOpen(look) && leadsToOriginal(look));
}

/** Production names a clone still, or again: to delete it would take the site down. */
export function namesClone({ production, ours }: Pick<Observed, 'production' | 'ours'>): boolean {
  return ours.some(({ name }) => isNamedIn(production, name));
}

/** Production works on an original. */
export function leadsToOriginal({ production, servers, databases }: Look): boolean {
  return findDatabasesOn(production, servers).some(({ key }) => databases.some(({ name }) => sameName(name, key)));
}

/**
 * The image of the copy, as it is named where the live build waits and with the digest that production still shows. Null where the
 * app runs none, or production has been given another one.
 */
export function imageOfCopy({ production, readonlySlot }: DeployedApp): string | null {
  const [ran, named] = [imageIn(production), imageIn(readonlySlot)];
  if (!ran?.reference.startsWith('sha256:') || ran.path !== named?.path) return null;
  const tag = named.reference.startsWith('sha256:') ? '' : `:${named.reference}`;
  return `${named.path}${tag}@${ran.reference}`;
}

function imageIn(slot: Slot | null) {
  const source = slot && buildSource(slot);
  return source?.kind === 'image' ? imageName(source.image.replace(/^DOCKER\|/i, '')) : undefined;
}
