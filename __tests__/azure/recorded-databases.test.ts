import { expect, test } from '@jest/globals';
import { createCopy, deleteDatabase, getDatabase, moveDatabase } from '../../src/azure/databases.ts';
import { pollOperation } from '../../src/azure/operations.ts';
import { findServer } from '../../src/azure/servers.ts';
import { answer, answersInTurn, bench, recorded } from './support.ts';

const sub = '/subscriptions/00000000-0000-0000-0000-000000000000';
const serverId = `${sub}/resourceGroups/rg2/providers/Microsoft.Sql/servers/srv2`;
const sourceId = `${sub}/resourceGroups/rg/providers/Microsoft.Sql/servers/srv/databases/db`;
const operationUrl = `https://management.azure.com${sub}/providers/Microsoft.Sql/locations/x/databaseAzureAsyncOperation/1`;

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
  expect(begun).toMatchObject({ operation: 'CreateDatabaseAsCopy', startTime: '2022-03-16T10:49:54.97Z' });
  for (const expected of ['running', 'running', 'succeeded']) {
    expect((await pollOperation(arm, begun)).state).toBe(expected);
  }
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

test('an operation that Azure does not find for a moment must be neither done nor failed', async () => {
  const failed = { status: 'Failed', error: { code: '40565', message: 'No more than 1 copy.' } };
  const { arm } = await bench(answersInTurn(answer(404), answer(200, failed)));
  expect(await pollOperation(arm, operationUrl)).toEqual({ state: 'unknown' });
  expect(await pollOperation(arm, operationUrl)).toMatchObject({ state: 'failed', said: { code: '40565' } });
});

test('a rename must name the whole new id, and a delete of what is gone must be null', async () => {
  const send = answersInTurn(answer(200), answer(204));
  const { arm } = await bench(send);
  await moveDatabase(arm, serverId, 'old', 'new');
  expect(send.sent[0]?.body).toBe(JSON.stringify({ id: `${serverId}/databases/new` }));
  expect(await deleteDatabase(arm, serverId, 'old')).toBeNull();
});

test('a Managed Instance must be refused by its name', async () => {
  const { arm } = await bench(answersInTurn());
  await expect(findServer(arm, 's', 'shop.0123456789ab.database.windows.net')).rejects.toThrow('Managed Instance');
});
