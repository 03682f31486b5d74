import { expect, test } from '@jest/globals';
import { missingOriginal } from '../../src/deployment/missing-original.ts';
import type { Pair } from '../../src/deployment/observed.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { database } from '../phases/observed.ts';
import { rows } from '../phases/rows.ts';
import { seen } from '../phases/seen.ts';

function missing(differences: Partial<Pair>, record: Partial<DeploymentRecord> = {}) {
  const { observed } = seen(rows.switched, 'status', { record });
  const databases = observed.databases.map((pair) => ({ ...pair, ...differences }));
  return missingOriginal({ ...observed, databases });
}

test('an original that has its name, in whatever case, stands in nobody’s way', () => {
  expect(missing({})).toBeUndefined();
  expect(missing({ original: database('SHOP') })).toBeUndefined();
});

test('one that was renamed is told by both names, with the command that gives the first one back', () => {
  const stop = missing({ original: database('shop-old') });
  expect(stop?.happened).toMatch(/shop .*shop-old/);
  expect(stop?.next).toContain('--new-name shop --ids /subscriptions/s/servers/shop-sql/databases/shop-old');
});

test('one that is gone is restored, and then said to be the original, by the tag that says so now', () => {
  const stop = missing({ original: null, underName: null, sourceId: 'first', successorId: undefined });
  expect(stop?.happened).toContain('first');
  expect(stop?.next).toMatch(/az sql db restore .*--dest-name shop.*zdd-source-id=/);
  const again = missing({ original: null, underName: null, sourceId: 'first', successorId: 'second' });
  expect(again?.happened).toContain('second');
  expect(again?.next).toContain('zdd-successor-id=');
});

test('where another one has its name nothing is restored over it: people say which is the original', () => {
  const stop = missing({ original: null, underName: database('shop', { databaseId: 'other' }) });
  expect(stop?.happened).toContain('other');
  expect(stop?.next).toContain('zdd-source-id=other');
  expect(stop?.next).not.toContain('az sql db restore');
});

test('while a rollback moves databases none is missed, and once they are settled each is', () => {
  const gone = { original: null, underName: null };
  const underWay = { scope: 'code-and-database', attempt: 1 } as const;
  expect(missing(gone, { rollbackUnderWay: { ...underWay, databases: 'moving' } })).toBeUndefined();
  expect(missing(gone, { rollbackUnderWay: { ...underWay, databases: 'settled' } })).toBeDefined();
});

test('what nobody can know yet stands there as a place to fill in, never as a value that would be written', () => {
  const next = missing({ original: null, underName: null, clone: null })?.next;
  expect(next).toContain("--resource-id '<id of its clone>'");
  expect(next).toContain("'zdd-source-id=<databaseId of the restored database>'");
});
