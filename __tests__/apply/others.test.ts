import { expect, test } from '@jest/globals';
import { addSite } from '../../simulator/model/web/create.ts';
import { awaitProduction } from '../../src/apply/await-production.ts';
import { applyOtherApp } from '../../src/apply/other-apps.ts';
import { applyScale } from '../../src/apply/scale-plan.ts';
import { applySuspended } from '../../src/apply/suspended.ts';
import type { Ports } from '../../src/ports.ts';
import { otherApp, slot } from '../phases/observed.ts';
import { answer, stage } from './scene.ts';
import { type Site, sketch } from './sketch.ts';

const because = 'the databases must be quiet';

/** Another app of the resource group. */
async function withTill(kind: string) {
  const there = await stage();
  const till = addSite(there.world, { name: 'till', resourceGroup: 'rg', plan: 'plan' }, there.clock.now());
  const production = till.slots.production;
  if (production === undefined) throw new Error('An app has a production slot.');
  const seen = await there.seen();
  const { id } = seen.observed.production;
  const look = { ...otherApp('rg/till', 'Running'), id: id.replace(/web$/, 'till') };
  const app = { ...look, site: look.site && { ...look.site, kind } };
  return { there, production, scene: { ...seen, observed: { ...seen.observed, otherApps: [app] } } };
}

test.each([
  ['app', true],
  ['FunctionApp,linux', undefined],
])(
  'another app (%s) stops with its SCM site where WebJobs would go on, and starts again',
  async (kind, alsoStopped) => {
    const { there, production, scene } = await withTill(kind);
    expect((await applyOtherApp(scene, { kind: 'stop-app', app: 'rg/till', because })).done).toHaveLength(1);
    expect([production.state, production.properties.scmSiteAlsoStopped]).toEqual(['Stopped', alsoStopped]);
    expect((await applyOtherApp(scene, { kind: 'start-app', app: 'rg/till', because })).done).toHaveLength(1);
    expect(production.state).toBe('Running');
    const expected = [...(alsoStopped ? ['PATCH sites/till'] : []), 'POST till/stop', 'POST till/start'];
    expect(there.sent).toEqual(expected);
  },
);

test('neither the app itself nor one that was not looked at is stopped, whatever a tag says', async () => {
  const { there, scene } = await withTill('app');
  const { observed } = scene;
  const own = { ...otherApp('rg/web', 'Running'), id: observed.app.id.toUpperCase() };
  const drawnIn = { ...scene, observed: { ...observed, otherApps: [own] } };
  for (const kind of ['stop-app', 'start-app'] as const)
    for (const app of ['rg/web', 'rg/till'])
      await expect(applyOtherApp(drawnIn, { kind, app, because })).rejects.toMatchObject({ kind: 'refused' });
  expect(there.sent).toEqual([]);
});

async function withTeamSlot(target: string) {
  const there = await stage();
  there.slot('next').fixedConfig = { autoSwapSlotName: target };
  const seen = await there.seen();
  const team = (name: string) => ({ name, id: `${seen.observed.production.id}/slots/${name}`, autoSwapWith: target });
  const teamSlots = [team('next'), team('zdd-staging')];
  return {
    there,
    config: there.slot('next').fixedConfig,
    scene: { ...seen, observed: { ...seen.observed, teamSlots } },
  };
}

test.each<['on' | 'off', string, string, number]>([
  ['off', 'production', '', 1],
  ['on', '', 'production', 1],
  ['on', 'blue', 'blue', 0],
  ['on', 'production', 'production', 0],
])('auto-swap is turned %s where it led to %o, and no other target is taken away', async (to, before, after, sent) => {
  const { there, scene } = await withTeamSlot(before);
  expect(await applySuspended(scene, { kind: 'set-auto-swap', slot: 'NEXT', to, because })).toEqual({});
  expect(there.slot('next').fixedConfig.autoSwapSlotName ?? '').toBe(after);
  expect(there.sent).toHaveLength(sent);
});

test('auto-swap of a slot of ours, or of one that was not looked at, is nobody’s to turn', async () => {
  const { there, scene } = await withTeamSlot('production');
  for (const name of ['zdd-staging', 'ZDD-Staging', 'gone', 'production'])
    await expect(
      applySuspended(scene, { kind: 'set-auto-swap', slot: name, to: 'off', because }),
    ).rejects.toMatchObject({ kind: 'refused' });
  expect(there.sent).toEqual([]);
});

const NAMES = { appSettingNames: ['Color', 'Size'], connectionStringNames: ['Db'], azureStorageConfigNames: ['data'] };

/** Production answers, as said by how many seconds have gone by. */
async function withSticky(site: Site = () => 200) {
  const there = await stage({ 'health-timeout': '120' });
  const web = Object.values(there.world.web.sites).find(({ name }) => name === 'web');
  if (web === undefined) throw new Error('There is an app.');
  web.slotConfigNames = structuredClone(NAMES);
  const startedAt = there.clock.now();
  there.answering(({ url }) => {
    const at = new URL(url);
    if (at.host !== 'web.azurewebsites.net') return undefined;
    const status = site(at, (there.clock.now() - startedAt) / 1000, 'GET');
    return answer(Number(status), {});
  });
  return { there, web, scene: await there.seen(), waited: () => (there.clock.now() - startedAt) / 1000 };
}

const OFF = {
  kind: 'set-slot-settings',
  appSettings: ['COLOR'],
  connectionStrings: ['db'],
  to: 'off',
  because,
} as const;

test('settings travel from then on, the others stay with their slots, and production is waited for', async () => {
  const { web, scene, waited, there } = await withSticky();
  expect(await applySuspended(scene, OFF)).toEqual({});
  expect(web.slotConfigNames).toEqual({ ...NAMES, appSettingNames: ['Size'], connectionStringNames: [] });
  expect([waited() >= 60, waited() < 70]).toEqual([true, true]);
  await applySuspended(scene, { ...OFF, appSettings: ['Color'], connectionStrings: ['Db'], to: 'on' });
  expect(web.slotConfigNames).toEqual({ ...NAMES, appSettingNames: ['Size', 'Color'] });
  expect(there.sent).toEqual(Array(2).fill('PUT config/slotConfigNames'));
});

test('what is as wanted is not written: production might restart', async () => {
  const { there, scene, waited } = await withSticky();
  await applySuspended(scene, { ...OFF, appSettings: ['other'], connectionStrings: [] });
  await applySuspended(scene, { ...OFF, appSettings: ['Color'], connectionStrings: ['Db'], to: 'on' });
  expect([there.sent, waited() < 5]).toEqual([[], true]);
});

/** @param atOnce it takes no time to answer */
function production(site: Site, atOnce = false) {
  const send: Ports['send'] = async ({ url }) => ({
    status: Number(site(new URL(url), there.clock.now() / 1000, 'GET')),
    headers: {},
    body: new Uint8Array(),
  });
  const inputs = { 'health-timeout': '120', 'health-path': '/health' };
  const there = sketch({ site, inputs, ...(atOnce && { ports: { send } }) });
  const scene = there.scene({ production: slot('production', { host: 'shop.example' }) });
  return { there, waiting: awaitProduction(scene, 'The plan is S1 now') };
}

test('production has to answer for a minute without a gap', async () => {
  const fine = production(() => 200);
  await fine.waiting;
  expect([fine.there.clock.now() >= 60_000, fine.there.clock.now() < 62_000]).toEqual([true, true]);
  expect([fine.there.infos.join(), fine.there.warnings]).toEqual([expect.stringContaining('all the time'), []]);
  const gaps = production((_url, second) => (second > 30 && second < 33.5 ? 503 : 200));
  await gaps.waiting;
  expect([gaps.there.clock.now() >= 93_000, gaps.there.clock.now() < 96_000]).toEqual([true, true]);
  expect(gaps.there.warnings).toEqual([
    expect.stringMatching(/^The plan is S1 now: [34] requests to production failed/),
  ]);
  for (const each of gaps.there.asked) expect(each).toBe('GET shop.example/health');
});

test('one that does not come back is told after health-timeout, and one bad answer later than that as well', async () => {
  const down = production((_url, second) => (second > 10 ? 503 : 200));
  await expect(down.waiting).rejects.toMatchObject({
    happened: expect.stringMatching(
      /^The plan is S1 now, and production is not healthy 2 min \d s later: GET \/health/,
    ),
  });
  const flapping = production((_url, second) => (Math.floor(second / 40) % 2 === 0 ? 200 : 503));
  await expect(flapping.waiting).rejects.toThrow('not healthy');
});

test('a minute without a gap is a minute, and health-timeout is over when it is', async () => {
  const fine = production(() => 200, true);
  await fine.waiting;
  expect(fine.there.clock.now()).toBe(60_000);
  const down = production(() => 503, true);
  await expect(down.waiting).rejects.toThrow('not healthy 2 min 0 s later');
  expect(down.there.clock.now()).toBe(120_000);
});

async function scaled(sku: string, slots: number, sku_ = { name: 'B1', tier: 'Basic', family: 'B' }) {
  const there = await stage({ 'health-timeout': '120' });
  const plan = there.world.web.plans.plan;
  if (plan === undefined) throw new Error('There is a plan.');
  Object.assign(plan, { sku: { ...plan.sku, ...sku_ } });
  const scene = await there.seen();
  const startedAt = there.clock.now();
  const change = await applyScale(scene, { kind: 'scale-plan', sku, slots, because });
  const size = there.world.web.plans.plan?.sku.name;
  return { there, size, change, ms: there.clock.now() - startedAt };
}

test('a plan without slots is scaled once, and production is waited for; one that has them is left alone', async () => {
  const { size, change, ms, there } = await scaled('S1', 2);
  expect([size, change.done?.length]).toEqual(['S1', 1]);
  // Azure refuses a size that does not say of which tier it is.
  expect(there.world.web.plans.plan?.sku).toMatchObject({ name: 'S1', tier: 'Standard' });
  expect(ms).toBeGreaterThan(60_000);
  expect(there.warnings[0]).toContain('is scaled from B1 to S1');
  const needless = await scaled('P1V3', 2, { name: 'S1', tier: 'Standard', family: 'S' });
  expect([needless.size, needless.change.done?.length, needless.there.sent]).toEqual(['S1', 1, []]);
  expect(needless.ms).toBeLessThan(10_000);
});

test('a plan that has just the size, and no slots yet, may have been scaled by a run that died: production is waited for', async () => {
  const { ms, change, there } = await scaled('S1', 2, { name: 'S1', tier: 'Standard', family: 'S' });
  expect(ms).toBeGreaterThan(60_000);
  expect([change.done?.length, there.sent]).toEqual([1, []]);
});

test('once there are slots, production was waited for by the run that made them', async () => {
  const there = await stage();
  Object.assign(there.world.web.plans.plan ?? {}, { sku: { name: 'S1', tier: 'Standard', family: 'S', capacity: 1 } });
  there.slot('zdd-readonly');
  const scene = await there.seen();
  const startedAt = there.clock.now();
  expect((await applyScale(scene, { kind: 'scale-plan', sku: 'S1', slots: 1, because })).done).toHaveLength(1);
  expect(there.clock.now() - startedAt).toBeLessThan(10_000);
});

test('a plan that no size would help is refused, and the size that was asked for named', async () => {
  await expect(scaled('S1', 2, { name: 'EP1', tier: 'ElasticPremium', family: 'EP' })).rejects.toMatchObject({
    kind: 'refused',
    next: 'Give plan-sku: S1, then run the phase again.',
  });
});

test('slots that are there count with those that are to be made, and what would not do is refused', async () => {
  await expect(scaled('S1', 9)).rejects.toMatchObject({
    kind: 'refused',
    next: expect.stringMatching(/^Give plan-sku: P/),
  });
});

/** Azure shows what it showed before for so many looks more, by a part of the address. */
function late(there: Awaited<ReturnType<typeof stage>>, part: RegExp, before: object, looks: number) {
  let left = looks;
  there.answering(({ method, url }) =>
    method === 'GET' && part.test(url) && left-- > 0 ? answer(200, before) : undefined,
  );
  return () => looks - Math.max(left, 0);
}

test.each([
  ['stop-app', 'Running'],
  ['start-app', 'Stopped'],
] as const)('%s ends only when Azure shows it', async (kind, state) => {
  const { there, scene } = await withTill('app');
  const before = { id: scene.observed.otherApps[0]?.id, name: 'till', location: 'x', properties: { state } };
  const looks = late(there, /\/sites\/till\?/, before, 4);
  await applyOtherApp(scene, { kind, app: 'rg/till', because });
  expect(looks()).toBe(4);
});

test('auto-swap is turned when Azure shows it so, in whatever case', async () => {
  const off = await withTeamSlot('production');
  const looks = late(off.there, /slots\/next\/config\/web/, { properties: { autoSwapSlotName: 'production' } }, 4);
  await applySuspended(off.scene, { kind: 'set-auto-swap', slot: 'next', to: 'off', because });
  expect(looks()).toBe(4);
  const on = await withTeamSlot('');
  let asked = 0;
  on.there.answering(({ method, url }) =>
    method === 'GET' && /config\/web/.test(url)
      ? answer(200, { properties: { autoSwapSlotName: ++asked < 3 ? '' : 'Production' } })
      : undefined,
  );
  await applySuspended(on.scene, { kind: 'set-auto-swap', slot: 'next', to: 'on', because });
  expect(asked).toBe(3);
});

test('a slot that says nothing of auto-swap has none, and it can be turned on again', async () => {
  const { there, scene } = await withTeamSlot('');
  const untold = late(there, /slots\/next\/config\/web/, { properties: {} }, 1);
  await applySuspended(scene, { kind: 'set-auto-swap', slot: 'next', to: 'on', because });
  expect([untold(), there.sent]).toEqual([1, ['PATCH config/web']]);
});

test.each([
  ['off', 'blue', 'on, to blue'],
  ['on', '', 'off'],
] as const)(
  'auto-swap that Azure never shows as %s ends the run, which says what was seen',
  async (to, shown, seen) => {
    const { there, scene } = await withTeamSlot(shown);
    late(there, /slots\/next\/config\/web/, { properties: { autoSwapSlotName: shown } }, 10_000);
    await expect(applySuspended(scene, { kind: 'set-auto-swap', slot: 'next', to, because })).rejects.toMatchObject({
      happened: `Waited 5 min 0 s for auto-swap of slot next to be ${to}; last seen: ${seen}.`,
    });
  },
);

test.each([
  ['app settings', { appSettings: ['Color'], connectionStrings: [] }, { appSettingNames: ['Size'] }],
  ['connection strings', { appSettings: [], connectionStrings: ['Db'] }, { connectionStringNames: [] }],
])('%s alone are a change as well', async (_what, named, changed) => {
  const { there, web, scene } = await withSticky();
  await applySuspended(scene, { ...OFF, ...named });
  expect([web.slotConfigNames, there.sent.length]).toEqual([{ ...NAMES, ...changed }, 1]);
});

test('slot settings are changed when Azure shows them, and it is said what they do now', async () => {
  const { there, web, scene } = await withSticky();
  let looks = 0;
  const site = ({ url }: { url: string }) =>
    new URL(url).host === 'web.azurewebsites.net' ? answer(200, {}) : undefined;
  there.answering((request) =>
    request.method === 'GET' && /slotConfigNames/.test(request.url) && ++looks < 5
      ? answer(200, { properties: NAMES })
      : site(request),
  );
  await applySuspended(scene, OFF);
  expect([looks, web.slotConfigNames.appSettingNames]).toEqual([5, ['Size']]);
  expect(there.infos.join()).toContain('COLOR, db travel with their builds now: production');
  await applySuspended(scene, { ...OFF, to: 'on' });
  expect(there.infos.join()).toContain('COLOR, db stay with their slots again: production');
});

test('a name that was put back in another order is there, and is not written', async () => {
  const { there, web, scene } = await withSticky();
  web.slotConfigNames = { ...NAMES, appSettingNames: ['Color', 'Size'], connectionStringNames: ['Db', 'A'] };
  await applySuspended(scene, { ...OFF, appSettings: ['Color'], connectionStrings: ['Db'], to: 'on' });
  expect(there.sent).toEqual([]);
});

/** A plan that Azure shows so, one look after another: two before it is scaled, the last for ever. */
async function scaledAs(...shown: readonly (readonly [name: string, provisioningState: string])[]) {
  const there = await stage();
  const plan = there.world.web.plans.plan;
  if (plan === undefined) throw new Error('There is a plan.');
  Object.assign(plan, { sku: { ...plan.sku, name: 'B1', tier: 'Basic', family: 'B' } });
  const scene = await there.seen();
  let looks = 0;
  there.answering(({ method, url }) => {
    if (new URL(url).host === 'web.azurewebsites.net') return answer(200, {});
    if (method !== 'GET' || !/serverfarms\/plan\?/.test(url)) return undefined;
    const [name, provisioningState] = shown[Math.min(looks++, shown.length - 1)] ?? [];
    const known = { id: '/x', name: 'plan', location: 'x', sku: { name, tier: 'Basic' } };
    return answer(200, { ...known, properties: { provisioningState } });
  });
  const scaling = applyScale(scene, { kind: 'scale-plan', sku: 'S1', slots: 2, because });
  return { scaling, looks: () => looks };
}

const SMALL = ['B1', 'Succeeded'] as const;

test('a plan has its size when Azure shows it, in whatever case, and is done with it', async () => {
  const { scaling, looks } = await scaledAs(SMALL, SMALL, SMALL, ['S1', 'InProgress'], ['s1', 'Succeeded']);
  await scaling;
  expect(looks()).toBe(5);
});

test.each([
  [SMALL, 'B1'],
  [['S1', 'InProgress'], 'S1, in progress'],
] as const)('a plan that never has it (%j) ends the run, which says what was seen', async (shown, seen) => {
  const { scaling } = await scaledAs(SMALL, SMALL, shown);
  await expect(scaling).rejects.toMatchObject({
    happened: `Waited 30 min 0 s for the App Service plan to be S1; last seen: ${seen}.`,
    next: expect.stringContaining('in the portal'),
  });
});

test('a plan that nobody may see is not scaled', async () => {
  const there = await stage();
  const scene = await there.seen();
  there.answering(({ url }) =>
    /serverfarms\/plan\?/.test(url) ? answer(403, { error: { code: 'Denied' } }) : undefined,
  );
  await expect(applyScale(scene, { kind: 'scale-plan', sku: 'S1', slots: 2, because })).rejects.toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining('may not read the App Service plan'),
  });
});
