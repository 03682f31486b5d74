import { expect, test } from '@jest/globals';
import { type Build, buildFiles } from '../../simulator/model/app/build.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { pack } from '../../simulator/model/web/content.ts';
import { addImage } from '../../simulator/model/web/image.ts';
import { restart } from '../../simulator/model/web/instances.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import { storePackage } from '../../simulator/model/web/stored-package.ts';
import type { World } from '../../simulator/model/world.ts';
import { LIVE, production, type Trial } from '../in-process/trial.ts';
import { deploy, open, type Parts, type Zoo } from '../in-process/zoo.ts';

const NEXT: Build = { ...LIVE, version: '2', schema: '2', migratesOnStart: true };
const OTHER: Build = { ...LIVE, version: 'somebody’s' };
const IMAGE = 'shop.azurecr.io/team/shop';
const LOGIN = { user: 'shop', password: 'Pulls-For-The-Team-1' };
const SETTINGS = {
  DOCKER_REGISTRY_SERVER_URL: 'https://shop.azurecr.io',
  DOCKER_REGISTRY_SERVER_USERNAME: LOGIN.user,
  DOCKER_REGISTRY_SERVER_PASSWORD: LOGIN.password,
};

function push(world: World, tag: string, build: Build): string {
  return addImage(world, { reference: `DOCKER|${IMAGE}:${tag}`, files: buildFiles(build), login: LOGIN }, EPOCH);
}

/** Production runs tag 1 of an image in a registry that wants a login, and tag 2 is there. */
function container(inputs: Zoo['inputs'] = {}): Zoo {
  return {
    options: { linux: true, appSettings: SETTINGS },
    inputs: { package: '', image: `${IMAGE}:2`, ...inputs },
    arrange({ world, production: slot }) {
      push(world, '1', LIVE);
      push(world, '2', NEXT);
      slot.occupant.config = { linuxFxVersion: `DOCKER|${IMAGE}:1` };
      restart(world, slot, EPOCH);
    },
  };
}

const URLS = 'https://store.blob.core.windows.net/releases/';
const signed = (name: string) => `${URLS}${name}.zip?se=2030-01-01T00:00:00Z&sig=s`;

/** Production runs from a package at a URL, and the next one is there. */
function packaged(inputs: Zoo['inputs'] = {}): Zoo {
  return {
    options: { appSettings: { WEBSITE_RUN_FROM_PACKAGE: signed('shop-1') } },
    inputs: { package: signed('shop-2'), ...inputs },
    arrange({ world, production: slot }) {
      storePackage(world, `${URLS}shop-1.zip?sig=s`, pack(buildFiles(LIVE)), EPOCH);
      storePackage(world, `${URLS}shop-2.zip?sig=s`, pack(buildFiles(NEXT)), EPOCH);
      restart(world, slot, EPOCH);
    },
  };
}

const stackOf = ({ world }: Trial) => slotOf(world, 'web', 'production').occupant.config.linuxFxVersion;

/** Runs phases, and says what visitors get. */
async function through(trial: Trial, zoo: Zoo, ...phases: readonly string[]) {
  await trial.through(...phases.map((phase) => [phase, zoo.inputs ?? {}] as const));
  return production(trial);
}

test('an app that runs a container gets the new image, by its digest, and its registry is asked with its login', async () => {
  const { ended, visitors, said, trial } = await deploy(container());
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  expect(stackOf(trial)).toMatch(/^DOCKER\|shop\.azurecr\.io\/team\/shop@sha256:[0-9a-f]{64}$/);
  expect(said).not.toContain(LOGIN.password);
});

test('tags that move after the look before the window change nothing, neither for the copy nor for the new build', async () => {
  const move = ({ world }: Parts) => {
    push(world, '1', OTHER);
    push(world, '2', OTHER);
  };
  const { ended, visitors } = await deploy({ ...container(), before: { switch: move, complete: move } });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});

test('in the window the registry may be gone: what was looked up before it is enough', async () => {
  const zoo = container();
  const trial = open(zoo);
  await through(trial, zoo, 'clone', 'read-only', 'switch');
  const registry = trial.world.web.registries['shop.azurecr.io'];
  for (const each of Object.values(registry?.images ?? {}))
    for (const tag of Object.keys(each.tags)) delete each.tags[tag];
  expect(await through(trial, zoo, 'deploy', 'validate', 'complete')).toEqual({
    version: '2',
    reads: 200,
    writes: 201,
  });
});

test('the way back brings the image that production ran, although its tag means another one by now', async () => {
  const zoo = container();
  const trial = open(zoo);
  expect(await through(trial, zoo, 'clone', 'read-only', 'switch')).toMatchObject({ version: '1' });
  push(trial.world, '1', OTHER);
  const back = ['rollback', { ...zoo.inputs, 'rollback-scope': 'code-and-database' }] as const;
  await trial.through(
    ['deploy', zoo.inputs ?? {}],
    back,
    ['validate', zoo.inputs ?? {}],
    ['complete', zoo.inputs ?? {}],
  );
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

test('a registry that asks for identities lets in the slots with production’s, and this run with its own', async () => {
  const identity = `/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shop`;
  const { ended, visitors } = await deploy({
    options: { linux: true },
    inputs: { package: '', image: `${IMAGE}:2` },
    arrange({ world, production: slot }) {
      for (const [tag, build] of Object.entries({ 1: LIVE, 2: NEXT })) {
        addImage(
          world,
          { reference: `DOCKER|${IMAGE}:${tag}`, files: buildFiles(build), asksForIdentity: true },
          EPOCH,
        );
      }
      world.web.registries['shop.azurecr.io']?.pullers.push(...Object.keys(world.principals));
      slot.occupant.config = { linuxFxVersion: `DOCKER|${IMAGE}:1` };
      slot.fixedConfig = { ...slot.fixedConfig, acrUseManagedIdentityCreds: true };
      slot.identity = {
        type: 'UserAssigned',
        userAssignedIdentities: { [identity]: { principalId: 'p', clientId: 'c' } },
      };
      restart(world, slot, EPOCH);
    },
  });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});

test.each([
  ['a zip for a container', { image: '' }, 'Production runs the image'],
  ['an image that nobody pushed', { image: `${IMAGE}:3` }, 'its registry has no such image'],
  ['what production runs already', { image: `${IMAGE}:1` }, 'Production runs the image'],
])('preflight refuses %s', async (_what, inputs, reason) => {
  const zoo = container(inputs);
  const { ended } = await deploy(inputs.image === '' ? { ...zoo, inputs: { image: '' } } : zoo);
  expect(ended).toContain('refused by preflight');
  expect(ended).toContain(reason);
});

test('an app that runs from a package at a URL gets the new URL, which is nowhere said with its signature', async () => {
  const { ended, visitors, said, trial } = await deploy(packaged());
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  expect(slotOf(trial.world, 'web', 'production').occupant.settings.WEBSITE_RUN_FROM_PACKAGE).toBe(signed('shop-2'));
  expect(said).not.toContain('sig=s');
});

test('its way back brings the package before', async () => {
  const zoo = packaged();
  const trial = open(zoo);
  await through(trial, zoo, 'clone', 'read-only', 'switch', 'deploy');
  const back = { ...zoo.inputs, 'rollback-scope': 'code-and-database' };
  await trial.through(['rollback', back], ['validate', zoo.inputs ?? {}], ['complete', zoo.inputs ?? {}]);
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

test('"deploy" brings what "read-only" has put into the slot when it is given nothing', async () => {
  const zoo = packaged();
  const trial = open(zoo);
  await through(trial, zoo, 'clone', 'read-only', 'switch');
  await trial.through(['deploy', { package: '' }], 'validate', 'complete');
  expect(production(trial)).toMatchObject({ version: '2', writes: 201 });
});

test('"validate" refuses a candidate that is the build of production, unless told', async () => {
  const zoo = container();
  const trial = open(zoo);
  const same = { ...zoo.inputs, image: `${IMAGE}:1` };
  await trial.through(['clone', same], ['read-only', same], ['switch', same], ['deploy', same]);
  const { failure } = await trial.run('validate', same);
  expect(failure?.happened).toContain('Another build than before is the build that production runs already');
  expect((await trial.run('validate', { ...same, 'same-build': 'true' })).failure).toBeUndefined();
});

test.each<[string, Zoo]>([
  ['a container, whose tag means another image by now', container()],
  ['a package at a URL', packaged()],
])('a copy that a template has overwritten is made anew of %s', async (_, zoo) => {
  const trial = open(zoo);
  const slot = slotOf(trial.world, 'web', 'production');
  const { settings, connectionStrings } = structuredClone(slot.occupant);
  await through(trial, zoo, 'clone', 'read-only', 'switch');
  Object.assign(slot.occupant, { settings, connectionStrings });
  restart(trial.world, slot, trial.clock.now());
  push(trial.world, '1', OTHER);
  await trial.clock.sleep(60_000);
  expect((await trial.run('deploy', zoo.inputs)).failure?.next).toMatch(/run "switch"/);
  expect(await through(trial, zoo, 'switch')).toEqual({ version: '1', reads: 200, writes: 503 });
  expect(await through(trial, zoo, 'deploy', 'validate', 'complete')).toMatchObject({ version: '2', writes: 201 });
});
