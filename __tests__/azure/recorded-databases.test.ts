import { expect, test } from '@jest/globals';
import { createCopy, deleteDatabase, getDatabase, moveDatabase } from '../../src/azure/databases.ts';
import { findServer } from '../../src/azure/servers.ts';
import { answer, answersInTurn, bench, recorded } from './support.ts';

const sub = '/subscriptions/00000000-0000-0000-0000-000000000000';
const serverId = `${sub}/resourceGroups/rg2/providers/Microsoft.Sql/servers/srv2`;
const sourceId = `${sub}/resourceGroups/rg/providers/Microsoft.Sql/servers/srv/databases/db`;

test('a copy must read as Azure recorded it, but for the tags that we add', async () => {
  const play = recorded('sql-db-copy.json');
  const bodies: unknown[] = [];
  const { arm } = await bench(async (request) => {
    if (request.method !== 'PUT' || typeof request.body !== 'string') return play(request);
    const { tags, ...rest } = JSON.parse(request.body);
    bodies.push(tags);
    return play({ ...request, body: JSON.stringify(rest) });
  });
  const server = await findServer(arm, '', serverId);
  expect(server).toMatchObject({ name: 'srv2', hostName: 'srv2.database.windows.net', publicNetworkAccess: 'Enabled' });

  const elasticPoolId = `${serverId}/elasticPools/pool1`;
  const begun = await createCopy(arm, serverId, 'db-copy', sourceId, {
    location: 'westeurope',
    tags: { 'zdd-deployment': 'x' },
    elasticPoolId,
  });
  expect(bodies).toEqual([{ 'zdd-deployment': 'x' }]);
  expect(begun).toBe('CreateDatabaseAsCopy');
  expect(await getDatabase(arm, serverId, 'db-copy')).toMatchObject({
    databaseId: '27d507e8-04d5-4e3c-b4c9-abb718b157e7',
    status: 'Online',
    elasticPoolId,
    sku: { name: 'ElasticPool', tier: 'GeneralPurpose', capacity: 0 },
    backupStorageRedundancy: 'Geo',
    earliestRestoreDate: null,
    tags: {},
  });
});

test('a database that is not there must be null, and one that may not be read must not', async () => {
  const gone = answer(404, { error: { code: 'ResourceNotFound', message: 'No.' } });
  expect(await getDatabase((await bench(answersInTurn(gone))).arm, serverId, 'x')).toBeNull();
  const forbidden = answer(403, { error: { code: 'AuthorizationFailed', message: 'No.' } });
  await expect(getDatabase((await bench(answersInTurn(forbidden))).arm, serverId, 'x')).rejects.toThrow(
    'Could not read database x: Azure answered 403',
  );
});

test('a rename must name the whole new id, and a delete of what is gone must be quiet', async () => {
  const send = answersInTurn(answer(200), answer(204));
  const { arm } = await bench(send);
  await moveDatabase(arm, serverId, 'old', 'new');
  expect(send.sent[0]?.body).toBe(JSON.stringify({ id: `${serverId}/databases/new` }));
  await expect(deleteDatabase(arm, serverId, 'old')).resolves.toBeUndefined();
});

test('a Managed Instance must be refused by its name', async () => {
  const { arm } = await bench(answersInTurn());
  await expect(findServer(arm, 's', 'shop.0123456789ab.database.windows.net')).rejects.toThrow('Managed Instance');
});
