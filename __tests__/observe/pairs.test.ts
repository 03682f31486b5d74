import { expect, test } from '@jest/globals';
import type { Database } from '../../src/azure/database-shapes.ts';
import { cloneTags } from '../../src/deployment/clone-tags.ts';
import type { Observed } from '../../src/deployment/observed.ts';
import type { DatabaseLook } from '../../src/observe/database-look.ts';
import { mustBelieve, refuseDrawnIn } from '../../src/observe/drawn-in.ts';
import { pairsOf, provenCopies } from '../../src/observe/pairs.ts';
import type { FoundRecord } from '../../src/observe/records.ts';
import { type PhaseName, traitsOf } from '../../src/settings/phases.ts';
import { answer, stage } from '../apply/scene.ts';
import { recordOf } from '../apply/sketch.ts';
import { CLONE, database, ID, NOW, settings } from '../phases/observed.ts';

const OTHER = '20260130-aaaaa';
const tagsOf = (more: Parameters<typeof cloneTags>[0] = {}) =>
  cloneTags({ deploymentId: ID, source: 'shop', sourceId: 'id-of-shop', requestedAt: NOW, ...more });
const clone = (more: Parameters<typeof cloneTags>[0] = {}) => database(CLONE, { tags: tagsOf(more) });

function look(named: readonly Database[], candidates: readonly Database[] = [], all = candidates): DatabaseLook {
  return { all, named, candidates };
}

function pairOf(seen: DatabaseLook, originals: readonly string[] = ['shop']) {
  const [pair] = pairsOf(seen, ID, originals);
  if (pair === undefined) throw new Error('There is an original.');
  return pair;
}

test('before there is a clone the database of that name is the original', () => {
  const pair = pairOf(look([], [database('shop')]));
  expect(pair).toMatchObject({ name: 'shop', sourceId: 'id-of-shop', clone: null, restored: null, prepared: null });
  expect([pair.original, pair.source, pair.underName].map((each) => each?.databaseId)).toEqual(
    Array(3).fill('id-of-shop'),
  );
  expect([pair.successorId, pair.cloneTags, pair.setAside]).toEqual([undefined, undefined, []]);
});

test('what the clone tells counts, under whatever name the original is now', () => {
  const moved = database('shop-old', { databaseId: 'id-of-shop' });
  const pair = pairOf(look([clone()], [], [database('shop', { databaseId: 'somebody-else' }), moved]));
  expect([pair.original?.name, pair.source?.name]).toEqual(['shop-old', 'shop-old']);
  expect(pair.underName?.databaseId).toBe('somebody-else');
  expect(pair.cloneTags).toMatchObject({ deploymentId: ID, sourceId: 'id-of-shop' });
  expect(pairOf(look([clone()])).original).toBeNull();
});

test('from the restore on the successor is the original, and the source what was set aside', () => {
  const seen = look(
    [clone({ successorId: 'new', successorOf: 2 }), database(`${CLONE}-failed`, { databaseId: 'id-of-shop' })],
    [database('shop', { databaseId: 'new' })],
  );
  const pair = pairOf(seen);
  expect([pair.original?.name, pair.source?.name]).toEqual(['shop', `${CLONE}-failed`]);
  expect([pair.successorId, pair.successorOf]).toEqual(['new', 2]);
  expect(pairOf(look([clone({ successorId: 'new', successorOf: 2 })], [database('shop')])).original).toBeNull();
});

test('ours are known by their names: clone, restored, prepared, and every one that was set aside', () => {
  const ours = [CLONE, `${CLONE}-restored`, `${CLONE}-prepared`, `${CLONE}-failed`, `${CLONE}-failed2`];
  const foreign = [`shop-zdd-${OTHER}-failed`, `stock-zdd-${ID}-failed`];
  const pair = pairOf(look([...ours, ...foreign].map((name) => database(name))));
  expect([pair.clone, pair.restored, pair.prepared].map((each) => each?.name)).toEqual(ours.slice(0, 3));
  expect(pair.setAside.map(({ name }) => name)).toEqual(ours.slice(3));
});

test('names count in whatever case; of one that was read by itself that is taken, and not what the list says', () => {
  const listed = database('SHOP', { tags: { only: 'listed' } });
  const read = database('Shop', { tags: { was: 'read' } });
  expect(pairOf(look([], [read], [listed])).underName?.tags).toEqual({ was: 'read' });
  expect(pairOf(look([], [read], [listed])).source?.tags).toEqual({ was: 'read' });
  expect(pairOf(look([], [], [listed])).underName?.tags).toEqual({ only: 'listed' });
  expect(pairOf(look([database(CLONE.toUpperCase().replace('ZDD', 'zdd'), {})])).clone).not.toBeNull();
});

test('a clone that bears the tags of another deployment tells nothing of ours', () => {
  const pair = pairOf(look([clone({ deploymentId: OTHER, sourceId: 'x' })], [database('shop')]));
  expect([pair.cloneTags, pair.sourceId, pair.clone?.name]).toEqual([undefined, 'id-of-shop', CLONE]);
});

test('tags of a clone that nobody can read stop everything', () => {
  const bad = database(CLONE, { tags: { ...tagsOf(), 'zdd-successor-of': 'two' } });
  expect(() => pairOf(look([bad]))).toThrow(/Tag zdd-successor-of of database shop-zdd/);
});

test('the originals are told in the order of their keys', () => {
  const names = pairsOf(look([]), ID, ['till/shop', 'stock', 'shop']).map(({ name }) => name);
  expect(names).toEqual(['shop', 'stock', 'till/shop']);
});

const RESTORED = { 'zdd-deployment': ID, 'zdd-restored-to': NOW, 'zdd-restored-for': '3' };

test('a lost clone: one that says that it was restored for this deployment is the successor', () => {
  const aside = database(`${CLONE}-failed`, { databaseId: 'first' });
  const restored = database('shop', { databaseId: 'new', tags: RESTORED });
  const pair = pairOf(look([aside], [restored]));
  expect([pair.sourceId, pair.successorId, pair.successorOf]).toEqual(['first', 'new', 3]);
  expect([pair.source?.name, pair.original?.name]).toEqual([aside.name, 'shop']);
  expect(pairOf(look([], [restored])).sourceId).toBeUndefined();
});

test.each<[string, Record<string, string>]>([
  ['for another deployment', { ...RESTORED, 'zdd-deployment': OTHER }],
  ['to no instant', { 'zdd-deployment': ID, 'zdd-restored-for': '3' }],
  ['for no attempt', { 'zdd-deployment': ID, 'zdd-restored-to': NOW }],
])('a lost clone: one that was restored %s is the original itself', (_what, tags) => {
  const pair = pairOf(look([database(`${CLONE}-failed`)], [database('shop', { tags })]));
  expect([pair.sourceId, pair.successorId]).toEqual(['id-of-shop', undefined]);
});

test('a lost clone, and nobody under the name: the first that was set aside was the original', () => {
  const pair = pairOf(look([database(`${CLONE}-failed`), database(`${CLONE}-failed2`)]));
  expect([pair.sourceId, pair.successorId]).toEqual([`id-of-${CLONE}-failed`, undefined]);
});

test('an attempt that nobody can read stops everything', () => {
  const bad = database('shop', { tags: { ...RESTORED, 'zdd-restored-for': 'x' } });
  expect(() => pairOf(look([], [bad]))).toThrow(/Tag zdd-restored-for of database shop is "x"/);
});

type Pair = Observed['databases'][number];

const started = (operation: string, startTime: string) => ({ properties: { operation, startTime } });
const COPIED = started('CreateDatabaseAsCopy', '2026-01-31T14:00:00Z');
const RESTORE = started('CreateRestoreRequest', '2026-01-31T15:00:00Z');

/** What Azure's list of operations proves of these pairs. */
async function proven(pairs: readonly Partial<Pair>[], operations: readonly object[]) {
  const { scene, answering } = await stage();
  const asked: string[] = [];
  answering(({ url }) => {
    const [, name = ''] = /databases\/([^/]+)\/operations/.exec(url) ?? [];
    if (name !== '') asked.push(name);
    return name === '' ? undefined : answer(200, { value: operations });
  });
  const { context, observed } = scene();
  const all = pairs.map((each) => ({ ...pairOf(look([])), ...each }));
  return { found: await provenCopies(context, observed.servers, all), asked };
}

test('an untagged database with the name of ours is proven by how Azure made it, and when that began', async () => {
  const untagged = { clone: database(CLONE), restored: database(`${CLONE}-restored`) };
  const { found } = await proven([untagged], [RESTORE, COPIED]);
  expect(found).toEqual({
    [CLONE]: '2026-01-31T14:00:00Z',
    [`${CLONE}-restored`]: '2026-01-31T15:00:00Z',
  });
  const later = started('CreateDatabaseAsCopy', '2026-01-31T16:00:00Z');
  expect((await proven([{ clone: database(CLONE) }], [later, COPIED])).found).toEqual({
    [CLONE]: '2026-01-31T16:00:00Z',
  });
  expect((await proven([untagged], [started('CreateDatabase', NOW)])).found).toEqual({});
});

test('of what bears its tags, or is not there, nothing is asked', async () => {
  const cloneTagged = { clone: clone(), cloneTags: pairOf(look([clone()])).cloneTags };
  const restored = database(`${CLONE}-restored`, { tags: RESTORED });
  expect((await proven([cloneTagged, { restored }, {}], [COPIED])).asked).toEqual([]);
});

const found: FoundRecord = {
  record: recordOf({ databases: ['shop', 'stock'] }),
  app: 'shop-rg/shop',
  originals: ['shop-sql/shop', 'shop-sql/stock'],
  database: clone(),
  from: 'clone',
};

test.each<[string, Partial<Pair>, readonly string[], boolean]>([
  ['nothing else', { clone: null }, ['shop'], true],
  ['its copy', { clone: database('x') }, ['shop'], false],
  ['one that was set aside', { clone: null, setAside: [database('x')] }, ['shop'], false],
  ['the settings or inputs, in whatever case', { clone: null }, ['shop', 'STOCK'], false],
])('that a database belongs to the deployment, beside a tag %s says', (_what, stock, originals, isRefused) => {
  const pairs = [
    { ...pairOf(look([clone()])), name: 'shop' },
    { ...pairOf(look([])), name: 'stock', ...stock },
  ];
  const refuse = () => refuseDrawnIn(found, pairs, originals, traitsOf.switch);
  if (isRefused) expect(refuse).toThrow(/names stock, and nothing else/);
  else expect(refuse).not.toThrow();
});

test('while the first copies are made the claim is believed by all but the phase that makes them', () => {
  const pairs = [{ ...pairOf(look([])), name: 'stock' }];
  const claim = { ...found, record: recordOf({ cloned: undefined }) };
  expect(() => refuseDrawnIn(claim, pairs, [], traitsOf['read-only'])).not.toThrow();
  expect(() => refuseDrawnIn(claim, pairs, [], traitsOf.clone)).toThrow(/nothing else says/);
});

test.each<[PhaseName, 'code' | 'code-and-database', boolean]>([
  ['read-only', 'code', true],
  ['switch', 'code', true],
  ['rollback', 'code', false],
  ['rollback', 'code-and-database', true],
  ['cleanup', 'code-and-database', false],
  ['status', 'code-and-database', false],
])('a record must be believed of its databases by %s with scope %s: %s', (phase, rollbackScope, must) => {
  expect(mustBelieve(traitsOf[phase], { ...settings(), rollbackScope })).toBe(must);
});
