import { expect, test } from '@jest/globals';
import { advanceSql } from '../../../../simulator/model/sql/advance.ts';
import { arm, ask, copyBody, open, SERVER, START, shop } from './shop.ts';

const POOL = `${SERVER}/elasticPools/small`;

test('a pool takes so many databases and no more', () => {
  const { world, server } = shop({ elasticPoolId: POOL });
  const pool = { name: 'small', sku: { name: 'StandardPool', tier: 'Standard', capacity: 50 }, maxDatabases: 2 };
  server.elasticPools.small = pool;
  const copy = (name: string) => arm(world, START, 'PUT', `/databases/${name}`, copyBody({ elasticPoolId: POOL }));
  expect(copy('one').status).toBe(202);
  advanceSql(world, START + 200_000);
  const full = arm(world, START + 200_000, 'PUT', '/databases/two', copyBody({ elasticPoolId: POOL }));
  expect([full.status, full.body.error.code]).toEqual([400, 'ElasticPoolDatabaseCountOverLimit']);
});

test('a serverless database that nobody told otherwise sleeps after an hour', () => {
  const { world, server } = shop();
  const body = { ...(copyBody() as object), sku: { name: 'GP_S_Gen5_2' } };
  expect(arm(world, START, 'PUT', '/databases/copy', body).status).toBe(202);
  const minutes = (count: number) => advanceSql(world, START + 200_000 + count * 60_000);
  minutes(0);
  expect(server.databases.copy).toMatchObject({ status: 'Online', autoPauseDelay: 60, minCapacity: 0.5 });
  minutes(61);
  expect(server.databases.copy?.status).toBe('Paused');
});

test('an alias of its server keeps a serverless database awake', () => {
  const { world, server, database } = shop({ autoPauseDelay: 60 });
  server.dnsAliases.push('shops');
  advanceSql(world, START + 7_200_000);
  expect(database.status).toBe('Online');
});

test('the Basic tier keeps backups for a week at most', () => {
  const { world } = shop({ sku: { name: 'Basic', tier: 'Basic', capacity: 5 } });
  const path = '/databases/shop/backupShortTermRetentionPolicies/default';
  const keep = (retentionDays: number) => arm(world, START, 'PUT', path, { properties: { retentionDays } }).status;
  expect([keep(7), keep(8)]).toEqual([202, 400]);
});

test('a service of Azure’s looks like a user, and only its workload group tells it apart', () => {
  const { world } = shop();
  world.variants['azure-looks-in'] = true;
  const session = open(world, START);
  const sessions = ask(world, START, session, 'SELECT session_id, group_id, is_user_process FROM sys.dm_exec_sessions');
  const groups = ask(world, START, session, 'SELECT group_id, name FROM sys.dm_resource_governor_workload_groups');
  const azures = sessions.find((row) => row.session_id === 9);
  const name = groups.find((group) => group.group_id === azures?.group_id)?.name;
  expect([azures?.is_user_process, name]).toEqual([true, 'InMemBackupRestoreGroup']);
});

test('so many restores into a pool are worked on at once, the next one waits for the first to end', () => {
  const { world, server } = shop();
  server.elasticPools.small = { name: 'small', sku: { name: 'StandardPool', tier: 'Standard', capacity: 50 } };
  const restore = (name: string, elasticPoolId?: string) => {
    const restorePointInTime = new Date(START - 600_000).toISOString();
    const properties = { createMode: 'PointInTimeRestore', sourceDatabaseId: `${SERVER}/databases/shop` };
    const body = { location: 'westeurope', properties: { ...properties, restorePointInTime, elasticPoolId } };
    expect(arm(world, START, 'PUT', `/databases/${name}`, body).status).toBe(202);
    const operation = Object.values(world.sql.operations).find(({ databaseName }) => databaseName === name);
    return (operation?.endsAt ?? 0) - START;
  };
  const one = restore('r1', POOL);
  expect(['r2', 'r3', 'r4'].map((name) => restore(name, POOL))).toEqual([one, one, one]);
  expect(restore('r5', POOL)).toBe(2 * one);
  expect(restore('alone')).toBe(one);
});

test('who reads too much at once is told when to come again', () => {
  const { world } = shop();
  const read = (now: number) => arm(world, now, 'GET', '/databases/shop');
  for (let times = 0; times < 300; times++) expect(read(START).status).toBe(200);
  world.variants['requests-are-limited'] = true;
  const statuses = Array.from({ length: 251 }, () => read(START).status);
  expect([statuses.filter((status) => status === 200).length, statuses.at(-1)]).toEqual([250, 429]);
  expect(read(START).headers['retry-after']).toBe('1');
  expect(read(START + 1000).status).toBe(200);
  expect(arm(world, START, 'PUT', '/databases/copy', copyBody()).status).toBe(202);
});
