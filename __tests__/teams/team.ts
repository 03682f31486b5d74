import { type Build, buildFiles } from '../../simulator/model/app/build.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { putSecret } from '../../simulator/model/vault/references.ts';
import { advanceWeb } from '../../simulator/model/web/advance.ts';
import { pack } from '../../simulator/model/web/content.ts';
import { addSlot } from '../../simulator/model/web/create.ts';
import { identityFrom } from '../../simulator/model/web/identity.ts';
import { addImage } from '../../simulator/model/web/image.ts';
import { restart } from '../../simulator/model/web/instances.ts';
import { PRODUCTION, slotOf } from '../../simulator/model/web/lookup.ts';
import { addNeighbour } from '../../simulator/model/web/neighbour.ts';
import { storePackage } from '../../simulator/model/web/stored-package.ts';
import type { RunCommand } from '../../src/ports.ts';
import type { Inputs } from '../in-process/trial.ts';
import type { Parts, Zoo } from '../in-process/zoo.ts';

/** A team as there are: what it has, what it would write, and what becomes of it. Names are invented. */
export interface Team {
  readonly nr: number;
  readonly name: string;
  /** Stack, plan, how it deploys today. */
  readonly has: string;
  readonly from: 'GitHub' | 'Azure DevOps' | 'azd';
  readonly world: Omit<Zoo, 'inputs'>;
  /** Inputs beside resource group, app, package and what makes every app of the model read-only. Zips of other apps are there. */
  readonly writes: Inputs;
  /** What must be changed beside the inputs: in Azure, or in the app (then the world as it was is another one). */
  readonly changes?: readonly Change[];
  /** Default `code-and-database`. */
  readonly back?: 'code' | 'code-and-database';
  /** Not served: what is said of it, and what would serve it. */
  readonly refused?: { readonly says: RegExp; readonly servedBy: string };
}

interface Change {
  readonly what: string;
  /** Who tells the team: the words of the failure. */
  readonly says: RegExp;
  readonly make?: (parts: Parts) => void;
  /** For a change of the app: the world before it, in which the words are heard. */
  readonly before?: Omit<Zoo, 'inputs'>;
}

export const LIVE: Build = {
  name: 'shop',
  version: '1',
  schema: '1',
  readOnlySwitch: { setting: 'SHOP_READ_ONLY', value: 'true' },
  writesOnStart: true,
};
export const PASSWORD = 'Very-Hidden-4711';

export function connectionTo(database: string): string {
  return `Server=tcp:sql.database.windows.net,1433;Database=${database};User ID=zddadmin;Password=${PASSWORD}`;
}

/** Commands that succeed. What they do to the database the new build of the model does when it starts. */
export const succeeds: RunCommand = async () => ({ exitCode: 0 });

/** Production's process anew, after a change of its settings; it has been up for long then. */
export function anew({ world, production }: Parts): void {
  restart(world, production, EPOCH);
  advanceWeb(world, EPOCH + world.durations.appStart);
}

/** An app runs tag 1 of the image, and tag 2 is there. */
export function runsImage({ world }: Parts, app: string, image: string, next: Partial<Build> = {}): void {
  const builds = { 1: LIVE, 2: { ...LIVE, version: '2', schema: '2', migratesOnStart: true, ...next } };
  for (const [tag, build] of Object.entries(builds))
    addImage(world, { reference: `DOCKER|${image}:${tag}`, files: buildFiles(build) }, EPOCH);
  const slot = slotOf(world, app, PRODUCTION);
  slot.occupant.config = { ...slot.occupant.config, linuxFxVersion: `DOCKER|${image}:1` };
  restart(world, slot, EPOCH);
  advanceWeb(world, EPOCH + world.durations.appStart);
}

/** An app runs from a package at a URL, and the next one is there; `urlOf` names them. */
export function runsFromUrl({ world }: Parts, app: string, next: Partial<Build> = {}): void {
  const builds = { 1: LIVE, 2: { ...LIVE, version: '2', schema: '2', migratesOnStart: true, ...next } };
  for (const [nr, build] of Object.entries(builds)) storePackage(world, urlOf(app, nr), pack(buildFiles(build)), EPOCH);
  const slot = slotOf(world, app, PRODUCTION);
  slot.occupant.settings = { ...slot.occupant.settings, WEBSITE_RUN_FROM_PACKAGE: urlOf(app, '1') };
  restart(world, slot, EPOCH);
  advanceWeb(world, EPOCH + world.durations.appStart);
}

export function urlOf(app: string, nr: string): string {
  return `https://packages.blob.core.windows.net/releases/${app}-${nr}.zip?se=2030-01-01T00:00:00Z&sig=s`;
}

/** The front door that visitors come through, which the public way into an app lets in alone. */
const FRONT_DOOR = [{ ipAddress: '198.51.100.0/24', action: 'Allow', priority: 100, name: 'front-door' }];

/** Every slot is reached through a private endpoint of its own, and so is the server; ours were made for that. */
export function privately({ world, server }: Parts): void {
  server.privateEndpoints.push('sql-endpoint');
  for (const site of Object.values(world.web.sites)) {
    const production = slotOf(world, site.name, PRODUCTION);
    production.properties = { ...production.properties, publicNetworkAccess: 'Enabled' };
    production.fixedConfig = { ...production.fixedConfig, ipSecurityRestrictions: FRONT_DOOR };
    for (const name of ['zdd-readonly', 'zdd-staging']) {
      const slot = addSlot(world, site, name, EPOCH);
      slot.tags = { 'zdd-slot': 'yes' };
      slot.fixedConfig = structuredClone(production.fixedConfig);
      slot.properties = { publicNetworkAccess: 'Enabled' };
    }
    for (const slot of Object.values(site.slots)) slot.privateEndpoints = [`${site.name}-${slot.name}`];
  }
}

/** The connection string is a secret of a vault, which the app reads with a user-assigned identity, and the run may, too. */
export function stringInVault(parts: Parts, name = 'DefaultConnection'): void {
  const { world, production } = parts;
  const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app';
  const [deployer = ''] = Object.keys(world.principals);
  production.identity = identityFrom(world, production, { type: 'UserAssigned', userAssignedIdentities: { [id]: {} } });
  production.properties = { ...production.properties, keyVaultReferenceIdentity: id };
  const { clientId: app = '' } = Object.values(production.identity?.userAssignedIdentities ?? {})[0] ?? {};
  putSecret(world, 'team-kv/database', connectionTo('shop')).readers = [deployer, app];
  const value = '@Microsoft.KeyVault(SecretUri=https://team-kv.vault.azure.net/secrets/database/)';
  production.occupant.connectionStrings = { [name]: { value, type: 'SQLAzure' } };
  anew(parts);
}

/** Other apps on the same databases, running since long. */
export function beside({ world }: Parts, ...names: readonly string[]): void {
  for (const name of names) addNeighbour(world, { name, build: LIVE }, EPOCH);
}

export function onPlan({ world }: Parts, name: string, tier: string): void {
  const [plan] = Object.values(world.web.plans);
  if (plan) world.web.plans[plan.name] = { ...plan, sku: { name, tier, family: name.slice(0, 1), capacity: 1 } };
}

/** A job that may ask GitHub for a token, so that its commands may sign in. */
export const withIdToken: Pick<Zoo, 'environment' | 'around'> = {
  environment: {
    ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'r',
    AZURE_CLIENT_ID: '11111111-1111-4111-8111-111111111111',
    AZURE_TENANT_ID: '33333333-3333-4333-8333-333333333333',
  },
  around: (ports) => ({
    ...ports,
    send: async (request, signal) =>
      request.url.startsWith('https://token.example')
        ? { status: 200, headers: {}, body: new TextEncoder().encode('{"value":"id-token-of-the-job"}') }
        : ports.send(request, signal),
  }),
};
