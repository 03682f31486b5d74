import { expect, test } from '@jest/globals';
import type { Pair } from '../../src/deployment/observed.ts';
import { isUnmoved } from '../../src/deployment/restored.ts';
import { database } from '../phases/observed.ts';
import { rows } from '../phases/rows.ts';
import { seen } from '../phases/seen.ts';

const underWay = { scope: 'code-and-database', attempt: 2, databases: 'moving' } as const;
const { observed } = seen(rows.deployed, 'rollback', { record: { rollbackUnderWay: underWay } });
const [pair] = observed.databases;
if (!pair) throw new Error('The row has a database.');
const also = (differences: Partial<Pair>) =>
  isUnmoved({ ...observed, databases: [pair, { ...pair, name: 'orders', ...differences }] });

test('a rollback of databases has moved none as long as each original is there under its name', () => {
  expect(isUnmoved(observed)).toBe(true);
  expect(also({})).toBe(true);
  // The restore of an earlier rollback is an original as any other.
  expect(also({ successorOf: 1 })).toBe(true);
});

test.each<[string, Partial<Pair>]>([
  ['has taken its place', { successorOf: 2 }],
  ['was set aside', { original: null }],
  ['lost its name to another one', { underName: database('shop', { databaseId: 'another' }) }],
  ['has no name', { underName: null }],
  ['is gone with its name', { original: null, underName: null }],
])('it has begun to when one of them %s', (_what, differences) => expect(also(differences)).toBe(false));

test('where no databases are moved there is none to go back from', () => {
  const { record } = observed;
  const of = (rollbackUnderWay: NonNullable<typeof record>['rollbackUnderWay']) =>
    isUnmoved({ ...observed, record: record && { ...record, rollbackUnderWay } });
  expect([of(undefined), of({ ...underWay, databases: 'settled' })]).toEqual([false, false]);
  expect(isUnmoved({ ...observed, record: null })).toBe(false);
});
