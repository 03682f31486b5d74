import { expect, test } from '@jest/globals';
import type { Observed, Pair } from '../../src/deployment/observed.ts';
import {
  isMade,
  mirrors,
  otherDatabases,
  outdatedMirrors,
  recordClone,
  successorsBearingTags,
} from '../../src/phases/cleanup-databases.ts';
import { CLONE, database, ID, observed } from './observed.ts';

const [PAIR] = observed().databases;

function pair(differences: Partial<Pair> = {}): Pair {
  if (PAIR === undefined) throw new Error('A look has a database.');
  return { ...PAIR, ...differences };
}

const OURS = { tags: { 'zdd-deployment': ID } };
const MIRROR = { tags: { 'zdd-deployment': ID, 'zdd-lock': 'held' } };
const SAID = { because: expect.any(String) };

test.each<[string, Partial<Pair>, { readonly databaseId: string; readonly name: string }, boolean]>([
  ['a clone', {}, { databaseId: 'new', name: CLONE }, true],
  ['the original, by its id', { source: null }, { databaseId: 'id-of-shop', name: CLONE }, false],
  [
    'the original, where no clone says its id',
    { sourceId: undefined },
    { databaseId: 'id-of-shop', name: CLONE },
    false,
  ],
  ['a successor', { successorId: 'next' }, { databaseId: 'next', name: CLONE }, false],
  ['what has the name of an original, in whatever case', {}, { databaseId: 'new', name: 'SHOP' }, false],
  ['what was set aside', {}, { databaseId: 'new', name: `${CLONE}-failed` }, false],
])('whether a database may be deleted as ours: %s', (_what, differences, found, made) => {
  expect(isMade(observed({ databases: [pair(differences)] }), found)).toBe(made);
  // One database that it is not says nothing of the others.
  const other = pair({ name: 'catalog', sourceId: 'c', source: null });
  expect(isMade(observed({ databases: [other, pair(differences)] }), found)).toBe(made);
});

test('what goes beside the record is made by this deployment, and says so', () => {
  const second = database(`catalog-zdd-${ID}`, OURS);
  const ours = [
    database(CLONE, OURS),
    second,
    database('orders-zdd-20260101-aaaaa', { tags: { 'zdd-deployment': '20260101-aaaaa' } }),
    database(`users-zdd-${ID}`, { tags: {} }),
    database(`${CLONE}-failed`, OURS),
  ];
  expect(otherDatabases(observed({ ours }))).toEqual([second]);
});

test('the clone with the record goes as the one that it is, and only when it is ours', () => {
  const ours = [database(`catalog-zdd-${ID}`), database(CLONE)];
  expect(recordClone(observed({ ours }))).toEqual([
    {
      kind: 'delete-database',
      database: CLONE,
      databaseId: `id-of-${CLONE}`,
      because: expect.stringContaining('last'),
    },
  ]);
  expect(recordClone(observed())).toEqual([]);
  expect(recordClone(observed({ ours, databases: [pair({ sourceId: `id-of-${CLONE}` })] }))).toEqual([]);
});

test('a clone that somebody keeps under another name only stops holding the record', () => {
  const kept = (databases: readonly Pair[], recordDatabase = 'kept') =>
    recordClone(observed({ recordIn: 'mirror', recordDatabase, ours: [database('kept')], databases }));
  expect(kept([pair()])).toEqual([{ kind: 'remove-mirror', database: 'kept', ...SAID }]);
  // Their mirrors are taken away as such.
  expect(kept([pair({ name: 'catalog', original: null }), pair()], 'shop')).toEqual([]);
  expect(kept([pair({ setAside: [database('other'), database('kept')] })])).toEqual([]);
});

test('of a successor only our tags go', () => {
  const tags = { 'zdd-restored-to': '2026-01-31T14:00:00Z' };
  const found = (differences: Partial<Pair>, holds: 'record' | 'no record' = 'no record', recordDatabase = 'clone') =>
    successorsBearingTags(observed({ databases: [pair(differences)], recordDatabase }), holds);
  const original = database('shop', { tags });
  expect(found({ original, successorId: original.databaseId })).toEqual([
    { kind: 'remove-our-tags', database: 'shop', ...SAID },
  ]);
  // The one that holds the record is asked for apart: it goes last.
  const successor = { original, successorId: original.databaseId };
  expect(found(successor, 'record')).toEqual([]);
  expect(found(successor, 'no record', 'shop')).toEqual([]);
  expect(found(successor, 'record', 'shop')).toHaveLength(1);
  expect(found({ original: database('shop', { tags: {} }), successorId: original.databaseId })).toEqual([]);
  expect(found({ original, successorId: 'another' })).toEqual([]);
  expect(found({ original: null, successorId: original.databaseId })).toEqual([]);
});

test('mirrors are those of this deployment, also on what a rollback has set aside', () => {
  const original = database('shop', MIRROR);
  const setAside = [
    database('failed', MIRROR),
    database('older', { tags: { ...MIRROR.tags, 'zdd-deployment': '20260101-aaaaa' } }),
    database('bare', OURS),
  ];
  const databases = [pair({ original, setAside }), pair({ name: 'catalog', original: null })];
  const look: Partial<Observed> = { databases, recordDatabase: 'shop' };
  const from = (name: string) => ({ kind: 'remove-mirror', database: name, ...SAID });
  expect(mirrors(observed(look))).toEqual([from('shop'), from('failed')]);
  // The newest is the record where there is no clone: it must outlive the others.
  expect(outdatedMirrors(observed({ ...look, recordIn: 'mirror' }))).toEqual([from('failed')]);
  expect(outdatedMirrors(observed(look))).toEqual([]);
});
