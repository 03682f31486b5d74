import { expect, test } from '@jest/globals';
import { type Inputs, packageOf, production } from '../in-process/trial.ts';
import { deploy, open, type Parts, type Zoo } from '../in-process/zoo.ts';

const NEVER: Inputs = { 'no-database-rollback': 'true' };

/** A database that is replicated to another region, by a failover group or alone; Azure does not close it. */
function replicated(by: 'group' | 'link', zoo: Zoo = {}): Zoo {
  return {
    ...zoo,
    variants: ['replicated-stays-open'],
    arrange: ({ server }: Parts) => {
      if (by === 'group') server.failoverGroups.pair = { name: 'pair', partnerServerId: '/far', databases: ['shop'] };
      else
        server.databases.shop?.replicationLinks.push({
          name: 'l',
          partnerServer: 'sql-west',
          partnerDatabase: 'shop',
          partnerLocation: 'westus',
        });
    },
  };
}

test.each(['group', 'link'] as const)(
  'a replicated database (%s) is refused with both ways, and left alone where its owner says so',
  async (by) => {
    const refused = await deploy(replicated(by));
    expect(refused.ended).toMatch(
      /^refused by preflight: failed replication: .*no-database-rollback: true leaves it as it is/,
    );
    const { ended, visitors, said } = await deploy(replicated(by, { inputs: NEVER }));
    expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
    expect(said).toMatch(/no-database-rollback: the databases keep their replication and are never restored/);
  },
);

test('the way back of a replicated database is the code; what a restore takes is said, also to a workflow that does not give the input', async () => {
  const trial = open(replicated('group'));
  await trial.through(['clone', NEVER], 'read-only', 'switch', 'deploy');
  const { failure } = await trial.run('rollback', { 'rollback-scope': 'code-and-database' });
  expect(failure).toMatchObject({
    kind: 'refused',
    happened: expect.stringMatching(/opened with no-database-rollback/),
    next: expect.stringMatching(
      /rollback-scope: code, or "deploy".*az sql db restore .*--name shop --dest-name shop-restored --time 2026/,
    ),
  });
  const { failure: other } = await trial.run('rollback', { 'rollback-scope': 'auto' });
  expect(other?.next).toMatch(/never restored by this deployment.*ignore-schema/s);
});

test('where the live build runs on the databases as they are, the code of a replicated app comes back', async () => {
  const trial = open(replicated('group'));
  const given = { package: packageOf('same-schema') };
  await trial.through(['clone', { ...NEVER, ...given }], ['read-only', given], 'switch', ['deploy', given]);
  await trial.through(['rollback', { 'rollback-scope': 'auto' }], 'validate', 'complete', 'cleanup');
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

test('killed between two phases, `switch` and `deploy` go on with an original that was never closed', async () => {
  const trial = open(replicated('link'));
  await trial.through(
    ['clone', NEVER],
    'read-only',
    'switch',
    'switch',
    'deploy',
    'deploy',
    'validate',
    'complete',
    'cleanup',
  );
});

test('no-database-rollback and a rollback of the database are refused together, at once', async () => {
  const inputs = { ...NEVER, 'rollback-scope': 'code-and-database' };
  await expect(open().run('rollback', inputs)).rejects.toThrow(/no-database-rollback is "true" and rollback-scope/);
});
