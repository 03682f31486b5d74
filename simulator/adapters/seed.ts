import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { createWorld } from '../model/create-world.ts';
import type { World } from '../model/world.ts';
import { buildPackages } from '../sample-app/packages.ts';
import type { Hosts } from './hosts.ts';
import type { SimulatorOptions } from './options.ts';

/** Names and secrets of the seeded world. */
interface Seed {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Somebody who owns the subscription, for what a deployer may not do: locks, role assignments. */
  readonly operatorId: string;
  readonly operatorSecret: string;
  readonly resourceGroup: string;
  readonly appName: string;
  readonly sqlServer: string;
  readonly sqlUser: string;
  readonly sqlPassword: string;
  readonly database: string;
}

/** New secrets for one run; names that one recognises in logs. */
export function makeSeed(): Seed {
  return {
    tenantId: '5a445a44-0000-4000-8000-000000000001',
    subscriptionId: '5a445a44-0000-4000-8000-000000000002',
    clientId: '5a445a44-0000-4000-8000-000000000003',
    clientSecret: secret(),
    operatorId: '5a445a44-0000-4000-8000-000000000004',
    operatorSecret: secret(),
    resourceGroup: 'shop-rg',
    appName: 'shop',
    sqlServer: 'shop-sql',
    sqlUser: 'shopadmin',
    sqlPassword: secret(),
    database: 'shop',
  };
}

/** Where the world's parts are reached. */
interface Addresses {
  readonly hosts: Hosts;
  readonly sqlPort: number;
}

/** A world with one app whose production slot runs a build on one database, and the principal that deploys. */
export async function buildWorld(seed: Seed, at: Addresses, options: SimulatorOptions, now: number): Promise<World> {
  const world = createWorld({
    now,
    tenantId: seed.tenantId,
    subscriptionId: seed.subscriptionId,
    resourceGroup: seed.resourceGroup,
    appName: seed.appName,
    clientId: seed.clientId,
    clientSecret: seed.clientSecret,
    serverName: seed.sqlServer,
    sqlHost: 'localhost',
    sqlPort: at.sqlPort,
    sqlUser: seed.sqlUser,
    sqlPassword: seed.sqlPassword,
    databases: [seed.database],
    connectionStringName: 'Shop',
    ...('zone' in at.hosts ? { hostZone: at.hosts.zone } : { hostPool: at.hosts.pool }),
    processes: true,
    files: unzipSync(await productionPackage(options)),
    appSettings: options.appSettings ?? {},
    federated: options.federated ?? [],
    variants: Object.fromEntries((options.variants ?? []).map((variant) => [variant, true])),
  });
  if (options.empty) emptied(world);
  world.principals[seed.operatorId] = {
    clientId: seed.operatorId,
    objectId: '5a445a44-0000-4000-8000-000000000005',
    name: 'operator',
    clientSecret: seed.operatorSecret,
    federated: [],
    roles: [{ scope: `/subscriptions/${seed.subscriptionId}`, actions: ['*'], notActions: [], name: 'Owner' }],
    administersApplications: true,
  };
  return world;
}

/** Takes away what was made, with what is called by a name of this machine's: servers to come are called so. */
function emptied(world: World): void {
  world.web.sites = {};
  world.web.plans = {};
  world.web.pending = [];
  world.sql.servers = {};
  world.sql.hostName = 'localhost';
  for (const name of Object.keys(world.resourceGroups)) delete world.resourceGroups[name];
}

/** The SQL that fills the database at first; empty when a build of one's own brings none. */
export async function seedScript(options: SimulatorOptions): Promise<string> {
  if (options.seedSql !== undefined) return options.seedSql;
  if (options.package !== undefined) return '';
  return readFile(new URL('../sample-app/seed.sql', import.meta.url), 'utf8');
}

async function productionPackage({ package: given }: SimulatorOptions): Promise<Uint8Array> {
  if (given === undefined) return (await buildPackages()).v1;
  return typeof given === 'string' ? readFile(given) : given;
}

/** Long enough, and with every kind of character that Azure asks of a password. */
function secret(): string {
  return `Aa1~${randomBytes(24).toString('base64url')}`;
}
