import { expect, test } from '@jest/globals';
import { addSite, addSlot } from '../../simulator/model/web/create.ts';
import type { Context } from '../../src/context/context.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { lookAtCompanions } from '../../src/observe/companions.ts';
import { nothingMissing } from '../../src/observe/unseen.ts';
import { type PhaseName, traitsOf } from '../../src/settings/phases.ts';
import { answer, refusal, stage } from '../apply/scene.ts';
import { recordOf } from '../apply/sketch.ts';
import { ID, PACKAGE, settings } from '../phases/observed.ts';

interface Asked {
  readonly named?: string;
  readonly recorded?: readonly string[] | null;
  /** Markers of the production slots. */
  readonly markers?: Readonly<Record<string, string>>;
  readonly refused?: RegExp;
}

/** Looks at the apps that move along, of two that there are: `api` and `jobs`. */
async function looked(phase: PhaseName, { named = '', recorded = null, markers = {}, refused }: Asked) {
  const there = await stage();
  const plan = Object.keys(there.world.web.plans)[0] ?? '';
  for (const name of ['api', 'jobs']) {
    const site = addSite(there.world, { name, resourceGroup: 'rg', plan }, there.clock.now());
    const production = site.slots.production;
    const marker = markers[name];
    if (production && marker !== undefined) production.occupant.settings = { ZDD_INSTANCE: marker };
    addSlot(there.world, site, `blue-${name}`, there.clock.now());
  }
  there.answering(({ url, method }) => {
    const { host, pathname } = new URL(url);
    if (refused?.test(url)) return refusal(403, 'Denied');
    if (host === 'files.example') return { ...answer(200, {}), headers: { etag: method } };
    return /\.scm\./.test(host) ? refusal(404, `None ${pathname}`) : undefined;
  });
  const { context: plain } = there.scene();
  const context: Context = {
    ...plain,
    newBuild: PACKAGE,
    newBuilds: new Map([['rg/jobs', { ...PACKAGE, path: '/jobs.zip' }]]),
  };
  const known = { ...settings({ phase, 'other-apps': named }), readonlySlot: 'blue-api', stagingSlot: 'blue-jobs' };
  const record: DeploymentRecord | null = recorded && recordOf({ companions: recorded });
  const missing = nothingMissing(traitsOf[phase]);
  const companions = await lookAtCompanions(context, missing, known, record, traitsOf[phase]);
  return { companions, missing, which: companions.map(({ key, does }) => `${key}=${does}`) };
}

test('before a deployment is open those move along that inputs name; who only stops does not', async () => {
  const { companions, which } = await looked('clone', {
    named: 'rg/api = read-only\nrg/jobs = jobs.zip\nrg/web = stop',
  });
  expect(which).toEqual(['rg/api=read-only', 'rg/jobs=build']);
  expect(companions.map(({ look }) => [look.app.name, look.readonlySlot?.name, look.stagingSlot?.name])).toEqual([
    ['api', 'blue-api', undefined],
    ['jobs', undefined, 'blue-jobs'],
  ]);
  // None is given the build of the first app.
  expect(companions.map(({ look }) => look.newBuild)).toEqual([null, { ...PACKAGE, path: '/jobs.zip' }]);
});

test('the build of each is looked up by what is said of it', async () => {
  const { companions } = await looked('deploy', {
    named: 'rg/jobs = https://files.example/jobs.zip',
    recorded: ['rg/jobs=build'],
  });
  expect(companions[0]?.look.newBuild).toEqual({
    kind: 'package-url',
    url: 'https://files.example/jobs.zip',
    etag: 'HEAD',
  });
});

test('an open deployment has those that it was opened with: whoever comes too late, or for something else, is refused', async () => {
  const both = { named: 'rg/api = read-only\nrg/jobs = read-only' };
  for (const recorded of [['rg/api=read-only'], ['rg/api=read-only', 'rg/jobs=build']]) {
    for (const phase of ['clone', 'deploy', 'cleanup'] as const)
      await expect(looked(phase, { ...both, recorded })).rejects.toMatchObject({
        kind: 'bad-input',
        happened: `Input other-apps names rg/jobs, and deployment ${ID} was opened without it, or for something else.`,
      });
    expect((await looked('status', { ...both, recorded })).which).toEqual(recorded);
  }
});

test('until the window opens a tag draws in no app that nobody has named; later its own slots say that it belongs', async () => {
  const forged = { named: 'rg/api = read-only', recorded: ['rg/api=read-only', 'rg/jobs=read-only'] };
  for (const phase of ['clone', 'read-only', 'switch'] as const)
    await expect(looked(phase, forged)).rejects.toMatchObject({
      kind: 'bad-input',
      happened: expect.stringContaining('says that rg/jobs moves along, and input other-apps does not name it'),
    });
  for (const phase of ['deploy', 'complete', 'rollback', 'cleanup', 'status', 'preflight'] as const)
    expect((await looked(phase, forged)).which).toEqual(forged.recorded);
});

test('whoever copies builds looks at each, but not at the one that is a copy itself by now', async () => {
  const named = 'rg/api = read-only\nrg/jobs = read-only';
  const recorded = ['rg/api=read-only', 'rg/jobs=read-only'];
  const markers = { api: `${ID}/read-only/0`, jobs: '20260130-aaaaa/new/1' };
  const releases = async (phase: PhaseName) =>
    (await looked(phase, { named, recorded, markers })).companions.map(({ look }) => look.production.release);
  expect(await releases('switch')).toEqual([undefined, expect.stringMatching(/^[0-9a-f]{12}$/)]);
  expect(await releases('deploy')).toEqual([undefined, undefined]);
});

test('one that cannot be seen is told as missing by who only looks, and stops all others', async () => {
  const asked = { named: 'rg/api = read-only\nrg/jobs = read-only', refused: /\/sites\/jobs\?/ };
  const { which, missing } = await looked('status', asked);
  expect([which, missing.parts.map(({ what }) => what)]).toEqual([['rg/api=read-only'], ['app jobs']]);
  await expect(looked('clone', asked)).rejects.toThrow('Denied');
});
