import { viewOf } from './web/content.ts';
import { runBy } from './web/instances.ts';
import { PRODUCTION } from './web/lookup.ts';
import type { ConnectionString, Site, Slot } from './web/state.ts';
import type { World } from './world.ts';

/**
 * What is true in the simulated world, for checks that must not trust the action's own reading. Nothing here goes
 * through a request, and nothing changes the world.
 */

/** Who answers the visitors of a slot's host at this moment. */
interface Serving {
  /** Undefined while nobody answers: stopped, or the process has ended. */
  readonly instanceId: string | undefined;
  /** Whether the instance answers already. */
  readonly isListening: boolean;
  /** View of the content that the instance runs, for {@link filesIn}. */
  readonly contentId: string | undefined;
  /** What the running process sees; not what is configured now. */
  readonly environment: Readonly<Record<string, string>>;
  readonly state: 'Running' | 'Stopped';
}

/** Who answers on a slot's host; production when no slot is named. */
export function servingOf(world: World, site: string, slot: string = PRODUCTION): Serving {
  const { occupant, state } = observed(world, site, slot);
  const instance = occupant.instance?.state === 'exited' ? undefined : occupant.instance;
  return {
    instanceId: instance?.id,
    isListening: instance?.state === 'listening',
    contentId: instance?.contentId,
    environment: instance?.environment ?? {},
    state,
  };
}

/** Connection strings of a slot as they are configured now. */
export function connectionStringsOf(
  world: World,
  site: string,
  slot: string = PRODUCTION,
): Readonly<Record<string, ConnectionString>> {
  return observed(world, site, slot).occupant.connectionStrings;
}

/** View of the content that a slot would run if it started now, for {@link filesIn}; what has expired meanwhile counts. */
export function contentOfSlot(world: World, site: string, slot: string = PRODUCTION): string {
  return runBy(world, observed(world, site, slot), 0);
}

/** The files of a content, by path below wwwroot. */
export function filesIn(world: World, contentId: string): Readonly<Record<string, Uint8Array>> {
  return viewOf(world, contentId);
}

/** ARM tags of a slot. */
export function tagsOf(world: World, site: string, slot: string = PRODUCTION): Readonly<Record<string, string>> {
  return observed(world, site, slot).tags;
}

function observed(world: World, site: string, slot: string): Slot {
  const found = observedSite(world, site).slots[slot.toLowerCase()];
  if (found === undefined) throw new Error(`The world has no slot ${slot} of ${site}.`);
  return found;
}

function observedSite(world: World, site: string): Site {
  const found = world.web.sites[site.toLowerCase()];
  if (found === undefined) throw new Error(`The world has no app ${site}.`);
  return found;
}
