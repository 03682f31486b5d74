import { type Build, buildFiles } from '../app/build.ts';
import { keepJobs } from '../app/jobs.ts';
import type { World } from '../world.ts';
import { advanceWeb } from './advance.ts';
import { addContent, WWWROOT } from './content.ts';
import { addSite } from './create.ts';
import { restart } from './instances.ts';
import { PRODUCTION, slotOf } from './lookup.ts';
import { under } from './scm/files.ts';
import type { Site, Slot } from './state.ts';

/** Another app on the same databases, by the same connection strings and so with the same login: an administration, a Function app, a host of WebJobs. */
export interface Neighbour extends Pick<Site, 'name'> {
  readonly kind?: Site['kind'];
  /** Default: that of the app itself. */
  readonly resourceGroup?: string;
  readonly build: Build;
  /** Whether its settings name the databases. Default true; else the build brings its string itself. */
  readonly namesDatabases?: boolean;
  /** Beside the build, by path below wwwroot. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

/** Adds it beside the first app of the world, running since long. */
export function addNeighbour(world: World, neighbour: Neighbour, now: number): Slot {
  const [first] = Object.values(world.web.sites);
  if (first === undefined) throw new Error('A world has an app.');
  const { name, kind, resourceGroup = first.resourceGroup, namesDatabases = true } = neighbour;
  world.resourceGroups[resourceGroup.toLowerCase()] ??= { name: resourceGroup, location: world.location, tags: {} };
  addSite(world, { name, resourceGroup, plan: first.plan, ...(kind && { kind }) }, now);
  const slot = slotOf(world, name, PRODUCTION);
  const files = { ...buildFiles(neighbour.build), ...neighbour.files };
  slot.occupant.contentId = addContent(world, under(WWWROOT, files), Object.keys(files), now);
  if (namesDatabases)
    slot.occupant.connectionStrings = structuredClone(slotOf(world, first.name, PRODUCTION).occupant.connectionStrings);
  restart(world, slot, now);
  if (world.web.instances === 'abstract') advanceWeb(world, now + world.durations.appStart);
  keepJobs(world, now);
  return slot;
}
