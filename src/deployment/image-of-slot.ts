import { buildId } from './build.ts';
import { buildSource } from './build-source.ts';
import { pinned } from './image-name.ts';
import { holds } from './marker.ts';
import type { DeployedApp, Observed, Slot } from './observed.ts';
import { isOverwritten } from './overwritten.ts';
import { liveBuildSlot } from './slots.ts';

/**
 * The part of `config/web` that makes a slot run its image, by digest, so that a tag that moves changes nothing. Empty when the
 * image is that of the live build, as it is named there, or when the app runs none.
 */
export function imageOfSlot(look: Observed, slot: Slot): Readonly<Record<string, string>> {
  const isCopy = slot.name === look.readonlySlot?.name || isOverwritten(look);
  if (isCopy) return withImage(look, look.liveImage ?? undefined);
  const { newBuild } = look;
  if (newBuild?.kind === 'image') return withImage(look, buildId(newBuild));
  return newBuild === null && holds(slot, look.deploymentId, 'new') ? withImage(look, slot.build) : {};
}

/** The live build where it waits, named by the digest that the read-only copy runs: what it was when visitors left it. */
export function pinnedLiveBuild({ production }: DeployedApp, live: Slot): Readonly<Record<string, string>> {
  const [copy, own] = [buildSource(production), buildSource(live)];
  if (copy.kind !== 'image' || own.kind !== 'image' || production.name === live.name) return {};
  const id = production.build;
  const isCopyOfIt = id?.startsWith(`${own.image.replace(/^DOCKER\|/i, '')}@`);
  return isCopyOfIt ? property(live, pinned(id ?? '')) : {};
}

/** The id of the build that a slot was prepared with, when the same name of an image was asked for then. */
export function preparedImage(slot: Slot | null | undefined, named: string): string | undefined {
  const id = slot?.build;
  return id?.startsWith(`${named}@`) && pinned(id) !== undefined ? id : undefined;
}

function withImage(look: DeployedApp, id: string | undefined): Readonly<Record<string, string>> {
  const live = liveBuildSlot(look);
  return buildSource(live).kind === 'image' ? property(live, id === undefined ? undefined : pinned(id)) : {};
}

/** Linux and Windows containers have one property each. */
function property({ travelling }: Slot, image: string | undefined): Readonly<Record<string, string>> {
  if (image === undefined) return {};
  return { [travelling.linuxFxVersion ? 'linuxFxVersion' : 'windowsFxVersion']: `DOCKER|${image}` };
}
