import { expect, test } from '@jest/globals';
import { hangingCommand } from '../../simulator/in-process/hanging-command.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { addDatabase } from '../../simulator/model/sql/create.ts';
import type { Clock } from '../../src/ports.ts';
import { production } from '../in-process/trial.ts';
import { deploy, open, type Parts, partsOf } from '../in-process/zoo.ts';

test.each<[string, (parts: Parts) => void, RegExp]>([
  ['has no Entra administrator', ({ server }) => delete server.entraAdministrator, /ad-admin create/],
  ['has a pool without room', (parts) => pooled(parts, 99), /pool/],
  ['is locked against deletion', locked, /lock delete/],
  ['asks for TLS 1.3', ({ server }) => Object.assign(server, { minimalTlsVersion: '1.3' }), /TLS/],
])('a server that %s: deployed, or preflight says why not', async (_, arrange, words) => {
  const { ended, said } = await deploy({ arrange });
  if (ended === 'deployed') expect(said).toMatch(words);
  else expect(ended).toMatch(new RegExp(`^refused by preflight: .*(${words.source})`, 'is'));
});

test.each([
  ['clone', []],
  ['switch', ['clone', 'read-only']],
  ['deploy', ['clone', 'read-only', 'switch']],
])('`%s` itself refuses an original that is replicated by then', async (phase, before) => {
  const trial = open();
  await trial.through(...before);
  replicate(trial.world.sql.servers);
  expect((await trial.run(phase)).failure).toMatchObject({
    kind: 'refused',
    happened: expect.stringMatching(/is replicated to shop on sql-west/),
    next: expect.stringMatching(/delete-link/),
  });
});

test('a rollback of the database refuses a replicated original before it has begun, not one of the code', async () => {
  const trial = open();
  await trial.through('clone', 'read-only', 'switch', 'deploy');
  replicate(trial.world.sql.servers);
  const { failure } = await trial.run('rollback', { 'rollback-scope': 'code-and-database' });
  expect(failure?.happened).toMatch(/is replicated to shop on sql-west/);
  const { failure: later } = await trial.run('rollback', { 'rollback-scope': 'code' });
  expect(later?.happened).not.toMatch(/replicated/);
});

test('a pool that has filled up refuses a rollback of the database before it begins, and the other ways stay open', async () => {
  const trial = open({ arrange: (parts) => pooled(parts, 98) });
  const { phases, failure } = await trial.run('preflight');
  expect(failure).toBeUndefined();
  expect(phases[0]?.checks?.find(({ name }) => name === 'room for a restore')?.verdict).toBe('warning');
  await trial.through('clone', 'read-only', 'switch', 'deploy');
  const { failure: full, result } = await trial.run('rollback', { 'rollback-scope': 'code-and-database' });
  expect(full?.happened).toMatch(
    /Pool small holds 100 databases and takes 100 at most .* could not restore beside shop/,
  );
  expect(full?.next).toMatch(/az sql elastic-pool update/);
  expect(result?.nextPhases).toEqual(expect.arrayContaining(['validate', 'deploy', 'rollback']));
  const [server] = Object.values(trial.world.sql.servers);
  delete server?.databases.other1;
  await trial.through(['rollback', { 'rollback-scope': 'code-and-database' }]);
});

test('a rollback that was prepared has its place in the pool, and needs no other', async () => {
  const trial = open({ arrange: (parts) => pooled(parts, 97) });
  const prepare = { 'prepare-rollback': 'true' };
  await trial.through('clone', 'read-only', ['switch', prepare], ['deploy', prepare]);
  const [server] = Object.values(trial.world.sql.servers);
  const inside = Object.values(server?.databases ?? {}).filter(({ elasticPoolId }) => elasticPoolId !== undefined);
  expect(inside).toHaveLength(100);
  await trial.through(['rollback', { 'rollback-scope': 'code-and-database' }]);
});

test('a schema version query that fails is found by preflight and named', async () => {
  const { ended } = await deploy({ inputs: { 'schema-version-query': 'SELECT MAX(nr) FROM missing_table' } });
  expect(ended).toMatch(/^refused by preflight: .*schema-version-query failed on database shop: .*missing_table/s);
});

test('a schema version query that fails only in the window keeps nobody from rolling the database back', async () => {
  const trial = open();
  await trial.through('clone', 'read-only', 'switch', 'deploy');
  const broken = { 'schema-version-query': 'SELECT MAX(nr) FROM missing_table' };
  expect((await trial.run('rollback', { ...broken, 'rollback-scope': 'code' })).failure?.next).toMatch(
    /code-and-database.*ignore-schema/,
  );
  const back = { ...broken, 'rollback-scope': 'code-and-database' };
  await trial.through(['rollback', back], ['validate', broken], ['complete', broken]);
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

test('without a way to ask for the schema version a deployment goes through, and preflight says what that costs', async () => {
  const { ended, said } = await deploy({ inputs: { 'schema-version-query': 'none' } });
  expect([ended, said]).toEqual(['deployed', expect.stringMatching(/rollback-scope code is refused/)]);
});

test('preflight that the firewall keeps out leaves the databases to `clone`, which refuses before it copies', async () => {
  const trial = open({
    arrange: ({ server }) => {
      server.firewallRules = {};
    },
  });
  const given = { 'schema-version-query': 'SELECT MAX(nr) FROM missing_table' };
  const { failure, phases } = await trial.run('preflight', given);
  const login = phases[0]?.checks?.find(({ name }) => name === 'SQL login');
  expect([failure, login?.found]).toEqual([undefined, expect.stringMatching(/"clone" opens a rule and checks them/)]);
  const { failure: refused } = await trial.run('clone', given);
  expect(refused?.happened).toMatch(/schema-version-query failed on database shop/);
  const names = Object.values(trial.world.sql.servers).flatMap(({ databases }) => Object.keys(databases));
  expect(names.filter((name) => name.includes('-zdd-'))).toEqual([]);
});

test('every ZDD_ variable that migrate-command names is there, or preflight says which is not', async () => {
  const inputs = { 'migrate-command': './bundle --connection "$ZDD_CONNECTION_STRING_MISSING"' };
  const { ended } = await deploy({ inputs, run: async () => ({ exitCode: 0 }) });
  expect(ended).toMatch(
    /^refused by preflight: .*ZDD_CONNECTION_STRING_MISSING.*ZDD_CONNECTION_STRING_DEFAULTCONNECTION/s,
  );
});

test('a migration that hangs is told of every minute, and ended', async () => {
  let clock: Clock | undefined;
  const run = hangingCommand(() => clock ?? { now: () => 0, sleep: async () => undefined });
  const began: number[] = [];
  const { ended, said, trial } = await deploy({
    run,
    inputs: { 'migrate-command': 'npm run migrate', 'migrate-timeout': '600' },
    before: {
      deploy: (_, { clock: virtual }) => {
        clock = virtual;
        began.push(virtual.now());
      },
    },
  });
  expect(ended).toMatch(/^failed in deploy: migrate-command was ended: it ran for longer than 10 min 0 s/);
  expect(said).toMatch(/migrate-command has been running for 9 min 0 s/);
  expect(trial.clock.now() - (began[0] ?? 0)).toBeLessThan(900_000);
});

test('a lock that came in between keeps nothing but what it holds, and `cleanup` ends once it is gone', async () => {
  const trial = open();
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate', 'complete');
  locked(partsOf(trial.world));
  const { failure } = await trial.run('cleanup');
  expect(failure).toMatchObject({
    happened: expect.stringMatching(/^A lock keeps .*shop-zdd-\S+ from being deleted: .*locked/),
    next: expect.stringMatching(/az lock delete/),
  });
  const { 'zdd-readonly': readonly, 'zdd-staging': staging } = partsOf(trial.world).site.slots;
  expect([readonly, staging].map((slot) => slot?.occupant.connectionStrings)).toEqual([{}, {}]);
  trial.world.locks = [];
  await trial.through('cleanup');
});

const MIGRATE = { 'migrate-command': 'npm run migrate' };

test.each([
  ['failed half-way', 1, {}],
  ['succeeded, while no schema version can be asked', 0, { 'schema-version-query': 'none' }],
])('a rollback of the code alone is refused after a migration that %s', async (_, exitCode, inputs) => {
  const trial = open({ run: async () => ({ exitCode }) });
  const given = { ...MIGRATE, ...inputs };
  await trial.through(['clone', given], ['read-only', given], ['switch', given]);
  await trial.run('deploy', given);
  const { failure } = await trial.run('rollback', given);
  expect(failure?.next).toMatch(/code-and-database, which loses nothing that visitors wrote.*ignore-schema/);
  await trial.through(['rollback', { ...given, 'rollback-scope': 'code-and-database' }]);
});

function replicate(servers: Readonly<Record<string, Parts['server']>>): void {
  const link = { name: 'l1', partnerServer: 'sql-west', partnerDatabase: 'shop', partnerLocation: 'westus' };
  for (const server of Object.values(servers)) server.databases.shop?.replicationLinks.push(link);
}

/** In a pool that takes a hundred databases, beside so many others. */
function pooled({ world, server }: Parts, others: number): void {
  const { subscriptionId } = world;
  const sku = { name: 'StandardPool', tier: 'Standard', capacity: 50 };
  server.elasticPools.small = { name: 'small', sku, maxDatabases: 100 };
  const elasticPoolId = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Sql/servers/sql/elasticPools/small`;
  for (let nr = 1; nr <= others; nr++)
    Object.assign(addDatabase(world, server, { name: `other${nr}` }, EPOCH), { elasticPoolId });
  Object.assign(server.databases.shop ?? {}, { elasticPoolId });
}

function locked({ world }: Parts): void {
  const scope = `/subscriptions/${world.subscriptionId}/resourceGroups/rg`;
  world.locks = [{ name: 'keep', level: 'CanNotDelete', scope }];
}
