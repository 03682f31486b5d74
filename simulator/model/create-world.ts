import { type Build, buildFiles } from './app/build.ts';
import { keepJobs } from './app/jobs.ts';
import { DEPLOYER_ACTIONS } from './roles.ts';
import { addDatabase, addServer, emptySqlWorld } from './sql/create.ts';
import { setSchema } from './sql/rows.ts';
import { advanceWeb } from './web/advance.ts';
import { addContent, WWWROOT } from './web/content.ts';
import { addPlan, addSite, emptyWebWorld } from './web/create.ts';
import { restart } from './web/instances.ts';
import { PRODUCTION, slotOf } from './web/lookup.ts';
import { under } from './web/scm/files.ts';
import type { ConnectionString } from './web/state.ts';
import type { Durations, Principal, Variant, World } from './world.ts';

/** When simulated worlds begin unless told otherwise. */
export const EPOCH = Date.UTC(2026, 8, 1, 8, 0, 0);

interface FurtherServer {
  readonly name: string;
  /** Default: that of the app. */
  readonly resourceGroup?: string;
  readonly databases: readonly string[];
}

export interface WorldOptions {
  readonly now?: number;
  readonly tenantId?: string;
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
  readonly location?: string;
  readonly appName?: string;
  readonly planName?: string;
  /** SKU of the plan: S1 by default. */
  readonly sku?: { readonly name: string; readonly tier: string; readonly family: string };
  /** Linux workers. Default: Windows. */
  readonly linux?: boolean;
  /** Hosts for slots, two by two (app, SCM), such as `localhost:40001`. Default: names as on azurewebsites.net. */
  readonly hostPool?: readonly string[];
  /** What the names of hosts end in instead of `azurewebsites.net`, with a port where there is one. */
  readonly hostZone?: string;
  readonly serverName?: string;
  /** Host of the SQL server as clients reach it. Default `{serverName}.database.windows.net`. */
  readonly sqlHost?: string;
  readonly sqlPort?: number;
  readonly sqlUser?: string;
  readonly sqlPassword?: string;
  readonly databases?: readonly string[];
  /** More servers of the same app, each with a firewall, an administrator and a password of its own. */
  readonly furtherServers?: readonly FurtherServer[];
  /** Name of production's connection string for the first database; further ones get a number appended. */
  readonly connectionStringName?: string;
  /** Whether adapters run instances as processes and report. Default: the abstract application stands in. */
  readonly processes?: boolean;
  /** What production serves at first: an abstract build, or files of wwwroot. Default: an abstract build `shop 1`. */
  readonly build?: Build;
  readonly files?: Readonly<Record<string, Uint8Array>>;
  readonly appSettings?: Readonly<Record<string, string>>;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly federated?: Principal['federated'];
  /** Surprises, switched on or off. `webjobs-run-while-stopped` is on unless set to false: that is what Azure does. */
  readonly variants?: Partial<Record<Variant, boolean>>;
  readonly durations?: Partial<Durations>;
}

/** Durations in the order of those recorded and measured on Azure, in milliseconds; swaps shorter than recorded, see `simulator/bench/durations.ts`. */
export const DURATIONS: Durations = {
  slotCreate: 20_000,
  appStart: 5_000,
  settingsWrite: 2_000,
  swapRestartSource: 20_000,
  swapWarmUp: 5_000,
  swapSwitch: 10_000,
  swapRestartTarget: 10_000,
  bothBuildsAnswer: 15_000,
  copy: 80_000,
  restore: 300_000,
  move: 12_000,
  drop: 15_000,
  tagWrite: 5_000,
  firewall: 1_000,
  deployment: 15_000,
  planScale: 20_000,
};

/**
 * A world with one resource group: an app on an S1 plan for Windows whose production slot runs, a server (or several) and its
 * databases, and a deploying identity with the least roles. Equal options make equal worlds.
 */
export function createWorld(options: WorldOptions = {}): World {
  const now = options.now ?? EPOCH;
  const group = options.resourceGroup ?? 'rg';
  const world = emptyWorld(options, group);
  addDatabases(world, options, group, now);
  addApp(world, options, group, now);
  return world;
}

function emptyWorld(options: WorldOptions, group: string): World {
  const subscriptionId = options.subscriptionId ?? '00000000-0000-0000-0000-000000000000';
  const location = options.location ?? 'West Europe';
  const deployer: Principal = {
    clientId: options.clientId ?? '11111111-1111-4111-8111-111111111111',
    objectId: '22222222-2222-4222-8222-222222222222',
    name: 'deployer',
    federated: options.federated ?? [],
    ...(options.clientSecret !== undefined && { clientSecret: options.clientSecret }),
    roles: [
      {
        scope: `/subscriptions/${subscriptionId}/resourceGroups/${group}`,
        actions: [...DEPLOYER_ACTIONS],
        notActions: [],
      },
      // Polls of database operations and of tag writes are addressed to the subscription.
      { scope: `/subscriptions/${subscriptionId}`, actions: ['Microsoft.Sql/locations/*/read'], notActions: [] },
    ],
  };
  const wanted: Partial<Record<Variant, boolean>> = { 'webjobs-run-while-stopped': true, ...options.variants };
  const variants = Object.fromEntries(Object.entries(wanted).filter(([, on]) => on)) as World['variants'];
  return {
    tenantId: options.tenantId ?? '33333333-3333-4333-8333-333333333333',
    subscriptionId,
    location,
    resourceGroups: { [group.toLowerCase()]: { name: group, location, tags: {} } },
    principals: { [deployer.clientId]: deployer },
    storageAccounts: {},
    web: emptyWebWorld({
      ...(options.hostPool && { hostPool: options.hostPool }),
      ...(options.hostZone && { hostZone: options.hostZone }),
      instances: options.processes ? 'processes' : 'abstract',
    }),
    sql: emptySqlWorld(),
    variants,
    durations: { ...DURATIONS, ...options.durations },
    nextId: 1,
  };
}

function addDatabases(world: World, options: WorldOptions, resourceGroup: string, now: number): void {
  const name = options.serverName ?? 'sql';
  const [deployer] = Object.values(world.principals);
  const server = addServer(world, {
    name,
    resourceGroup,
    administratorLogin: options.sqlUser ?? 'zddadmin',
    administratorPassword: options.sqlPassword ?? 'Simulated-1',
    fullyQualifiedDomainName: options.sqlHost ?? `${name}.database.windows.net`,
    ...(deployer && { entraAdministrator: deployer.clientId }),
  });
  for (const name of options.databases ?? ['shop']) {
    const database = addDatabase(world, server, { name }, now);
    if (options.build?.schema !== undefined) setSchema(world, database.contentId, options.build.schema, now);
  }
  for (const further of options.furtherServers ?? []) addFurther(world, options, further, resourceGroup, now);
}

function addFurther(
  world: World,
  options: WorldOptions,
  { name, resourceGroup, databases }: FurtherServer,
  group: string,
  now: number,
): void {
  const [deployer] = Object.values(world.principals);
  const server = addServer(world, {
    name,
    resourceGroup: resourceGroup ?? group,
    administratorLogin: `${name}admin`,
    administratorPassword: `Simulated-${name}-2`,
    ...(deployer && { entraAdministrator: deployer.clientId }),
  });
  for (const database of databases) {
    const { contentId } = addDatabase(world, server, { name: database }, now);
    if (options.build?.schema !== undefined) setSchema(world, contentId, options.build.schema, now);
  }
}

function addApp(world: World, options: WorldOptions, resourceGroup: string, now: number): void {
  const plan = addPlan(world, {
    name: options.planName ?? 'plan',
    resourceGroup,
    location: world.location,
    sku: { ...(options.sku ?? { name: 'S1', tier: 'Standard', family: 'S' }), capacity: 1 },
    reserved: options.linux ?? false,
  });
  const site = addSite(world, { name: options.appName ?? 'web', resourceGroup, plan: plan.name }, now);
  const production = slotOf(world, site.name, PRODUCTION);
  const { occupant } = production;
  const files = options.files ?? buildFiles(options.build ?? { name: 'shop', version: '1.0.0' });
  occupant.contentId = addContent(world, under(WWWROOT, files), Object.keys(files), now);
  occupant.settings = { ...occupant.settings, ...options.appSettings };
  occupant.connectionStrings = connectionStrings(world, options);
  restart(world, production, now);
  // Production has been up for long when the world begins; a process of an adapter still has to come up.
  if (world.web.instances === 'abstract') advanceWeb(world, now + world.durations.appStart);
  keepJobs(world, now);
}

function connectionStrings(world: World, options: WorldOptions): Record<string, ConnectionString> {
  const name = options.connectionStringName ?? 'DefaultConnection';
  const strings: Record<string, ConnectionString> = {};
  for (const server of Object.values(world.sql.servers)) {
    const host = `${server.fullyQualifiedDomainName},${options.sqlPort ?? 1433}`;
    for (const database of Object.values(server.databases)) {
      const value = `Server=tcp:${host};Database=${database.name};User ID=${server.administratorLogin};Password=${server.administratorPassword};Encrypt=True`;
      const index = Object.keys(strings).length;
      strings[index === 0 ? name : `${name}${index + 1}`] = { value, type: 'SQLAzure' };
    }
  }
  return strings;
}
