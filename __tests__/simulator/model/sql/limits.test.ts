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
