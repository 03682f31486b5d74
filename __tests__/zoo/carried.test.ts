import { expect, test } from '@jest/globals';
import { buildFiles } from '../../simulator/model/app/build.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { addContent, WWWROOT } from '../../simulator/model/web/content.ts';
import { addImage } from '../../simulator/model/web/image.ts';
import { restart } from '../../simulator/model/web/instances.ts';
import { changeFiles } from '../../simulator/model/web/scm/files.ts';
import type { Variant } from '../../simulator/model/world.ts';
import type { Ports } from '../../src/ports.ts';
import { LIVE, type Trial } from '../in-process/trial.ts';
import { deploy, open, type Parts, partsOf, webConfig } from '../in-process/zoo.ts';

test('an app that Azure restarts minutes after a swap is deployed to the end', async () => {
  const { ended, visitors } = await deploy({ variants: ['late-restart'] });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});

const CONFIG = {
  healthCheckPath: '/health',
  autoHealEnabled: true,
  autoHealRules: { triggers: { privateBytesInKB: 1_000_000 }, actions: { actionType: 'Recycle' } },
  http20Enabled: true,
  use32BitWorkerProcess: false,
  webSocketsEnabled: true,
  appCommandLine: '',
  defaultDocuments: ['index.html'],
  remoteDebuggingEnabled: false,
  localMySqlEnabled: false,
  loadBalancing: 'LeastResponseTime',
};

test.each([[[]], [['open-settings-stay']]] as Variant[][][])(
  'production has after the deployment what it had before, whatever a swap carries: %j',
  async (variants) => {
    const { ended, trial } = await deploy({
      variants,
      arrange: ({ production }) => Object.assign(production.occupant.config, CONFIG),
    });
    expect(ended).toBe('deployed');
    expect(webConfig(trial)).toMatchObject(CONFIG);
  },
);

test('in the window the read-only copy has production’s Health check', async () => {
  const seen: unknown[] = [];
  await deploy({
    arrange: ({ production }) => Object.assign(production.occupant.config, CONFIG),
    before: { deploy: (_, trial) => seen.push(webConfig(trial).healthCheckPath) },
  });
  expect(seen).toEqual(['/health']);
});

test('what somebody releases and sets after `read-only` is not taken back by `switch`', async () => {
  const seen: string[] = [];
  const { ended } = await deploy({
    before: {
      switch: release,
      deploy: (parts, trial) => seen.push(`${versionOf(trial)} ${parts.production.occupant.settings.NEW_FEATURE}`),
    },
  });
  if (ended !== 'deployed') expect(ended).toMatch(/^failed in switch: .*"?read-only"?/s);
  else expect(seen).toEqual(['1.0.1 on']);
});

test('an image whose registry asks for the app’s identity is pulled by the read-only copy too', async () => {
  const reference = 'DOCKER|shop.azurecr.io/shop:1.0.0';
  const trial = open({
    options: { linux: true },
    arrange: ({ world, production }) => {
      addImage(world, { reference, files: buildFiles(LIVE), asksForIdentity: true }, EPOCH);
      production.occupant.config = { ...production.occupant.config, linuxFxVersion: reference };
      production.fixedConfig = { ...production.fixedConfig, acrUseManagedIdentityCreds: true };
      production.identity = userAssigned();
    },
  });
  await trial.through(['clone', { package: '' }], ['read-only', { package: '' }]);
});

test('a property that Azure lets nobody write keeps no other from the slots, and it is said', async () => {
  const refused = 'autoHealRules';
  const around = (ports: Ports): Ports => ({
    ...ports,
    send: async (asked, signal) => {
      const isRefused = asked.method === 'PATCH' && String(asked.body).includes(`"${refused}"`);
      if (!isRefused) return ports.send(asked, signal);
      const said = { Code: 'BadRequest', Message: `The property '${refused}' cannot be written.` };
      return { status: 400, headers: {}, body: new TextEncoder().encode(JSON.stringify(said)) };
    },
  });
  const seen: unknown[] = [];
  const { ended, said } = await deploy({
    around,
    arrange: ({ production }) => Object.assign(production.occupant.config, CONFIG),
    before: { deploy: (_, trial) => seen.push(webConfig(trial).healthCheckPath) },
  });
  expect([ended, ...seen]).toEqual(['deployed', '/health']);
  expect(said).toMatch(/cannot be written.* Slot zdd-readonly goes without .*autoHealRules.*: compare production/);
});

test('what production has not got back after the deployment is said, with the command that sets it', async () => {
  const trial = open({ arrange: ({ production }) => Object.assign(production.occupant.config, CONFIG) });
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate', 'complete');
  expect((await trial.run('status')).warnings.join()).not.toContain('configuration');
  partsOf(trial.world).production.occupant.config = {};
  const warning = (await trial.run('status')).warnings.find((each) => each.includes('configuration'));
  expect(warning).toMatch(
    /^Production’s configuration is not what it was.*healthCheckPath \("\/health" before, .* now\)/,
  );
  expect(warning).toMatch(
    /az rest --method patch --url \S+config\/web\S+ --body '\{"properties":\{.*"healthCheckPath":"\/health"/,
  );
});

test('a "read-only" that is killed while it copies anew copies to the end when it is run again', async () => {
  const trial = open();
  await trial.through('clone', 'read-only');
  release(partsOf(trial.world), trial);
  trial.world.web.injected.push('upload-disk-full');
  expect((await trial.run('read-only')).failure?.kind).toBe('failed');
  expect((await trial.run('switch')).failure?.next).toMatch(/"read-only"/);
  await trial.through('read-only', 'switch');
  const { settings } = partsOf(trial.world).production.occupant;
  expect(`${versionOf(trial)} ${settings.NEW_FEATURE}`).toBe('1.0.1 on');
});

test.each([
  ['bin/Shop.dll', /^failed in switch: .*another build/s],
  ['styles.css', /^failed in switch: .*another build/s],
  // README says so: every folder would have to be asked for.
  ['Views/Home/Index.cshtml', /^deployed$/],
])('a file that somebody copies into wwwroot after `read-only`, without a deployment: %s', async (path, words) => {
  const copied = ({ production, world }: Parts, { clock }: Trial) =>
    changeFiles(world, production, { [WWWROOT + path]: new Uint8Array([1]) }, clock.now());
  const { ended } = await deploy({ before: { switch: copied }, inputs: { 'keep-files': 'none' } });
  expect(ended).toMatch(words);
});

function userAssigned() {
  const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shop';
  return { type: 'UserAssigned', userAssignedIdentities: { [id]: { principalId: 'p', clientId: 'c' } } };
}

function release({ production, world }: Parts, { clock }: Trial): void {
  const files = buildFiles({ ...LIVE, version: '1.0.1' });
  const inside = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [WWWROOT + path, bytes]));
  production.occupant.contentId = addContent(world, inside, Object.keys(files), clock.now());
  production.occupant.settings = { ...production.occupant.settings, NEW_FEATURE: 'on' };
  restart(world, production, clock.now());
}

function versionOf({ world }: Trial): string {
  const { instance } = partsOf(world).production.occupant;
  const files = world.web.contents[instance?.contentId.split('#')[0] ?? '']?.files ?? {};
  return /"version":"([^"]+)"/.exec(new TextDecoder().decode(files[`${WWWROOT}build.json`]))?.[1] ?? '';
}
