import { expect, test } from '@jest/globals';
import type { SlotSettings } from '../../src/azure/slot-settings.ts';
import type { Context } from '../../src/context/context.ts';
import type { Databases } from '../../src/context/databases.ts';
import type { Observed, Server } from '../../src/deployment/observed.ts';
import { insideAhead, lookInside } from '../../src/observe/inside.ts';
import { mintId } from '../../src/observe/join.ts';
import { listsAhead } from '../../src/observe/lists.ts';
import { keysOf, originalsOn, refuseIdle } from '../../src/observe/originals.ts';
import { lookAtOtherApps } from '../../src/observe/other-apps.ts';
import { releaseIn } from '../../src/observe/release.ts';
import { lookForRules } from '../../src/observe/rules.ts';
import { lookAtSlot } from '../../src/observe/slots.ts';
import { lookAtTeamSlots } from '../../src/observe/team-slots.ts';
import { type PhaseName, traitsOf } from '../../src/settings/phases.ts';
import { answer, refusal, type Stage, stage } from '../apply/scene.ts';
import { PAIR, pairOf, recordOf } from '../apply/sketch.ts';
import { CLONE, connectionTo, database, ID, observed, settings, slot } from '../phases/observed.ts';

type Pair = Observed['databases'][number];

/** What a phase looks into, over which connection, and what it makes of it. @param shut connections that nobody gets */
async function inside(
  phase: PhaseName,
  pairs: readonly Pair[],
  inputs: Readonly<Record<string, string>> = {},
  shut?: string,
) {
  const { context } = (await stage()).scene();
  const entered: string[] = [];
  const over = new Set<string | undefined>();
  const databases: Databases = {
    ...context.databases,
    async look(name, work, on) {
      entered.push(name);
      over.add(on);
      if (name === 'unreachable' || (shut !== undefined && on === shut)) return null;
      return work({
        query: async (statement) => (/is_read_only/.test(statement) ? [{ is_read_only: name === CLONE }] : [{ v: 7 }]),
        close: async () => undefined,
      });
    },
  };
  const own: Context = { ...context, databases };
  const known = settings({ phase, 'schema-version-query': 'SELECT 7', ...inputs });
  const facts = await lookInside(own, known, traitsOf[phase], pairs, new Map());
  return { facts, entered, own, known, over: [...over] };
}

const SHOP = { readOnly: false, schemaVersion: '7' };

test.each<[PhaseName, object]>([
  ['validate', { shop: SHOP, [CLONE]: { readOnly: true, schemaVersion: '7' } }],
  ['switch', { shop: { readOnly: false } }],
  ['read-only', { [CLONE]: { readOnly: true } }],
  ['status', {}],
])('%s looks into the databases by which it decides, and asks no more', async (phase, expected) => {
  expect((await inside(phase, [PAIR])).facts).toEqual(expected);
});

test('of several databases each is looked into, and one that is not there is none', async () => {
  const alone = { ...pairOf('stock', `stock-zdd-${ID}`), clone: null };
  // Twice: the version is asked beside the state, over a connection of its own.
  const twice = [CLONE, 'shop', 'stock'].flatMap((name) => [name, name]);
  expect((await inside('validate', [PAIR, alone])).entered.toSorted()).toEqual(twice.toSorted());
});

test.each<[PhaseName, string, Readonly<Record<string, string>>, boolean]>([
  ['switch', 'Online', {}, true],
  ['switch', 'Paused', {}, true],
  ['switch', 'Resuming', {}, true],
  ['switch', 'Restoring', {}, false],
  ['switch', 'Paused', { 'dry-run': 'true' }, false],
  ['switch', 'Online', { 'dry-run': 'true' }, true],
])('%s looks into a database that is %s %o: %s', async (phase, status, inputs, looks) => {
  const pair = { ...PAIR, original: database('shop', { status }) };
  expect((await inside(phase, [pair], inputs)).entered.length > 0).toBe(looks);
});

test('what cannot be reached and need not be is left out', async () => {
  const pair = { ...PAIR, original: database('unreachable') };
  expect((await inside('switch', [pair])).facts).toEqual({});
});

test('the version is asked beside the state, but where databases are made or moved: there a second connection is in the way', async () => {
  for (const phase of ['validate', 'complete'] as const)
    expect((await inside(phase, [PAIR])).over).toEqual([undefined, 'second']);
  for (const phase of ['clone', 'rollback'] as const) expect((await inside(phase, [PAIR])).over).toEqual([undefined]);
});

test('where the state and the version both fail, one is the error, and the other is told', async () => {
  const { scene, warnings } = await stage();
  const { context } = scene();
  const databases: Databases = {
    ...context.databases,
    look: async (_name, _work, on) => Promise.reject(new Error(on === 'second' ? 'no version' : 'no state')),
  };
  const known = settings({ phase: 'complete', 'schema-version-query': 'SELECT 7' });
  const own: Context = { ...context, databases };
  await expect(lookInside(own, known, traitsOf.complete, [PAIR], new Map())).rejects.toThrow('no state');
  expect(warnings).toEqual([expect.stringContaining('no version')]);
});

test('of a database of which the state or the version cannot be asked nothing is told; without a query there is no version', async () => {
  expect((await inside('validate', [PAIR], {}, 'second')).facts).toEqual({});
  const { facts, over } = await inside('validate', [PAIR], { 'schema-version-query': '' });
  expect([facts, over]).toEqual([{ shop: { readOnly: false }, [CLONE]: { readOnly: true } }, [undefined]]);
});

test('what the last look looked into is asked at once, but where databases may be moved', async () => {
  const { own, entered, known } = await inside('switch', [PAIR]);
  const ahead = insideAhead(own, traitsOf.switch);
  expect([[...ahead.keys()], entered]).toEqual([['shop'], ['shop', 'shop']]);
  expect(await lookInside(own, known, traitsOf.switch, [PAIR], ahead)).toEqual({ shop: { readOnly: false } });
  expect(entered).toHaveLength(2);
  for (const phase of ['rollback', 'cleanup'] as const) expect(insideAhead(own, traitsOf[phase]).size).toBe(0);
  const first = (await stage()).scene().context;
  expect(insideAhead(first, traitsOf.switch).size).toBe(0);
});

test('a server is listed once a look, and what the last one read is asked at once', async () => {
  const there = await stage();
  const { context, observed: seen } = there.scene();
  const [server] = seen.servers;
  const asked: string[] = [];
  there.answering(({ url }) => void asked.push(new URL(url).pathname.split('/').slice(-1).join()));
  const first = listsAhead(context);
  expect(asked).toEqual([]);
  await Promise.all([first.of(server.id), first.of(server.id)]);
  expect(await first.database(server.id, 'shop')).toMatchObject({ name: 'shop' });
  expect(await first.database(server.id, 'nobody')).toBeNull();
  expect(asked).toEqual(['databases', 'shop', 'nobody']);
  context.known.servers = [{ server, facts: { ...server, hostName: server.host } as never }];
  const second = listsAhead(context);
  await there.clock.sleep(100);
  expect(asked.slice(3).toSorted()).toEqual(['databases', 'nobody', 'shop']);
  await Promise.all([second.of(server.id), second.database(server.id, 'shop'), second.database(server.id, 'stock')]);
  expect(asked.slice(6)).toEqual(['stock']);
  // What this look did not ask for is not asked for by the next one.
  listsAhead(context);
  await there.clock.sleep(100);
  expect(asked.slice(7).toSorted()).toEqual(['databases', 'shop', 'stock']);
});

async function seen(name: string, change: (there: Stage) => void = () => undefined) {
  const there = await stage();
  change(there);
  const { context } = there.scene();
  return { there, context, look: await lookAtSlot(context, context.app, name) };
}

test('a slot is seen with its settings, marker, build and where it routes', async () => {
  const { look, context } = await seen('zdd-readonly', (there) => {
    const { occupant, ...model } = there.slot('zdd-readonly');
    occupant.settings = { ZDD_INSTANCE: `${ID}/read-only/0`, ZDD_BUILD: 'abc' };
    occupant.connectionStrings = { Shop: { value: 'Server=x', type: 'SQLAzure' } };
    there.slot('zdd-readonly').fixedConfig = { ...model.fixedConfig, autoSwapSlotName: 'production' };
    there.slot('zdd-readonly').tags = { 'zdd-slot': 'yes' };
  });
  expect(look.slot).toMatchObject({
    name: 'zdd-readonly',
    state: 'Running',
    host: 'web-zdd-readonly.azurewebsites.net',
    scmHost: 'web-zdd-readonly.scm.azurewebsites.net',
    tags: { 'zdd-slot': 'yes' },
    connectionStrings: { Shop: { value: 'Server=x', type: 'SQLAzure' } },
    marker: { deploymentId: ID, role: 'read-only', attempt: 0 },
    markerText: `${ID}/read-only/0`,
    build: 'abc',
    autoSwapWith: 'production',
    routed: false,
    swapStatus: null,
    previewWith: null,
  });
  expect(context.known.slots.size).toBe(1);
});

test.each<[string, unknown, boolean]>([
  ['no rules', { rampUpRules: [] }, false],
  ['a rule', { rampUpRules: [{ name: 'a', reroutePercentage: 5 }] }, true],
  ['nothing', null, false],
])('visitors are routed to slots where there is %s', async (_what, experiments, routed) => {
  const { look } = await seen('production', (there) => {
    there.slot('production').fixedConfig = { experiments, autoSwapSlotName: '' };
  });
  expect(look.slot).toMatchObject({ routed, autoSwapWith: null, markerText: '', marker: undefined });
});

test.each([
  ['zdd-readonly', 80, 40],
  ['production', 40, 40],
])('of %s everything is asked at once when it is known to be there', async (name, first, again) => {
  const there = await stage();
  there.slot(name);
  const { context } = there.scene();
  for (const expected of [first, again]) {
    const startedAt = there.clock.now();
    await lookAtSlot(context, context.app, name);
    expect(there.clock.now() - startedAt).toBe(expected);
  }
});

test('of a slot that may not be there nothing is asked before that is known', async () => {
  const there = await stage();
  const { context } = there.scene();
  const asked: string[] = [];
  there.answering(({ url }) => void asked.push(url));
  await lookAtSlot(context, context.app, 'zdd-readonly');
  await there.clock.sleep(100);
  expect(asked).toHaveLength(1);
});

test('what travels with a slot in a swap is seen, what production has beside it, and a swap with preview', async () => {
  const { look } = await seen('production', (there) => {
    const slot = there.slot('production');
    slot.fixedConfig = { ...slot.fixedConfig, nodeVersion: '20', ftpsState: 'Disabled' };
    slot.occupant.config = { ...slot.occupant.config, nodeVersion: '20' };
    there.slot('next');
    for (const site of Object.values(there.world.web.sites))
      Object.assign(site, { preview: { source: 'next', target: 'production' } });
  });
  const { site, id } = look.slot ?? {};
  expect(look.slot).toMatchObject({ travelling: { nodeVersion: '20' }, previewWith: 'next' });
  expect(look.slot).toHaveProperty('beside.length', 7);
  expect([id, site?.name]).toEqual([site?.id, 'web']);
});

test('the last swap is seen by its names and instant', async () => {
  const { look } = await seen('production', (there) => {
    const timestampUtc = Date.parse('2026-09-01T08:00:00.5Z');
    there.slot('production').slotSwapStatus = { timestampUtc, sourceSlotName: 'a', destinationSlotName: 'Production' };
  });
  expect(look.slot?.swapStatus).toMatchObject({ source: 'a', destination: 'Production' });
  expect(Date.parse(look.slot?.swapStatus?.at ?? '')).toBe(Date.parse('2026-09-01T08:00:00.5Z'));
});

test('a slot that is gone is forgotten; settings that may not be read are said, with the rest of it', async () => {
  const { there, context, look } = await seen('zdd-readonly');
  expect(look).toEqual({ slot: null });
  there.slot('zdd-readonly');
  there.answering(({ url }) => (/appsettings\/list/.test(url) ? refusal(403, 'AuthorizationFailed') : undefined));
  const refused = await lookAtSlot(context, context.app, 'zdd-readonly');
  expect(refused.slot).toMatchObject({ name: 'zdd-readonly', state: 'Running' });
  expect(refused.slot).not.toHaveProperty('appSettings');
  expect(String(refused.error)).toContain('AuthorizationFailed');
  expect(context.known.slots.size).toBe(1);
  there.answering(({ url }) => (/\/slots\/zdd-readonly\?/.test(url) ? refusal(404, 'ResourceNotFound') : undefined));
  expect(await lookAtSlot(context, context.app, 'zdd-readonly')).toEqual({ slot: null });
  expect(context.known.slots.size).toBe(0);
});

test('slots of the team whose auto-swap is off or to be off: by input and record, each once, if it is there', async () => {
  const there = await stage();
  there.slot('next').fixedConfig = { autoSwapSlotName: 'production' };
  there.slot('Blue').fixedConfig = { autoSwapSlotName: '' };
  there.slot('other');
  const { context } = there.scene();
  const known = settings({ 'pause-auto-swap': 'next, gone' });
  const record = recordOf({ suspended: ['auto-swap=blue', 'auto-swap=NEXT', 'app-setting=other', 'auto-swap=a%2Fb'] });
  const look = await lookAtTeamSlots(context, known, record);
  expect(look.map(({ name, autoSwapWith }) => [name, autoSwapWith])).toEqual([
    ['blue', null],
    ['next', 'production'],
  ]);
  expect(look[0]?.id).toMatch(/\/slots\/blue$/);
  expect(await lookAtTeamSlots(context, settings(), null)).toEqual([]);
});

test('other apps: those that are named to be stopped, and those that the record says are', async () => {
  const { context } = (await stage()).scene();
  const known = settings({ 'other-apps': 'rg/Gone=stop\nrg/till=read-only' });
  const look = await lookAtOtherApps(context, known, recordOf({ stoppedApps: ['rg/web', 'rg/gone'] }));
  expect(look.map(({ key, named, site }) => [key, named, site?.name])).toEqual([
    ['rg/gone', true, undefined],
    ['rg/web', false, 'web'],
  ]);
  expect(look[1]?.id).toBe(
    `/subscriptions/${context.app.subscriptionId}/resourceGroups/rg/providers/Microsoft.Web/sites/web`,
  );
});

interface RulesAsked {
  readonly phase?: PhaseName;
  readonly status?: number;
  /** The deployment that production was left by. */
  readonly serves?: string;
  readonly open?: readonly string[];
  readonly copied?: readonly string[];
  readonly role?: 'new' | 'read-only';
  readonly servers?: readonly [string, ...string[]];
}

async function rules(
  names: readonly string[],
  change: (context: Context) => void = () => undefined,
  { phase = 'cleanup', status = 200, serves, open = [], copied = [], role = 'new', servers = ['sql'] }: RulesAsked = {},
) {
  const there = await stage();
  const { context, observed: seen } = there.scene();
  change(context);
  there.answering(({ url }) => {
    if (!/firewallRules/.test(url)) return undefined;
    return status === 200
      ? answer(200, { value: names.map((name) => ({ name, properties: { startIpAddress: '203.0.113.7' } })) })
      : refusal(status, 'Denied');
  });
  const deployments = { ids: new Set(open), copied: new Set(copied) };
  const marker = serves === undefined ? undefined : { deploymentId: serves, role, attempt: 1 };
  const traits = traitsOf[phase];
  const [first] = seen.servers;
  const [one, ...others] = servers.map((name) => ({ ...first, id: first.id.replace(/[^/]+$/, name), name }));
  return lookForRules(context, traits, [one ?? first, ...others], { deploymentId: ID }, deployments, marker);
}

test('firewall rules of this deployment that were left open are found, and nobody else’s', async () => {
  const { context } = (await stage()).scene();
  const minted = mintId(context.settings, traitsOf.clone, 'rg/web', '20260101', undefined);
  const names = [`zdd-${ID}-7001-1-a`, `zdd-${minted}-7001-1-b`, 'zdd-20260130-aaaaa-1-1-c', 'office', `x-zdd-${ID}-1`];
  expect((await rules(names)).strayRules).toEqual(names.slice(0, 2));
  const { strayRules } = await rules(names, ({ known }) => known.openedRules.add(names[0] ?? ''));
  expect(strayRules).toEqual(names.slice(1, 2));
});

test('who may not see firewall rules must where somebody may have opened one', async () => {
  await expect(rules([], () => undefined, { status: 403 })).rejects.toThrow('Denied');
  const closed = (context: Context) => Object.assign(context.settings, { openFirewall: false });
  expect(await rules([], closed, { status: 403 })).toEqual({ strayRules: [], leftoverRules: [] });
  await expect(rules([], closed, { status: 400 })).rejects.toThrow('Denied');
  for (const phase of ['clone', 'status', 'preflight'] as const)
    expect(await rules([], () => undefined, { phase, status: 403 })).toEqual({ strayRules: [], leftoverRules: [] });
});

test('rules of the deployment that production was left by are closed once nothing of it is open; those of others are told', async () => {
  const before = 'zdd-20260130-aaaaa-1-1-0a1b2c3d';
  const other = 'zdd-20260129-bbbbb-a.b_c-1-2-0a1b2c3d';
  const names = [
    before,
    other,
    `zdd-${ID}-7001-1-0a1b2c3d`,
    'zdd-none-local-1-0a1b2c3d',
    'zdd-20260130-aaaaa',
    'office',
  ];
  const told = async (asked: RulesAsked) => (await rules(names, undefined, asked)).leftoverRules;
  const closed = async (asked: RulesAsked, change?: (context: Context) => void) =>
    (await rules(names, change, { serves: '20260130-aaaaa', ...asked })).strayRules;
  const address = '203.0.113.7';
  const left = [before, other, 'zdd-none-local-1-0a1b2c3d'].map((name) => ({ name, address }));
  for (const phase of ['clone', 'status', 'preflight'] as const)
    expect(await told({ phase, open: [ID] })).toEqual(left);
  expect(await told({ phase: 'status', open: [ID, '20260129-bbbbb'] })).toEqual([left[0], left[2]]);
  expect(await closed({ phase: 'clone' })).toEqual([before]);
  expect(await closed({})).toEqual([before, names[2]]);
  expect(await closed({ phase: 'status' })).toEqual([]);
  expect(await closed({ phase: 'clone', open: ['20260130-aaaaa'] })).toEqual([]);
  expect(await closed({ phase: 'clone', copied: ['20260130-aaaaa'] })).toEqual([]);
  const shut = (context: Context) => Object.assign(context.settings, { openFirewall: false });
  expect(await closed({ phase: 'clone' }, shut)).toEqual([]);
});

test('rules are looked for by the phases that tell of them, or close them', async () => {
  const names = ['zdd-20260130-aaaaa-1-1-0a1b2c3d'];
  for (const phase of ['read-only', 'switch', 'deploy', 'validate', 'complete', 'rollback'] as const)
    expect(await rules(names, undefined, { phase })).toEqual({ strayRules: [], leftoverRules: [] });
  const ended = { serves: '20260130-aaaaa' };
  const shut = (context: Context) => Object.assign(context.settings, { openFirewall: false });
  // A cleanup closes what others cannot have opened, too; the read-only copy in production says that its deployment goes on.
  expect((await rules(names, shut, ended)).strayRules).toEqual(names);
  expect((await rules(names, undefined, { ...ended, role: 'read-only' })).strayRules).toEqual([]);
});

test('where a private way leads in somebody else opened the rule, and closes it', async () => {
  const name = 'zdd-20260130-aaaaa-1-1-0a1b2c3d';
  const privately = ({ known, settings: own, app }: Context) => {
    Object.assign(own, { openFirewall: undefined });
    const prefix = `/subscriptions/${app.subscriptionId}/resourceGroups/rg/providers/Microsoft.Sql/servers/`;
    known.servers = ['sql', 'far'].map((server) => ({
      facts: { privateEndpoint: server === 'sql' },
      server: { id: `${prefix}${server}` },
    })) as never;
  };
  const asked = { phase: 'clone', serves: '20260130-aaaaa', servers: ['sql', 'far'] } as const;
  expect((await rules([name], privately, asked)).strayRules).toEqual([`far/${name}`]);
});

test('a rule of another server is called by its key', async () => {
  const name = `zdd-${ID}-7001-1-0a1b2c3d`;
  const { strayRules, leftoverRules } = await rules([name], undefined, { servers: ['sql', 'far'] });
  expect(strayRules).toEqual([name, `far/${name}`]);
  expect(leftoverRules.map((rule) => rule.name)).toEqual([name, `far/${name}`]);
});

/** The digest of what SCM tells of a build. */
async function release(
  files: Readonly<Record<string, readonly object[]>>,
  deployment?: object,
  appSettings = {},
  differences = {},
  packageStatus = 200,
) {
  const there = await stage();
  const { context } = there.scene();
  there.answering(({ url }) => {
    const { pathname } = new URL(url);
    if (/deployments\/latest/.test(pathname)) return deployment ? answer(200, deployment) : refusal(404, 'None');
    if (/packagename/.test(pathname))
      return { status: packageStatus, headers: {}, body: new TextEncoder().encode('a.zip') };
    const entries = files[pathname.replace('/api/vfs/site/', '').replace(/\/$/, '')];
    return entries ? answer(200, entries) : refusal(404, 'None');
  });
  return releaseIn(context, slot('production', { ...differences, scmHost: 'web.scm.azurewebsites.net', appSettings }));
}

const FILE = { name: 'app.dll', mime: 'application/x', size: 7, mtime: '2026-01-01' };

test('a build is another one by its deployment, or by what lies in it; not by what the app writes', async () => {
  const before = await release({ wwwroot: [FILE] }, { id: 'a', end_time: 'x' });
  expect(before).toMatch(/^[0-9a-f]{12}$/);
  const folder = { name: 'App_Data', mime: 'inode/directory' };
  const written = ['a.log', 'b.TXT', 'shop.db', 'shop.db-wal', 'x.sqlite3', 'run.pid'].map((name) => ({
    ...FILE,
    name,
  }));
  const same = [
    [FILE, folder],
    [...written, FILE],
  ];
  for (const wwwroot of same) expect(await release({ wwwroot }, { id: 'a', end_time: 'x' })).toBe(before);
  const others = [
    release({ wwwroot: [FILE] }, { id: 'b', end_time: 'x' }),
    release({ wwwroot: [FILE] }, { id: 'a', end_time: 'y' }),
    release({ wwwroot: [{ ...FILE, size: 8 }] }, { id: 'a', end_time: 'x' }),
    release({ wwwroot: [{ ...FILE, mtime: '2026-01-02' }] }, { id: 'a', end_time: 'x' }),
    release({ wwwroot: [FILE], 'wwwroot/bin': [FILE] }, { id: 'a', end_time: 'x' }),
    release({ wwwroot: [FILE] }),
  ];
  const digests = await Promise.all(others);
  expect(new Set([before, ...digests]).size).toBe(7);
});

test('the order in which SCM lists files says nothing, nor does it tell of a build that settings name', async () => {
  const other = { ...FILE, name: 'b.dll' };
  expect(await release({ wwwroot: [FILE, other] })).toBe(await release({ wwwroot: [other, FILE] }));
  const url = { WEBSITE_RUN_FROM_PACKAGE: 'https://files.example/a.zip' };
  expect(await release({ wwwroot: [FILE] }, undefined, url)).toBeUndefined();
  const image = { travelling: { linuxFxVersion: 'DOCKER|shop:1' } };
  expect(await release({ wwwroot: [FILE] }, undefined, {}, image)).toBeUndefined();
  expect(await release({}, undefined, { WEBSITE_RUN_FROM_PACKAGE: '1' }, {}, 404)).toBeUndefined();
  const mounted = await release({}, undefined, { WEBSITE_RUN_FROM_PACKAGE: '1' });
  expect(mounted).toMatch(/^[0-9a-f]{12}$/);
  expect(mounted).not.toBe(await release({}));
});

const NEAR = observed().servers[0];
const FAR: Server = {
  ...NEAR,
  id: '/subscriptions/s/servers/far',
  name: 'far',
  host: 'far.database.windows.net',
  names: ['far', 'far.database.windows.net'],
};
const at = (host: string, name: string) => ({
  value: `Server=${host};Database=${name};User ID=a;Password=b`,
  type: 'SQLAzure' as const,
});
const found = (strings: SlotSettings['connectionStrings']) => ({ appSettings: {}, connectionStrings: strings });

function originals(
  inputs: Readonly<Record<string, string>>,
  strings = {},
  servers: readonly [Server, ...Server[]] = [NEAR, FAR],
) {
  return originalsOn(settings(inputs), found(strings), servers).map(({ server, name }) => `${server.name}/${name}`);
}

test('originals are those of the input, each on its server, in whatever case', () => {
  expect(originals({ databases: 'FAR/stock, shop-sql/shop' })).toEqual(['far/stock', 'shop-sql/shop']);
  expect(originals({ databases: 'shop' }, {}, [NEAR])).toEqual(['shop-sql/shop']);
  expect(originals({ databases: 'elsewhere/shop, far/stock' })).toEqual(['far/stock']);
  expect(() => originals({ databases: 'shop' })).toThrow('names shop without its server, and there are several');
});

test('otherwise those of the connection strings, each once, and for a clone its original', () => {
  const strings = {
    ...connectionTo('shop'),
    B: at(FAR.host, 'stock'),
    C: at(NEAR.host, 'SHOP'),
    D: at(NEAR.host, CLONE),
  };
  expect(originals({}, strings).map((each) => each.toLowerCase())).toEqual(['shop-sql/shop', 'far/stock']);
  expect(originals({}, { B: at('other.example', 'stock') })).toEqual([]);
  const all = originalsOn(settings(), found(strings), [NEAR, FAR]);
  expect(keysOf(all, 'FAR').map((each) => each.toLowerCase())).toEqual(['stock', 'shop-sql/shop']);
});

test('a server that an input names and that has none of the databases is a mistake', () => {
  const shop = [{ server: NEAR, name: 'shop' }];
  const both = settings({ 'sql-server': 'shop-sql, far' });
  expect(() => refuseIdle(both, [NEAR, FAR], shop)).toThrow('Input sql-server names far, and no database');
  expect(() => refuseIdle(both, [NEAR, FAR], shop)).toThrow(/databases: shop-sql\/shop,far\/<name>$/);
  expect(() => refuseIdle(both, [NEAR, FAR], [...shop, { server: FAR, name: 'a' }])).not.toThrow();
  expect(() => refuseIdle(both, [NEAR, FAR], [])).not.toThrow();
  expect(() => refuseIdle(settings({ 'sql-server': 'far' }), [NEAR, FAR], shop)).not.toThrow();
});
