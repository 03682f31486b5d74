import { expect, test } from '@jest/globals';
import { EPOCH } from '../../simulator/model/create-world.ts';
import type { Slot as ModelSlot } from '../../simulator/model/web/state.ts';
import { applySlot } from '../../src/apply/slots.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { SqlError } from '../../src/ports.ts';
import { answer, refusal, type Stage, stage } from './scene.ts';
import { recordOf } from './sketch.ts';

const because = 'of a defect';
const nothing = { appSettings: {}, connectionStrings: {} };

test.each([
  { kind: 'stop-slot', slot: 'production', because },
  { kind: 'start-slot', slot: 'production', because },
  { kind: 'write-settings', slot: 'production', settings: nothing, once: false, because },
  { kind: 'match-config', slot: 'production', properties: {}, because },
  { kind: 'stop-webjobs', slot: 'production', because },
  { kind: 'tag-slot', slot: 'production', tags: {}, because },
] as const)('whatever was planned, $kind is never sent to production', async (step) => {
  const { scene, sent } = await stage();
  const { context, ...seen } = scene();
  const ofApp = { ...seen, context: { ...context, app: { ...seen.observed.app, subscriptionId: 's' } } };
  await expect(applySlot(ofApp, step)).rejects.toThrow(/production/);
  expect(sent).toEqual([]);
});

const NAME = 'zdd-readonly';
const STAGING = 'zdd-staging';

/** Azure refuses so often what changes something there, because of another operation. */
function busy(there: Stage, times: number, operation = 'ChangeSite', onRefusal: () => void = () => undefined) {
  let left = times;
  there.answering(({ method, url }) => {
    if (method === 'GET' || !/\/slots\//.test(url) || /\/(list|config\/\w+\/list)\b/.test(url) || left-- <= 0)
      return undefined;
    onRefusal();
    const message = `Cannot modify this site because another operation is in progress. Details: Id: 7, OperationName: ${operation}, `;
    return answer(409, { Code: 'Conflict', Message: message });
  });
}

test('a slot is stopped and started, and shown so at the end', async () => {
  const there = await stage();
  const model = there.slot(STAGING);
  expect(await applySlot(await there.seen(), { kind: 'stop-slot', slot: STAGING, because })).toEqual({});
  expect(model.state).toBe('Stopped');
  const started = { kind: 'start-slot', slot: STAGING, because } as const;
  expect(await applySlot(await there.seen(), started)).toEqual({ done: [{ kind: 'start-slot', subject: STAGING }] });
  expect(model.state).toBe('Running');
  expect(there.sent).toEqual([`POST ${STAGING}/stop`, `POST ${STAGING}/start`]);
});

test.each<[string, Partial<DeploymentRecord>, number]>([
  ['the window opened', { windowOpenedAt: at(50) }, 15_000],
  ['the window closed', { windowOpenedAt: at(0), windowClosedAt: at(55) }, 20_000],
  ['it was long ago', { windowOpenedAt: at(34) }, 0],
  ['it was just long enough ago', { windowOpenedAt: at(35) }, 0],
  ['nobody was moved', {}, 0],
])('a slot runs on until nobody comes to it any more: %s', async (_what, differences, ms) => {
  const there = await stage();
  there.slot(NAME);
  const scene = await there.seen({ record: recordOf(differences) });
  const startedAt = there.clock.now();
  await applySlot(scene, { kind: 'stop-slot', slot: NAME, because });
  const waited = there.clock.now() - startedAt;
  expect([waited >= ms - 1000, waited < ms + 2500]).toEqual([true, true]);
  expect(there.infos.some((text) => /may still come/.test(text))).toBe(ms > 0);
});

/** So many seconds after the beginning of the world; it is the 60th now. */
function at(second: number): string {
  return new Date(EPOCH + second * 1000).toISOString();
}

test('a swap of somebody counts as well, by Azure’s own word', async () => {
  const there = await stage();
  const swapped = {
    timestampUtc: there.clock.now() - 5000,
    sourceSlotName: STAGING,
    destinationSlotName: 'Production',
  };
  there.slot(STAGING).slotSwapStatus = swapped;
  const startedAt = there.clock.now();
  await applySlot(await there.seen(), { kind: 'stop-slot', slot: STAGING, because });
  expect(there.clock.now() - startedAt).toBeGreaterThan(18_000);
});

test.each<[string, string, Partial<DeploymentRecord>, readonly string[] | undefined]>([
  ['the read-only copy is started', NAME, {}, ['LAPTOP/7']],
  ['it is started again in the window', NAME, { windowOpenedAt: at(0) }, undefined],
  ['another slot is started', STAGING, {}, undefined],
])('who is in the originals is kept when %s', async (_what, name, differences, presentBefore) => {
  const there = await stage();
  there.slot(NAME).state = 'Stopped';
  there.slot(STAGING).state = 'Stopped';
  there.stranger('shop');
  const scene = await there.seen({ record: recordOf(differences) });
  const change = await applySlot(scene, { kind: 'start-slot', slot: name, because });
  expect(change.presentBefore).toEqual(presentBefore);
});

test('what cannot be seen in the originals now is for the proof to refuse', async () => {
  const there = await stage();
  there.slot(NAME).state = 'Stopped';
  const { context, ...scene } = await there.seen();
  const databases = { ...context.databases, read: () => Promise.reject(new Error('no way in')) };
  const blind = { ...scene, context: { ...context, databases } };
  const started = { kind: 'start-slot', slot: NAME, because } as const;
  expect(await applySlot(blind, started)).toEqual({ done: [{ kind: 'start-slot', subject: NAME }] });
});

test('where no answer came about who is in the originals, the copy is not started: another moment may know', async () => {
  const there = await stage();
  there.slot(NAME).state = 'Stopped';
  const { context, ...scene } = await there.seen();
  const read = () => Promise.reject(new SqlError(0, 'the line broke'));
  const blind = { ...scene, context: { ...context, databases: { ...context.databases, read } } };
  await expect(applySlot(blind, { kind: 'start-slot', slot: NAME, because })).rejects.toThrow('the line broke');
  expect([there.sent, there.slot(NAME).state]).toEqual([[], 'Stopped']);
});

test('tags are merged into those of the slot, and shown at the end', async () => {
  const there = await stage();
  there.slot(NAME).tags = { team: 'shop', 'zdd-slot': 'yes' };
  const tags = { 'zdd-entry': '2', 'zdd-lock': 'held' };
  await applySlot(await there.seen(), { kind: 'tag-slot', slot: NAME, tags, because });
  expect(there.slot(NAME).tags).toEqual({ team: 'shop', 'zdd-slot': 'yes', ...tags });
});

test('a change is waited for while each of its tags does not show', async () => {
  const there = await stage();
  there.slot(NAME);
  const shown = [{ 'zdd-a': '1' }, { 'zdd-a': '1', 'zdd-b': 'old' }, { 'zdd-a': '1', 'zdd-b': '2' }];
  const scene = await there.seen();
  let looks = 0;
  there.answering(({ method, url }) => {
    if (/tags\/default/.test(url)) return answer(200, { properties: { tags: {} } });
    if (method !== 'GET' || !url.includes(`/slots/${NAME}?`)) return undefined;
    const { id, location } = { id: scene.observed.readonlySlot?.id, location: 'West Europe' };
    const tags = shown[Math.min(looks++, 2)];
    return answer(200, { id, name: `web/${NAME}`, location, tags, properties: { state: 'Running' } });
  });
  await applySlot(scene, { kind: 'tag-slot', slot: NAME, tags: { 'zdd-a': '1', 'zdd-b': '2' }, because });
  expect(looks).toBe(3);
});

test.each([
  ['stop-slot', 'Running', 'Stopped'],
  ['start-slot', 'Stopped', 'Running'],
] as const)('%s ends only when Azure shows it', async (kind, before, after) => {
  const there = await stage();
  there.slot(STAGING).state = before;
  const scene = await there.seen();
  const { id } = scene.observed.stagingSlot ?? {};
  let looks = 0;
  there.answering(({ method, url }) => {
    if (method !== 'GET' || !url.includes(`/slots/${STAGING}?`)) return undefined;
    const state = ++looks < 4 ? before : after;
    return answer(200, { id, name: `web/${STAGING}`, location: 'West Europe', properties: { state } });
  });
  await applySlot(scene, { kind, slot: STAGING, because });
  expect(looks).toBe(4);
});

test('while another operation is in progress it is asked again', async () => {
  const there = await stage();
  there.slot(NAME);
  const scene = await there.seen();
  const startedAt = there.clock.now();
  busy(there, 3);
  await applySlot(scene, { kind: 'stop-slot', slot: NAME, because });
  expect(there.sent.filter((each) => each.endsWith('stop'))).toHaveLength(4);
  expect(there.clock.now() - startedAt).toBeGreaterThan(15_000);
  expect(there.slot(NAME).state).toBe('Stopped');
});

test('when that was a swap of somebody, nothing is changed in what the slot holds now', async () => {
  const there = await stage();
  const model = there.slot(NAME);
  const scene = await there.seen();
  busy(there, 1, 'SwapSiteSlots', () => {
    model.slotSwapStatus = { timestampUtc: there.clock.now(), sourceSlotName: NAME, destinationSlotName: 'Production' };
  });
  await expect(applySlot(scene, { kind: 'stop-slot', slot: NAME, because })).rejects.toMatchObject({
    happened: expect.stringContaining(`Somebody swapped slot ${NAME}`),
  });
  expect(model.state).toBe('Running');
});

test.each([
  [503, 5, true],
  [503, 6, false],
  [400, 1, false],
  [409, 1, false],
])('trouble of Azure’s own (%d, %d times) is met by asking again, five times', async (status, times, isDone) => {
  const there = await stage();
  there.slot(NAME);
  const scene = await there.seen();
  let left = times;
  there.answering(({ url }) => (/\/stop\?/.test(url) && left-- > 0 ? refusal(status, 'Trouble') : undefined));
  const stopping = applySlot(scene, { kind: 'stop-slot', slot: NAME, because });
  if (isDone) await stopping;
  else await expect(stopping).rejects.toThrow('Trouble');
  expect(there.slot(NAME).state).toBe(isDone ? 'Stopped' : 'Running');
});

const CONFIG = { netFrameworkVersion: 'v8.0', somethingNew: 'x' };
const isConfig = (url: string) => /\/config\/web\?/.test(url);

test('properties that Azure lets nobody write are left out, and named', async () => {
  const there = await stage();
  there.slot(NAME);
  const scene = await there.seen();
  const bodies: unknown[] = [];
  there.answering(({ method, url, body }) => {
    if (method !== 'PATCH' || !isConfig(url)) return undefined;
    bodies.push(JSON.parse(String(body)).properties);
    return bodies.length === 1 ? refusal(400, 'NotYours') : undefined;
  });
  const step = { kind: 'match-config', slot: NAME, properties: CONFIG, because } as const;
  expect((await applySlot(scene, step)).done).toHaveLength(1);
  expect(bodies).toEqual([CONFIG, { netFrameworkVersion: 'v8.0' }]);
  expect(there.warnings).toEqual([expect.stringMatching(/NotYours.* goes without somethingNew: compare/)]);
});

test.each<[string, number, Readonly<Record<string, string>>, boolean]>([
  ['all of which travel for certain', 400, { netFrameworkVersion: 'v8.0' }, false],
  ['none of which does', 409, { somethingNew: 'x' }, true],
  ['with a right that is missing', 403, CONFIG, false],
])('properties that are refused: %s', async (_what, status, properties, isDone) => {
  const there = await stage();
  there.slot(NAME);
  const scene = await there.seen();
  there.answering(({ method, url }) => (method === 'PATCH' && isConfig(url) ? refusal(status, 'NotYours') : undefined));
  const matching = applySlot(scene, { kind: 'match-config', slot: NAME, properties, because });
  if (isDone) await matching;
  else await expect(matching).rejects.toThrow('NotYours');
  expect(there.sent).toHaveLength(1);
});

test('a slot that is there is not made again', async () => {
  const there = await stage();
  there.slot(NAME);
  await applySlot(await there.seen(), { kind: 'create-slot', slot: NAME, because });
  expect(there.sent).toEqual([]);
});

const UPDATING =
  'Cannot modify this site because another operation is in progress. Details: Id: 7, OperationName: Update,';

test.each([
  ['has trouble', answer(503, { error: { code: 'ServiceUnavailable', message: 'No.' } }), 2],
  ['is busy with the app', answer(409, { Code: 'Conflict', Message: UPDATING }), 2],
  ['has made it, and has trouble then', 'carried out', 1],
])('a slot is made where Azure %s', async (_what, met, times) => {
  const there = await stage();
  there.slot('production');
  const scene = await there.seen();
  let left = 1;
  there.answering(({ method }) => {
    if (method !== 'PUT' || left-- <= 0) return undefined;
    if (typeof met === 'object') return met;
    there.slot(NAME);
    return answer(503, {});
  });
  await applySlot(scene, { kind: 'create-slot', slot: NAME, because });
  expect(there.sent).toEqual(Array(times).fill(`PUT slots/${NAME}`));
});

/** What Azure is asked to make, where production is like this. */
async function made(change: (production: ModelSlot) => void) {
  const there = await stage();
  change(there.slot('production'));
  const scene = await there.seen();
  const bodies: { tags?: unknown; identity?: unknown; properties: Record<string, unknown> }[] = [];
  there.answering(({ method, body }) => {
    if (method === 'PUT') bodies.push(JSON.parse(String(body)));
    return undefined;
  });
  await applySlot(scene, { kind: 'create-slot', slot: NAME, because });
  const [body] = bodies;
  if (body === undefined) throw new Error('Azure was asked to make a slot.');
  expect(there.sent).toEqual([`PUT slots/${NAME}`]);
  return body;
}

const IDENTITY = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shop';
const assigned = { [IDENTITY]: { principalId: 'p', clientId: 'c' } };

test.each([
  ['None', {}, undefined],
  ['SystemAssigned', {}, { type: 'SystemAssigned' }],
  ['UserAssigned', assigned, { type: 'UserAssigned', userAssignedIdentities: { [IDENTITY]: {} } }],
  [
    'SystemAssigned, UserAssigned',
    assigned,
    { type: 'SystemAssigned, UserAssigned', userAssignedIdentities: { [IDENTITY]: {} } },
  ],
])('a slot has identities of the kinds of production: %s', async (type, userAssignedIdentities, identity) => {
  const body = await made((production) => {
    production.identity = { type, userAssignedIdentities };
  });
  expect(body.identity).toEqual(identity);
});

const SUBNET = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/net/subnets/apps';

/** What a swap leaves with its slot, each with a value that Azure does not give by itself. */
const KEPT = {
  acrUseManagedIdentityCreds: true,
  acrUserManagedIdentityID: 'of-the-registry',
  alwaysOn: true,
  minTlsVersion: '1.3',
  scmMinTlsVersion: '1.1',
  ftpsState: 'Disabled',
  ipSecurityRestrictions: [{ ipAddress: '203.0.113.0/24', action: 'Allow', priority: 100, name: 'office' }],
  ipSecurityRestrictionsDefaultAction: 'Deny',
  scmIpSecurityRestrictions: [{ ipAddress: '203.0.113.0/24', action: 'Allow', priority: 100, name: 'runners' }],
  scmIpSecurityRestrictionsUseMain: false,
  vnetRouteAllEnabled: true,
};

test('a slot stands in the plan of production, is as closed, mounts the same and is marked as ours', async () => {
  const mount = { type: 'AzureFiles', accountName: 'a', shareName: 's', mountPath: '/d', accessKey: 'Key-1' };
  const { tags, properties, ...place } = await made((production) => {
    production.tags = { team: 'shop' };
    production.properties = { httpsOnly: true, clientCertEnabled: true, clientCertMode: 'Optional' };
    Object.assign(production.properties, { keyVaultReferenceIdentity: IDENTITY, virtualNetworkSubnetId: SUBNET });
    production.fixedConfig = { ...KEPT };
    production.occupant.storageMounts = { data: mount };
  });
  expect(tags).toEqual({ team: 'shop', 'zdd-slot': 'yes' });
  // Azure makes no slot that lies elsewhere, and one of another kind runs nothing of the app.
  expect(place).toEqual({ location: 'West Europe', kind: 'app' });
  expect(properties).toMatchObject({
    serverFarmId: expect.stringMatching(/\/serverfarms\/plan$/),
    httpsOnly: true,
    clientCertEnabled: true,
    clientCertMode: 'Optional',
    reserved: false,
    keyVaultReferenceIdentity: IDENTITY,
    virtualNetworkSubnetId: SUBNET,
    siteConfig: KEPT,
  });
  expect(properties.siteConfig).toMatchObject({ azureStorageAccounts: { data: expect.objectContaining(mount) } });
  const plain = await made(() => undefined);
  expect(plain.properties).not.toHaveProperty('virtualNetworkSubnetId');
  expect(plain.properties.siteConfig).not.toHaveProperty('azureStorageAccounts');
});

test.each<[string, (production: ModelSlot) => void, string | undefined]>([
  [
    'is open',
    (production) => {
      production.properties = { publicNetworkAccess: 'Enabled' };
    },
    'Enabled',
  ],
  [
    'shuts the public out',
    (production) => {
      production.properties = { publicNetworkAccess: 'Disabled' };
    },
    'Disabled',
  ],
  [
    'has a private endpoint and says nothing',
    (production) => {
      production.privateEndpoints = ['of-production'];
    },
    'Disabled',
  ],
])('a slot is open to the public as production is, which %s', async (_what, change, expected) => {
  expect((await made(change)).properties.publicNetworkAccess).toBe(expected);
});
