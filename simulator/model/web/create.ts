import { newGuid, type World } from '../world.ts';
import { addContent } from './content.ts';
import { newEtag } from './etag.ts';
import { restart } from './instances.ts';
import { PRODUCTION } from './lookup.ts';
import type { Plan, Site, Slot, WebWorld } from './state.ts';

/** An App Service without plans and apps. */
export function emptyWebWorld(options: {
  hostPool?: readonly string[];
  hostZone?: string;
  instances: WebWorld['instances'];
}): WebWorld {
  return {
    plans: {},
    sites: {},
    contents: {},
    swaps: {},
    pending: [],
    hostPool: options.hostPool && [...options.hostPool],
    hostZone: options.hostZone ?? 'azurewebsites.net',
    instances: options.instances,
    apps: {},
    jobs: {},
    elsewhere: [],
    registries: {},
    packages: {},
    injected: [],
  };
}

/** Adds a plan. */
export function addPlan(world: World, plan: Plan): Plan {
  world.web.plans[plan.name.toLowerCase()] = plan;
  return plan;
}

/** Adds an app with its production slot, running and empty. */
export function addSite(world: World, site: Pick<Site, 'name' | 'resourceGroup' | 'plan' | 'kind'>, now: number): Site {
  const added: Site = {
    location: world.location,
    ...site,
    slots: {},
    slotConfigNames: { connectionStringNames: [], appSettingNames: [], azureStorageConfigNames: [] },
  };
  world.web.sites[site.name.toLowerCase()] = added;
  const production = addSlot(world, added, PRODUCTION, now);
  production.fixedConfig = { alwaysOn: true };
  return added;
}

/** Adds a slot, running and empty, with the next hosts. */
export function addSlot(world: World, site: Site, name: string, now: number): Slot {
  const isSite = name === PRODUCTION;
  const [host, scmHost] = hostsFor(world, isSite ? site.name : `${site.name}-${name}`);
  const slot: Slot = {
    site: site.name,
    name,
    host,
    scmHost,
    customHosts: [],
    state: 'Running',
    tags: {},
    identity: undefined,
    properties: {},
    fixedConfig: {},
    auth: {},
    privateEndpoints: [],
    publishing: { scm: true, ftp: true },
    occupant: {
      volumeId: `volume-${world.nextId++}`,
      contentId: addContent(world, {}, [], now),
      deploymentId: isSite ? site.name : `${site.name}__${(world.nextId++ % 0xffff).toString(16).padStart(4, 'e05d')}`,
      settings: { WEBSITE_NODE_DEFAULT_VERSION: '6.9.1' },
      connectionStrings: {},
      storageMounts: {},
      config: {},
      instance: undefined,
      scmInstanceId: newGuid(world),
      deployments: [],
    },
    slotSwapStatus: undefined,
    lastModified: now,
    etag: newEtag(world, now),
    unavailableUntil: 0,
    slowUntil: 0,
  };
  site.slots[name.toLowerCase()] = slot;
  restart(world, slot, now);
  return slot;
}

function hostsFor(world: World, name: string): [string, string] {
  const { hostPool, hostZone } = world.web;
  if (hostPool === undefined) return [`${name}.${hostZone}`.toLowerCase(), `${name}.scm.${hostZone}`.toLowerCase()];
  const [host, scmHost] = hostPool.splice(0, 2);
  if (host === undefined || scmHost === undefined)
    throw new Error('The pool of hosts is used up: give it two per slot.');
  return [host.toLowerCase(), scmHost.toLowerCase()];
}
