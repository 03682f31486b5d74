import { expect, test } from '@jest/globals';
import { openedSincePoint, originals } from '../../src/deployment/originals.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { database, NOW } from '../phases/observed.ts';
import { rows } from '../phases/rows.ts';
import { seen } from '../phases/seen.ts';

const at = (record: Partial<DeploymentRecord>, readOnly: boolean | undefined, name = 'shop') => {
  const { observed } = seen(rows.switched, 'deploy', { record });
  const [pair] = observed.databases;
  const [facts] = Object.values(observed.sql);
  if (!pair || !facts) throw new Error('The row has a database that was looked into.');
  return {
    ...observed,
    databases: [{ ...pair, original: database(name) }],
    sql: readOnly === undefined ? {} : { [name]: { ...facts, readOnly } },
  };
};
const POINT: Partial<DeploymentRecord> = { rollbackPoint: NOW, deployBegun: undefined, otherWriters: undefined };

test.each<[string, Partial<DeploymentRecord>, boolean | undefined, readonly string[]]>([
  ['it takes writes again', POINT, false, ['shop']],
  ['it is as "switch" left it', POINT, true, []],
  ['nobody saw', POINT, undefined, []],
  ['there is no point yet', { ...POINT, rollbackPoint: undefined }, false, []],
  ['deploy has begun', { ...POINT, deployBegun: NOW }, false, []],
  ['other writers are tolerated', { ...POINT, otherWriters: 'rg/jobs' }, false, []],
  ['nothing is ever restored', { ...POINT, noDatabaseRollback: 'yes' } as Partial<DeploymentRecord>, false, []],
])(
  'writes that a restore to the point would lose are noticed, and nothing else: %s',
  (_what, record, readOnly, found) => {
    expect(openedSincePoint(at(record, readOnly))).toEqual(found);
  },
);

test('an original is called by its present name, and by its own where it is gone', () => {
  const renamed = at(POINT, false, 'SHOP');
  expect([originals(renamed), openedSincePoint(renamed)]).toEqual([['SHOP'], ['SHOP']]);
  const gone = { ...renamed, databases: renamed.databases.map((pair) => ({ ...pair, original: null })) };
  expect(originals(gone)).toEqual(['shop']);
});
