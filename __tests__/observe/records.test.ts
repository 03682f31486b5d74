import { expect, test } from '@jest/globals';
import { type CloneTags, cloneTags } from '../../src/deployment/clone-tags.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { recordTags } from '../../src/deployment/record-tags.ts';
import { concerns, findRecords } from '../../src/observe/records.ts';
import { onlyPointedTo, ownRecordServers, recordsElsewhere } from '../../src/observe/records-elsewhere.ts';
import { answer, refusal, stage } from '../apply/scene.ts';
import { CLONE, database, ID } from '../phases/observed.ts';

const APP = 'shop-rg/shop';
const RECORD: Partial<DeploymentRecord> = {
  deploymentId: ID,
  app: APP,
  run: 'contoso/shop/7001/1',
  actor: 'ann',
  lock: 'held',
  mode: 'read-only',
  databases: ['shop'],
  readonlySlot: 'zdd-readonly',
  stagingSlot: 'zdd-staging',
  profile: 'custom',
  requestedAt: '2026-01-31T14:00:00.0000000Z',
};
const clone = (tags: Record<string, string>, name = CLONE) => ({ ...database(name), tags });
const mirror = (tags: Record<string, string>) => ({ ...database('shop'), tags });

test('a record that nobody can read stays one: its mirror does not speak for it', () => {
  const bad = { ...recordTags(RECORD), 'zdd-lock': 'nonsense' };
  const { records, unread } = findRecords({ named: [clone(bad)], candidates: [mirror(recordTags(RECORD))] });
  expect(records).toEqual([]);
  expect(unread).toEqual([expect.objectContaining({ deploymentId: ID, app: APP })]);
});

test('a mirror speaks where the clone is lost, and only there', () => {
  const alone = findRecords({ named: [], candidates: [mirror(recordTags(RECORD))] });
  expect(alone.records).toEqual([expect.objectContaining({ from: 'mirror' })]);
  const both = findRecords({ named: [clone(recordTags(RECORD))], candidates: [mirror(recordTags(RECORD))] });
  expect(both.records).toEqual([expect.objectContaining({ from: 'clone' })]);
});

const SET_ASIDE = `${CLONE}-failed`;
const found = (named: ReturnType<typeof clone>[], candidates: ReturnType<typeof clone>[] = []) =>
  findRecords({ named, candidates }).records.map(({ record, database: { name }, from }) => [name, from, record.entry]);

test('a record is told with whose it is, and on which databases, each with its server', () => {
  const database = clone(recordTags({ ...RECORD, databases: ['Shop', 'far/stock'] }));
  const { records, unread } = findRecords({ named: [database], candidates: [] });
  const record = expect.objectContaining({ deploymentId: ID, app: APP });
  const originals = ['shop-sql/shop', 'far/stock'];
  expect(records).toEqual([{ record, app: APP, originals, database, from: 'clone' }]);
  expect(unread).toEqual([]);
});

test('of the clone and the mirror the one that was written last counts, and no copy of the mirror', () => {
  const [old, young] = [recordTags({ ...RECORD, entry: 3 }), recordTags({ ...RECORD, entry: 4 })];
  expect(found([clone(old)], [mirror(young)])).toEqual([[CLONE, 'clone', 4]]);
  expect(found([clone(young)], [mirror(old)])).toEqual([[CLONE, 'clone', 4]]);
  expect(found([clone(old)], [clone(young, 'copy-of-shop')])).toEqual([[CLONE, 'clone', 3]]);
  const ofAnother = recordTags({ ...RECORD, entry: 5, deploymentId: '20260130-aaaaa' });
  expect(found([clone(old)], [mirror(ofAnother)])[0]).toEqual([CLONE, 'clone', 3]);
});

test('a lost record is found on the original that was set aside, but not on one that was restored', () => {
  const tags = recordTags({ ...RECORD, entry: 4 });
  expect(found([clone(tags, SET_ASIDE)])).toEqual([[SET_ASIDE, 'mirror', 4]]);
  expect(found([clone(tags, `${CLONE}-restored`)])).toEqual([]);
});

test('of a renamed clone and the mirror the mirror counts; a renamed clone alone is better than none', () => {
  const [old, young] = [recordTags({ ...RECORD, entry: 3 }), recordTags({ ...RECORD, entry: 4 })];
  expect(found([], [clone(old, 'renamed'), mirror(young)])).toEqual([['shop', 'mirror', 4]]);
  expect(found([], [clone(old, 'renamed')])).toEqual([['renamed', 'mirror', 3]]);
});

test('tags that went along to another server record nothing there, in whatever case servers are written', () => {
  const on = (server: string) => clone(recordTags({ ...RECORD, server }));
  expect(found([on('far')])).toEqual([]);
  expect(found([on('SHOP-sql')])).toHaveLength(1);
  const far = on('far');
  expect(found([{ ...far, id: far.id.replace('shop-sql', 'FAR') }])).toHaveLength(1);
});

test('a record concerns its app, and whoever has one of its databases', () => {
  const of = { app: APP, originals: ['shop-sql/shop', 'shop-sql/stock'] };
  expect(concerns(of, APP, [])).toBe(true);
  expect(concerns(of, 'rg/other', ['shop-sql/stock'])).toBe(true);
  expect(concerns(of, 'rg/other', ['far/stock'])).toBe(false);
});

const OTHER = '20260130-aaaaa';
const POINTER: CloneTags = {
  deploymentId: OTHER,
  source: 'shop',
  sourceId: 'id-of-shop',
  requestedAt: '2026-01-30T14:00:00.0000000Z',
  app: 'other-rg/other',
  recordOn: 'far/catalog-zdd-20260130-aaaaa',
};
const pointing = (name: string, tags: Partial<CloneTags> = {}) =>
  clone(cloneTags({ ...POINTER, ...tags }), `${name}-zdd-${OTHER}`);
const NOWHERE = { records: [], unreadable: new Set<string>() };
const OURS = ['shop-sql/shop', 'shop-sql/stock'];
const lookAt = (...named: ReturnType<typeof clone>[]) => ({ all: named, named, candidates: [] });

test('of a deployment that only its clones tell of, one is told, and who may not read its record takes it for held', () => {
  const look = lookAt(pointing('shop'), pointing('stock'));
  const told = onlyPointedTo(look, NOWHERE, APP, OURS, ID);
  expect(told).toEqual([
    expect.objectContaining({ deploymentId: OTHER, app: 'other-rg/other', lock: 'claim', actor: 'somebody' }),
  ]);
  const [held] = onlyPointedTo(look, { records: [], unreadable: new Set([OTHER]) }, APP, OURS, ID);
  expect(held?.lock).toBe('held');
});

test('what is known by its record, is our own, or is on other databases of another app, is not told', () => {
  expect(onlyPointedTo(lookAt(pointing('shop')), NOWHERE, APP, OURS, OTHER)).toEqual([]);
  expect(onlyPointedTo(lookAt(pointing('shop')), NOWHERE, APP, ['shop-sql/stock'], ID)).toEqual([]);
  expect(onlyPointedTo(lookAt(pointing('shop', { app: APP })), NOWHERE, APP, [], ID)).toHaveLength(1);
  const record = clone(recordTags({ ...RECORD, deploymentId: OTHER }), `catalog-zdd-${OTHER}`);
  const unread = clone({ ...record.tags, 'zdd-lock': 'nonsense' }, `catalog-zdd-${OTHER}`);
  for (const known of [record, unread])
    expect(onlyPointedTo(lookAt(pointing('shop'), known), NOWHERE, APP, OURS, ID)).toEqual([]);
});

test('the servers of our own records are those that our own clones name', () => {
  expect(
    ownRecordServers(lookAt(pointing('shop', { app: APP }), pointing('stock', { recordOn: 'third/x' })), APP),
  ).toEqual(['far']);
});

test('all that is told of such a deployment is what its clone says, or that nobody can read it', () => {
  const readable = pointing('shop');
  const said = {
    deploymentId: OTHER,
    app: 'other-rg/other',
    run: 'that its record on server far names',
    actor: 'somebody',
    lock: 'claim',
    databases: ['shop-sql/shop'],
    claim: readable.id,
  };
  expect(onlyPointedTo(lookAt(readable), NOWHERE, APP, OURS, ID)).toEqual([said]);
  const bad = { ...readable, tags: { ...readable.tags, 'zdd-record-on': 'no server' } };
  expect(onlyPointedTo(lookAt(bad), NOWHERE, APP, OURS, ID)).toEqual([
    { ...said, app: 'another app', run: 'that nobody can read' },
  ]);
});

test('nothing but a clone that says where its record is points anywhere', () => {
  const { recordOn: _, ...silent } = POINTER;
  const bad = { 'zdd-successor-of': 'two' };
  const others = [
    clone(cloneTags(silent), `shop-zdd-${OTHER}`),
    clone({ ...cloneTags(silent), ...bad }, `shop-zdd-${OTHER}`),
    // A rollback restores what had tags, and somebody may rename a clone.
    clone(cloneTags(POINTER), `shop-zdd-${OTHER}-failed`),
    clone(cloneTags(POINTER), 'shop'),
    clone({}, `shop-zdd-${OTHER}`),
  ];
  expect(onlyPointedTo(lookAt(...others), NOWHERE, APP, OURS, ID)).toEqual([]);
  expect(ownRecordServers(lookAt(...others), 'other-rg/other')).toEqual([]);
  const unreadable = clone({ ...cloneTags(POINTER), ...bad }, `shop-zdd-${OTHER}`);
  expect(onlyPointedTo(lookAt(unreadable), NOWHERE, APP, OURS, ID)).toHaveLength(1);
});

/** What is read of records on other servers, of which there is one, `far`; and what was asked for it. */
async function elsewhere(
  named: readonly ReturnType<typeof clone>[],
  status = 200,
  servers: readonly string[] = ['sql'],
) {
  const { scene, answering } = await stage();
  const asked: string[] = [];
  answering(({ url }) => {
    const { pathname } = new URL(url);
    if (/\/servers$/.test(pathname)) {
      const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/far';
      return answer(200, {
        value: [
          { id, name: 'far', location: 'x', properties: { fullyQualifiedDomainName: 'far.database.windows.net' } },
        ],
      });
    }
    if (/\/(dnsAliases|failoverGroups)$/.test(pathname)) return answer(200, { value: [] });
    if (!/\/databases\//.test(pathname)) return undefined;
    asked.push(pathname.split('/').slice(-3).join('/'));
    const properties = { databaseId: 'x', status: 'Online', creationDate: '2026-01-30T14:00:00Z' };
    const record = { id: pathname, name: 'catalog', location: 'x', sku: { name: 'S3' }, properties };
    return status === 200 ? answer(200, record) : refusal(status, 'Refused');
  });
  const { records, unreadable } = await recordsElsewhere(scene().context, lookAt(...named), servers);
  return { records: records.map(({ name }) => name), unreadable: [...unreadable], asked };
}

const AT = 'far/databases/catalog-zdd-20260130-aaaaa';

test('the record that clones name on another server is read once; what lies on ours is seen anyway', async () => {
  const both = [pointing('shop'), pointing('stock')];
  expect(await elsewhere(both)).toEqual({ records: ['catalog'], unreadable: [], asked: [AT] });
  expect(await elsewhere(both, 200, ['sql', 'FAR'])).toEqual({ records: [], unreadable: [], asked: [] });
  expect((await elsewhere(both, 200, ['sql', 'third'])).asked).toEqual([AT]);
});

test('a record that is gone is none; one that may not be read, or lies where nobody sees, is unreadable', async () => {
  expect(await elsewhere([pointing('shop')], 404)).toEqual({ records: [], unreadable: [], asked: [AT] });
  expect(await elsewhere([pointing('shop')], 403)).toEqual({ records: [], unreadable: [OTHER], asked: [AT] });
  const nowhere = pointing('shop', { recordOn: 'nowhere/catalog' });
  expect(await elsewhere([nowhere])).toEqual({ records: [], unreadable: [OTHER], asked: [] });
  const bad = { ...pointing('shop'), tags: { ...pointing('shop').tags, 'zdd-record-on': 'no server' } };
  expect(await elsewhere([bad])).toEqual({ records: [], unreadable: [OTHER], asked: [] });
  await expect(elsewhere([pointing('shop')], 400)).rejects.toThrow('Refused');
});
