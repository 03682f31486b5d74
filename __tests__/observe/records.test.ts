import { expect, test } from '@jest/globals';
import { type CloneTags, cloneTags } from '../../src/deployment/clone-tags.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { recordTags } from '../../src/deployment/record-tags.ts';
import { findRecords } from '../../src/observe/records.ts';
import { onlyPointedTo, ownRecordServers } from '../../src/observe/records-elsewhere.ts';
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
  expect(ownRecordServers(lookAt(pointing('shop', { app: APP }), pointing('stock')), APP)).toEqual(['far']);
});
