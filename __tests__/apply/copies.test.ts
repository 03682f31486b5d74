import { expect, test } from '@jest/globals';
import { applyCopy } from '../../src/apply/copies.ts';
import { applyLock } from '../../src/apply/lock.ts';
import type { Database } from '../../src/azure/database-shapes.ts';
import type { Observed } from '../../src/deployment/observed.ts';
import { freshRun } from '../../src/deployment/this-run.ts';
import { CLONE, database, ID, observed } from '../phases/observed.ts';
import { answer, byTheSecond, refusal, type Stage, stage } from './scene.ts';
import { recordOf } from './sketch.ts';

const COPY = { kind: 'copy-database', database: 'shop', clone: CLONE, because: 'visitors read from it' } as const;

/** The request for a copy of an original like this; the original is shown as Azure shows it, with these differences. */
async function asked(
  properties: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, string>> = {},
  more: Readonly<Record<string, unknown>> = {},
) {
  const there = await stage(inputs);
  const bodies: { properties: Record<string, unknown>; tags: Record<string, string>; sku?: object }[] = [];
  there.answering(({ method, url, body }) => {
    if (method === 'PUT') {
      bodies.push(JSON.parse(String(body)));
      return answer(202, { operation: 'CreateDatabaseAsCopy' });
    }
    if (!/databases\/shop\?/.test(url)) return undefined;
    const known = { databaseId: 'id-of-shop', status: 'Online', ...properties };
    return answer(200, {
      id: '/x/databases/shop',
      name: 'shop',
      location: 'here',
      sku: { name: 'S3' },
      ...more,
      properties: known,
    });
  });
  const change = await applyCopy(there.scene(), COPY);
  const [body] = bodies;
  return { there, change, body, sent: { ...body, ...body?.properties } };
}

test('a copy is asked for once, with the claim and the team’s tags, and no tag of ours that the original bears', async () => {
  const tags = { team: 'shop', 'zdd-lock': 'held', 'zdd-deployment': 'old', 'zdd-restored-to': 'x' };
  const { change, body, there } = await asked({}, {}, { tags });
  expect(change).toEqual({ copies: { [CLONE]: 'accepted' } });
  expect(body?.properties).toMatchObject({ createMode: 'Copy', sourceDatabaseId: '/x/databases/shop' });
  expect(body?.tags).toMatchObject({
    team: 'shop',
    'zdd-deployment': ID,
    'zdd-source': 'shop',
    'zdd-source-id': 'id-of-shop',
    'zdd-lock': 'claim',
    'zdd-copy-requested-at': expect.stringMatching(/^2026-09-01T08:01:\d\d\.\d{7}Z$/),
  });
  expect(body?.tags).not.toHaveProperty('zdd-restored-to');
  expect(there.scene().context.known.made).toContain(CLONE);
});

test.each<[string, object, Record<string, string>, object, readonly string[]]>([
  [
    'its size',
    {},
    {},
    { sku: { name: 'S3' } },
    ['elasticPoolId', 'autoPauseDelay', 'requestedBackupStorageRedundancy'],
  ],
  ['its pool', { elasticPoolId: '/p/small' }, {}, { elasticPoolId: '/p/small' }, ['sku']],
  [
    'a pool by name',
    { elasticPoolId: '/p/small' },
    { 'clone-elastic-pool': 'big' },
    { elasticPoolId: expect.stringMatching(/\/servers\/sql\/elasticPools\/big$/) },
    ['sku'],
  ],
  [
    'a size',
    { elasticPoolId: '/p/small' },
    { 'clone-service-objective': 'S7' },
    { sku: { name: 'S7' } },
    ['elasticPoolId', 'autoPauseDelay'],
  ],
  [
    'one that sleeps',
    {},
    { 'clone-service-objective': 'GP_S_Gen5_2' },
    { sku: { name: 'GP_S_Gen5_2' }, autoPauseDelay: -1 },
    [],
  ],
  ['its redundancy', { currentBackupStorageRedundancy: 'Zone' }, {}, { requestedBackupStorageRedundancy: 'Zone' }, []],
])('a copy gets %s', async (_what, properties, inputs, expected, without) => {
  const { sent } = await asked({ ...properties }, inputs);
  expect(sent).toMatchObject({ location: 'here', ...expected });
  for (const name of without) expect(sent).not.toHaveProperty(name);
});

test('the tags of a clone tell the original that had the name at the beginning', async () => {
  const there = await stage();
  const { databaseId } = there.add('shop');
  const pairs = observed().databases.map((pair) => ({
    ...pair,
    name: 'shop-before',
    underName: database('shop', { databaseId }),
  }));
  const tags: Record<string, string>[] = [];
  there.answering(({ method, body }) => {
    if (method !== 'PUT') return undefined;
    tags.push(JSON.parse(String(body)).tags);
    return answer(202, { operation: 'CreateDatabaseAsCopy' });
  });
  await applyCopy(there.scene({ databases: pairs }), COPY);
  expect(tags[0]).toMatchObject({ 'zdd-source': 'shop-before', 'zdd-source-id': databaseId });
});

test('a clone that does not have the record is of this deployment as well: else nobody might delete it', async () => {
  const there = await stage();
  const tags: Record<string, string>[] = [];
  there.answering(({ method, body }) => {
    if (method !== 'PUT') return undefined;
    tags.push(JSON.parse(String(body)).tags);
    return answer(202, { operation: 'CreateDatabaseAsCopy' });
  });
  await applyCopy(there.scene({ recordDatabase: `orders-zdd-${ID}` }), COPY);
  expect(tags).toEqual([expect.objectContaining({ 'zdd-deployment': ID, 'zdd-source': 'shop' })]);
  expect(tags[0]).not.toHaveProperty('zdd-lock');
});

test('what is there already is not asked for, and without an original there is nothing to copy', async () => {
  const there = await stage();
  there.add(CLONE);
  expect(await applyCopy(there.scene(), COPY)).toEqual({});
  expect(there.sent).toEqual([]);
  const gone = { ...COPY, database: 'gone' };
  await expect(applyCopy(there.scene(), gone)).rejects.toThrow('Database gone is gone');
});

test('an answer that is no copy is told: something of somebody may have been changed', async () => {
  const there = await stage();
  there.answering(({ method }) => (method === 'PUT' ? answer(202, { operation: 'UpdateDatabase' }) : undefined));
  await expect(applyCopy(there.scene(), COPY)).rejects.toMatchObject({
    kind: 'drifted',
    happened: expect.stringContaining('"UpdateDatabase"'),
  });
});

/** Another copy of it is under way, so many times. */
function beingCopied(there: Stage, times: number) {
  let left = times;
  there.answering(({ method }) => (method === 'PUT' && left-- > 0 ? refusal(409, '40565') : undefined));
}

const REFUSED: Partial<Observed> = { thisRun: { ...freshRun, copies: { [CLONE]: 'refused' } } };

test.each([
  ['another copy', REFUSED, refusal(409, '40565')],
  ['trouble of Azure’s own', {}, refusal(503, 'ServiceUnavailable')],
])('after %s no copy is made onto a name that shows by then', async (_what, differences, met) => {
  const there = await stage();
  there.answering(({ method }) => {
    if (method !== 'PUT') return undefined;
    there.add(CLONE);
    return met;
  });
  expect(await applyCopy(there.scene(differences), COPY)).toEqual({});
  expect(there.sent).toEqual([`PUT databases/${CLONE}`]);
});

test('while another copy is under way the next look decides, and after it that copy is waited for', async () => {
  const there = await stage();
  beingCopied(there, 1);
  expect(await applyCopy(there.scene(), COPY)).toEqual({ copies: { [CLONE]: 'refused' } });
  beingCopied(there, 3);
  const startedAt = there.clock.now();
  expect(await applyCopy(there.scene(REFUSED), COPY)).toEqual({ copies: { [CLONE]: 'accepted' } });
  expect(there.clock.now() - startedAt).toBeGreaterThan(2500);
  const never = await stage();
  beingCopied(never, 10_000);
  await expect(applyCopy(never.scene(REFUSED), COPY)).rejects.toThrow('another copy of it is under way');
  expect(never.clock.now() - startedAt).toBeLessThan(330_000);
});

test('any other refusal of a copy is said', async () => {
  const there = await stage();
  there.answering(({ method }) => (method === 'PUT' ? refusal(400, 'Quota') : undefined));
  await expect(applyCopy(there.scene(REFUSED), COPY)).rejects.toThrow('Quota');
});

const AWAIT = { kind: 'await-copy', clone: CLONE, because: 'it takes a while' } as const;

/** What Azure shows of the clone, one look after another; null: nothing. */
function showing(there: Stage, states: readonly (string | null)[]) {
  let looks = 0;
  there.answering(({ method, url }) => {
    if (method !== 'GET' || !url.includes(`/databases/${CLONE}?`)) return undefined;
    const status = states[Math.min(looks++, states.length - 1)] ?? null;
    if (status === null) return refusal(404, 'ResourceNotFound');
    return answer(200, {
      id: `/x/databases/${CLONE}`,
      name: CLONE,
      location: 'x',
      sku: { name: 'S3' },
      properties: { databaseId: 'a', status },
    });
  });
  return () => looks;
}

test.each<[string, readonly (string | null)[], number]>([
  ['Online', [null, 'Copying', 'Copying', 'Online'], 4],
  ['Suspect', ['Copying', 'Suspect'], 2],
  ['Online', ['Copying', null, null, 'Online'], 4],
])('a copy is waited for until it is %s', async (_state, states, expected) => {
  const there = await stage();
  const looks = showing(there, states);
  expect(await applyCopy(there.scene(), AWAIT)).toEqual({});
  expect(looks()).toBe(expected);
});

test('a copy that takes long tells how much of it is done, by the operation that is under way', async () => {
  const there = await stage();
  const operation = (name: string, state: string, percentComplete: number) => ({
    name,
    properties: { operation: 'CreateDatabaseAsCopy', state, percentComplete },
  });
  let looks = 0;
  there.answering(({ url }) => {
    if (url.includes(`/databases/${CLONE}/operations?`))
      return answer(200, { value: [operation('a', 'Succeeded', 100), operation('b', 'InProgress', 40)] });
    if (!url.includes(`/databases/${CLONE}?`)) return undefined;
    const properties = { databaseId: 'a', status: ++looks < 45 ? 'Copying' : 'Online' };
    return answer(200, { id: `/x/databases/${CLONE}`, name: CLONE, location: 'x', sku: { name: 'S3' }, properties });
  });
  await applyCopy(there.scene(), AWAIT);
  expect(there.infos).toContainEqual(expect.stringMatching(/for the copy .*: Copying, 40 % done/));
});

test('one that is not shown for longer than Azure takes has failed', async () => {
  const there = await stage();
  showing(there, [...Array(20).fill('Copying'), null]);
  const startedAt = there.clock.now();
  await expect(applyCopy(there.scene(), AWAIT)).rejects.toThrow(`The copy ${CLONE} is not there (any more)`);
  const waited = there.clock.now() - startedAt;
  expect([waited > 80_000, waited < 95_000]).toEqual([true, true]);
});

test('a minute without it is not yet longer than Azure takes', async () => {
  const there = await stage();
  let looks = 0;
  there.answering(({ url }) => {
    if (url.includes(`/databases/${CLONE}/operations?`)) return answer(200, { value: [] });
    if (!url.includes(`/databases/${CLONE}?`)) return undefined;
    looks++;
    return refusal(404, 'ResourceNotFound');
  });
  await expect(applyCopy(byTheSecond(there.scene()), AWAIT)).rejects.toThrow('is not there (any more)');
  // At 0, 1, … 60 s it may still come.
  expect(looks).toBe(62);
});

test('a clone is stamped later than it was complete, with what it holds, where that could be asked', async () => {
  const there = await stage();
  const clone = there.add(CLONE);
  const before = there.clock.now();
  expect(await applyCopy(there.scene(), { kind: 'stamp-clone', clone: CLONE, because: 'it is complete' })).toEqual({});
  expect(Date.parse(clone.tags['zdd-copy-completed-at'] ?? '')).toBeGreaterThan(before);
  expect(clone.tags['zdd-content']).toBeDefined();
  const { context, ...scene } = there.scene();
  const blind = { ...context, databases: { ...context.databases, look: () => Promise.reject(new Error('no way in')) } };
  const other = there.add(CLONE.replace('shop', 'stock'), { tags: {} });
  await applyCopy({ ...scene, context: blind }, { kind: 'stamp-clone', clone: other.name, because: 'it is complete' });
  expect(other.tags).toEqual({ 'zdd-copy-completed-at': expect.anything() });
});

test('tags are written to the clone that is named', async () => {
  const there = await stage();
  const clone = there.add(CLONE);
  expect(
    await applyCopy(there.scene(), { kind: 'tag-clone', clone: CLONE, tags: { 'zdd-a': '1' }, because: 'x' }),
  ).toEqual({});
  expect(clone.tags).toEqual({ 'zdd-a': '1' });
});

const HOLD = { kind: 'hold-lock', because: 'nobody else is there' } as const;

test('the lock is held once all that was made shows in the lists', async () => {
  const there = await stage();
  const clone = there.add(CLONE);
  expect(await applyLock(there.scene(), HOLD)).toEqual({});
  expect(clone.tags['zdd-lock']).toBe('held');
});

test('what a list does not show yet is waited for, and nothing is held meanwhile', async () => {
  const there = await stage();
  const clone = there.add(CLONE);
  const scene = there.scene();
  scene.context.known.unlisted = ['shop', CLONE];
  let lists = 0;
  there.answering(({ url }) => {
    if (!/\/databases\?/.test(url)) return undefined;
    const shown = ++lists < 5 ? ['SHOP'] : ['SHOP', CLONE.toUpperCase()];
    const value = shown.map((name) => ({
      id: `/x/databases/${name}`,
      name,
      location: 'x',
      sku: { name: 'S3' },
      properties: { databaseId: name, status: 'Online' },
    }));
    return answer(200, { value });
  });
  expect(await applyLock(scene, HOLD)).toEqual({});
  expect([lists, clone.tags]).toEqual([6, {}]);
});

const RIVAL = '20260130-aaaaa';

/** Waits for the claim of a rival whose database bears these tags, and is gone or changed after a while. */
async function awaited(tags: Record<string, string>, later?: (rival: Database['tags'] & object, there: Stage) => void) {
  const there = await stage();
  const rival = there.add(`shop-zdd-${RIVAL}`, { tags: { ...tags } });
  const { servers } = there.scene().observed;
  const claim = `${servers[0].id}/databases/${rival.name}`;
  const other = {
    deploymentId: RIVAL,
    app: 'a/b',
    run: 'o/r/1/1',
    actor: 'ann',
    lock: 'claim',
    databases: ['shop'],
    claim,
  } as const;
  const startedAt = there.clock.now();
  const scene = there.scene({ others: [other, { ...other, deploymentId: '20260130-bbbbb', claim: 'never asked' }] });
  const waiting = applyLock(scene, { kind: 'await-others', claims: [RIVAL], because: 'it is older' });
  if (later) {
    await there.clock.sleep(20_000);
    later(rival.tags, there);
  }
  return waiting.then(() => there.clock.now() - startedAt);
}

test.each<[string, Record<string, string>]>([
  ['a claim', { 'zdd-lock': 'claim' }],
  ['where a record is', { 'zdd-record-on': 'far/shop' }],
])('another’s database that says %s is waited for until it says so no more', async (_what, tags) => {
  const ms = await awaited(tags, (there) => {
    for (const name of Object.keys(tags)) delete (there as Record<string, string>)[name];
  });
  expect([ms >= 20_000, ms < 23_000]).toEqual([true, true]);
  expect(await awaited({ 'zdd-lock': 'held' })).toBeLessThan(1000);
  await expect(awaited(tags)).rejects.toMatchObject({
    happened: expect.stringContaining(`for the claims of ${RIVAL} to be withdrawn`),
    next: expect.stringMatching(new RegExp(`Their runs \\(o/r/1/1\\).*deployment-id ${RIVAL}`)),
  });
});

test('of several rivals all are waited for, and one that is gone is not', async () => {
  const there = await stage();
  const ids = [RIVAL, '20260130-bbbbb', '20260130-ccccc'];
  const rivals = ids.map((id, index) => {
    const name = `shop-zdd-${id}`;
    if (index > 0) there.add(name, { tags: { 'zdd-lock': index === 1 ? 'held' : 'claim' } });
    const claim = `${there.scene().observed.servers[0].id}/databases/${name}`;
    return { deploymentId: id, app: 'a/b', run: '', actor: '', lock: 'claim', databases: [], claim } as const;
  });
  const waiting = applyLock(there.scene({ others: rivals }), { kind: 'await-others', claims: ids, because: 'x' });
  await expect(waiting).rejects.toThrow('shop-zdd-20260130-ccccc still there');
});

test('of several databases that are waited for one list tells', async () => {
  const there = await stage();
  const clone = there.add(CLONE);
  there.add(`stock-zdd-${ID}`);
  const lists: string[] = [];
  there.answering(({ url }) => void (/\/databases\?/.test(url) && lists.push(url)));
  const [pair] = observed().databases;
  const scene = there.scene({ databases: pair ? [pair, pair] : [], record: recordOf() });
  const askedAt = there.clock.now();
  await Promise.all([applyCopy(scene, AWAIT), applyCopy(scene, { ...AWAIT, clone: `stock-zdd-${ID}` })]);
  expect([lists.length, clone.status]).toEqual([1, 'Online']);
  const another = async () => {
    await applyCopy(scene, AWAIT);
    return lists.length;
  };
  await there.clock.sleep(askedAt + 500 - there.clock.now());
  expect(await another()).toBe(1);
  await there.clock.sleep(1);
  expect(await another()).toBe(2);
});

test('a run that is cancelled waits for no claim and for no list', async () => {
  const there = await stage();
  const rival = there.add(`shop-zdd-${RIVAL}`, { tags: { 'zdd-lock': 'claim' } });
  const claim = `${there.scene().observed.servers[0].id}/databases/${rival.name}`;
  const other = { deploymentId: RIVAL, app: 'a/b', run: '', actor: '', lock: 'claim', databases: [], claim } as const;
  const scene = there.scene({ others: [other] });
  const held = { ...scene, context: { ...scene.context, known: { ...scene.context.known, unlisted: ['gone'] } } };
  const waiting = [
    applyLock(scene, { kind: 'await-others', claims: [RIVAL], because: 'it is older' }),
    applyLock(held, HOLD),
  ].map((each) => expect(each).rejects.toThrow('cancelled'));
  await there.clock.sleep(3500);
  there.cancelled.abort(new Error('cancelled'));
  const at = there.clock.now();
  await Promise.all(waiting);
  // Not only before the next look.
  expect(there.clock.now()).toBe(at);
});
