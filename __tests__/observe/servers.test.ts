import { expect, test } from '@jest/globals';
import { addDatabase, addServer } from '../../simulator/model/sql/create.ts';
import type { SlotSettings } from '../../src/azure/slot-settings.ts';
import { cloneTags } from '../../src/deployment/clone-tags.ts';
import { recordTags } from '../../src/deployment/record-tags.ts';
import { listsAhead } from '../../src/observe/lists.ts';
import { knowServers, lookAtServers, NO_SETTINGS, serversAhead } from '../../src/observe/servers.ts';
import type { Missing } from '../../src/observe/unseen.ts';
import { answer, refusal, type Stage, stage } from '../apply/scene.ts';
import { recordOf } from '../apply/sketch.ts';
import { CLONE, ID, NOW } from '../phases/observed.ts';

const ADO = { type: 'SQLAzure' } as const;

/** Production with these connection strings, each of `host` or `host,port`. */
function leadingTo(...hosts: readonly string[]): SlotSettings {
  const entries = hosts.map((host, index) => {
    const value = `Server=tcp:${host};Database=db${index};User ID=a;Password=b`;
    return [`S${index}`, { ...ADO, value }] as const;
  });
  return { appSettings: {}, connectionStrings: Object.fromEntries(entries) };
}

function withServer(there: Stage, name: string, resourceGroup = 'rg') {
  const login = { administratorLogin: 'a', administratorPassword: 'Password-1' };
  return addServer(there.world, {
    name,
    resourceGroup,
    fullyQualifiedDomainName: `${name}.database.windows.net`,
    ...login,
  });
}

async function looked(
  inputs: Readonly<Record<string, string>>,
  production: SlotSettings | undefined,
  change: (there: Stage) => void = () => undefined,
  isAllowed = false,
) {
  const there = await stage(inputs);
  change(there);
  const { context } = there.scene();
  const missing: Missing = { isAllowed, parts: [] };
  const servers = await lookAtServers(context, missing, production);
  return { servers, missing, context, names: servers?.map(({ name }) => name) };
}

const NEAR = 'sql.database.windows.net';
const FAR = 'far.database.windows.net';
const withFar = (there: Stage) => void withServer(there, 'far');

test('the server is the one that the connection strings name, entered by its own name and their port', async () => {
  const { servers } = await looked({}, leadingTo(`${NEAR},1444`, NEAR));
  expect(servers).toEqual([
    {
      id: expect.stringMatching(/\/servers\/sql$/),
      ...{ name: 'sql', host: NEAR, port: 1444, minimalTlsVersion: expect.any(String) },
      names: expect.arrayContaining(['sql', NEAR]),
    },
  ]);
  expect((await looked({}, leadingTo(NEAR.toUpperCase()))).servers?.[0].port).toBe(1433);
});

test('of several each is found once, the first by name first', async () => {
  const { names, servers } = await looked({}, leadingTo(`${NEAR},1444`, `${FAR},1555`, NEAR), withFar);
  expect(names).toEqual(['far', 'sql']);
  expect(servers?.map(({ port }) => port)).toEqual([1555, 1444]);
});

test('an input names the servers, or the databases do; then nothing else counts', async () => {
  expect((await looked({ 'sql-server': 'far' }, leadingTo(NEAR), withFar)).names).toEqual(['far']);
  expect((await looked({ 'sql-server': 'sql, far' }, leadingTo(NEAR), withFar)).names).toEqual(['far', 'sql']);
  expect((await looked({ databases: 'far/a, far/b' }, leadingTo(NEAR), withFar)).names).toEqual(['far']);
  expect((await looked({ databases: 'a' }, leadingTo(NEAR), withFar)).names).toEqual(['sql']);
  // Also where the settings could not be read.
  expect((await looked({ 'sql-server': 'far' }, undefined, withFar)).names).toEqual(['far']);
});

test('what names no server, and several of which one is nowhere, is wrong input', async () => {
  await expect(looked({}, NO_SETTINGS)).rejects.toMatchObject({
    kind: 'bad-input',
    happened: 'No connection string of production names an SQL server that could be understood.',
    next: expect.stringContaining('Name the server with input sql-server'),
  });
  await expect(looked({}, leadingTo(NEAR, FAR))).rejects.toMatchObject({
    happened: expect.stringMatching(
      new RegExp(`several SQL servers \\(${NEAR}, ${FAR}\\).*may see no server ${FAR}\\.`),
    ),
    next: expect.stringContaining('Microsoft.Sql/servers/read'),
  });
});

/** A clone with the record of the app on a server, on which lie the originals that it names. */
function recorded(
  there: Stage,
  server: ReturnType<typeof withServer>,
  databases = ['shop'],
  app = 'rg/web',
  more: Readonly<Record<string, string>> = {},
) {
  const own = cloneTags({ deploymentId: ID, source: 'shop', sourceId: 'a', requestedAt: NOW });
  const clone = addDatabase(there.world, server, { name: CLONE }, there.clock.now());
  clone.tags = { ...own, ...recordTags(recordOf({ app, databases, server: server.name })), ...more };
}

test('where the settings do not tell them for certain they are those of the record of this app', async () => {
  const far = (there: Stage) => recorded(there, withServer(there, 'far'));
  expect((await looked({}, NO_SETTINGS, far)).names).toEqual(['far']);
  expect((await looked({}, undefined, far)).names).toEqual(['far']);
  expect((await looked({}, leadingTo(NEAR, FAR), far)).names).toEqual(['far']);
  // One that is told for certain counts.
  expect((await looked({}, leadingTo(NEAR), far)).names).toEqual(['sql']);
  const further = (there: Stage) => {
    withServer(there, 'third');
    recorded(there, withServer(there, 'far'), ['shop', 'third/stock', 'far/shop']);
  };
  expect((await looked({}, NO_SETTINGS, further)).names).toEqual(['far', 'third']);
});

/** Another subscription that the identity sees, with a server that has the record. */
function inAnotherSubscription(there: Stage): void {
  const subscription = '11111111-2222-3333-4444-555555555555';
  const server = `/subscriptions/${subscription}/resourceGroups/g/providers/Microsoft.Sql/servers/far`;
  const tags = {
    ...cloneTags({ deploymentId: ID, source: 'shop', sourceId: 'a', requestedAt: NOW }),
    ...recordTags(recordOf({ app: 'rg/web', databases: ['shop'], server: 'far' })),
  };
  const properties = { databaseId: 'x', status: 'Online', creationDate: NOW };
  const database = { id: `${server}/databases/${CLONE}`, name: CLONE, location: 'x', tags, properties };
  const far = { id: server, name: 'far', location: 'x', properties: { fullyQualifiedDomainName: FAR } };
  there.answering(({ url }) => {
    const { pathname } = new URL(url);
    if (pathname === '/subscriptions') return answer(200, { value: [{ subscriptionId: subscription }] });
    if (!pathname.startsWith(`/subscriptions/${subscription}/`)) return undefined;
    if (pathname.endsWith('/servers')) return answer(200, { value: [far] });
    if (pathname.endsWith('/databases')) return answer(200, { value: [database] });
    return answer(200, pathname.endsWith(CLONE) ? database : { value: [] });
  });
}

test('where nothing else tells them, the record is looked for in all subscriptions that the identity sees', async () => {
  const { names, servers } = await looked({}, NO_SETTINGS, inAnotherSubscription);
  expect(names).toEqual(['far']);
  expect(servers?.[0].id).toMatch(/^\/subscriptions\/1111/);
  expect((await looked({}, leadingTo(NEAR, 'gone.database.windows.net'), inAnotherSubscription)).names).toEqual([
    'far',
  ]);
});

test('one server that is named, while another name stands for nobody knows what, is not certain', async () => {
  const far = (there: Stage) => recorded(there, withServer(there, 'far'));
  const more = (host: string): SlotSettings => ({
    ...leadingTo(host),
    appSettings: { DB: '@Microsoft.KeyVault(SecretUri=https://vault.vault.azure.net/secrets/db)' },
  });
  expect((await looked({}, more(NEAR), far)).names).toEqual(['far']);
  expect((await looked({}, more(NEAR), withFar)).names).toEqual(['sql']);
  await expect(looked({}, more('nowhere.database.windows.net'), withFar)).rejects.toMatchObject({
    happened: expect.not.stringContaining('several SQL servers'),
  });
});

test('an input that names a server which is nowhere is what is told, also where the settings could not be read', async () => {
  const { missing } = await looked({ 'sql-server': 'nowhere' }, undefined, () => undefined, true);
  expect(missing.parts).toEqual([
    expect.objectContaining({
      so: expect.stringContaining('which databases there are'),
      why: expect.stringContaining('nowhere'),
    }),
  ]);
});

test('records of another app, or on several servers, tell nothing', async () => {
  const theirs = (there: Stage) => recorded(there, withServer(there, 'far'), ['shop'], 'rg/other');
  await expect(looked({}, NO_SETTINGS, theirs)).rejects.toMatchObject({ kind: 'bad-input' });
  const two = (there: Stage) => {
    for (const name of ['far', 'third']) recorded(there, withServer(there, name));
  };
  await expect(looked({}, NO_SETTINGS, two)).rejects.toMatchObject({ kind: 'bad-input' });
});

test('a record near the app counts before one that lies further off, and one that nobody can read is one, too', async () => {
  const afar = (there: Stage) => {
    there.world.resourceGroups.other = { name: 'other', location: 'westeurope', tags: {} };
    for (const { roles } of Object.values(there.world.principals))
      for (const role of roles) role.scope = `/subscriptions/${there.world.subscriptionId}`;
    recorded(there, withServer(there, 'afar', 'other'));
  };
  expect((await looked({}, NO_SETTINGS, afar)).names).toEqual(['afar']);
  const both = (there: Stage) => {
    afar(there);
    recorded(there, withServer(there, 'near'), ['shop'], 'rg/web', { 'zdd-lock': 'nonsense' });
  };
  expect((await looked({}, NO_SETTINGS, both)).names).toEqual(['near']);
});

test('on a server that the identity may not list it has made nothing; what else goes wrong there is no answer', async () => {
  const refused = (status: number) => (there: Stage) => {
    recorded(there, withServer(there, 'far'));
    there.answering(({ url }) => (/servers\/sql\/databases\?/.test(url) ? refusal(status, 'Denied') : undefined));
  };
  expect((await looked({}, NO_SETTINGS, refused(403))).names).toEqual(['far']);
  await expect(looked({}, NO_SETTINGS, refused(400))).rejects.toThrow('Denied');
});

test('who only looks is told what is missing, and why', async () => {
  const { servers, missing } = await looked({}, undefined, () => undefined, true);
  expect(servers).toBeUndefined();
  expect(missing.parts).toEqual([
    expect.objectContaining({
      what: 'SQL server',
      at: expect.stringMatching(/^\/subscriptions\/0.*\/resourceGroups\/rg$/),
      why: expect.stringContaining("production's connection strings, which could not be read"),
    }),
  ]);
});

test('what is known already is not looked for again', async () => {
  const { context, servers } = await looked({}, leadingTo(NEAR));
  expect(await lookAtServers(context, { isAllowed: false, parts: [] }, leadingTo(FAR))).toEqual(servers);
});

test('servers that are known are not asked for ahead again', async () => {
  const { context } = await looked({}, leadingTo(NEAR));
  delete context.known.serversInGroup;
  serversAhead(context, listsAhead(context));
  expect(context.known.serversInGroup).toBeUndefined();
});

test('the one that is named as the first comes first, and what is known of a server is kept', async () => {
  const there = await stage();
  withServer(there, 'far');
  const { context } = there.scene();
  await lookAtServers(context, { isAllowed: false, parts: [] }, leadingTo(`${NEAR},1444`, FAR));
  const facts = (context.known.servers ?? []).map((each) => each.facts);
  const again = await knowServers(context, NO_SETTINGS, [...facts, ...facts], 'SQL');
  expect(again.map(({ name, port }) => [name, port])).toEqual([
    ['sql', 1444],
    ['far', 1433],
  ]);
});

test('one login leads to one server, under whatever name it is reached', async () => {
  const login = (host: string) => ({ 'sql-access': `Server=tcp:${host};User ID=a;Password=b` });
  const { servers } = await looked(login('10.0.0.4,1500'), leadingTo(NEAR));
  expect(servers?.[0]).toMatchObject({ host: '10.0.0.4', port: 1500 });
  expect((await looked(login(`${NEAR.toUpperCase()},1500`), leadingTo(NEAR))).servers?.[0]).toMatchObject({
    host: NEAR,
    port: 1500,
  });
  const LINK = 'sql.privatelink.database.windows.net';
  expect((await looked(login(LINK), leadingTo(NEAR))).servers?.[0].host).toBe(NEAR);
  await expect(looked(login('10.0.0.4'), leadingTo(NEAR, FAR), withFar)).rejects.toMatchObject({
    happened: expect.stringContaining('names the server 10.0.0.4, and the databases lie on several: far, sql'),
  });
});

test.each<[string, Readonly<Record<string, string>>, (there: Stage) => void, readonly number[]]>([
  ['one server', {}, () => undefined, [1, 1]],
  ['several servers', {}, withFar, [1, 0]],
  [
    'a server that is named by its id',
    { 'sql-server': '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/x' },
    () => undefined,
    [0, 0],
  ],
])('beside the slots the servers of the group are asked for: %s', async (_what, inputs, change, expected) => {
  const there = await stage(inputs);
  change(there);
  const { context } = there.scene();
  const asked = { servers: 0, databases: 0 };
  there.answering(({ url }) => {
    if (/\/servers\?/.test(url)) asked.servers++;
    if (/\/databases\?/.test(url)) asked.databases++;
    return undefined;
  });
  serversAhead(context, listsAhead(context));
  serversAhead(context, listsAhead(context));
  await there.clock.sleep(500);
  expect([asked.servers, Math.min(asked.databases, 1)]).toEqual(expected);
});
