import { expect, test } from '@jest/globals';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import { begin, databases, production, type Trial } from './trial.ts';

const WHOLE_WAY = [
  'preflight',
  'clone',
  'read-only',
  'switch',
  'deploy',
  ['rollback', { 'rollback-scope': 'code-and-database' }],
  'validate',
  'complete',
  'cleanup',
] as const;

test.each([['Shop [x] #1', 'Shop [x]'], ['shop#1', 'shop'], ['Шоп 商店'], ['a.b-c_d (1) ~!@$^`+,|']])(
  'the whole way goes with the database %j',
  async (...names: string[]) => {
    const trial = begin({ databases: names });
    await trial.through(...WHOLE_WAY);
    expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
    expect(named(trial)).toEqual(names.flatMap((name) => [name, `${name}-zdd-<id>-failed`]).sort());
  },
  60_000,
);

test('a database whose name begins another one is not written to in its place', async () => {
  const trial = begin({ databases: ['shop', 'shop#1'] });
  const neighbour = () => databases(trial).find(({ name }) => name === 'shop');
  const { tags, databaseId, sku } = structuredClone(neighbour()) ?? {};
  await trial.through(['clone', { databases: 'shop#1' }]);
  expect(neighbour()).toMatchObject({ tags, databaseId, sku });
});

test('a command that deletes what was set aside names it as one word', async () => {
  const trial = begin({ databases: ['shop', 'shop live'] });
  await trial.through(...WHOLE_WAY.slice(0, -1));
  const { warnings } = await trial.run('cleanup');
  expect(warnings.join(' ')).toMatch(
    /az sql db delete --resource-group rg --server sql --name 'shop live-zdd-[^']*-failed' --yes/,
  );
});

test('a connection string may write the name of the database in another case', async () => {
  const trial = begin();
  const { connectionStrings } = slotOf(trial.world, 'web', 'production').occupant;
  for (const [name, each] of Object.entries(connectionStrings)) {
    connectionStrings[name] = { ...each, value: each.value.replace('=shop;', '=SHOP;') };
  }
  await trial.through(...WHOLE_WAY);
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

function named(trial: Trial): string[] {
  return databases(trial)
    .map(({ name }) => name.replace(/\d{8}-[a-z0-9]{5}/, '<id>'))
    .sort();
}
