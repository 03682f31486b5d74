import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { rowsOf, writeRow } from '../../../../simulator/model/sql/rows.ts';
import { APP, arm, copyBody, open, START, shop, tryOpen } from './shop.ts';

interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly responseHeaders: Record<string, string>;
  readonly responseBody: unknown;
}

const recorded: Recorded[] = JSON.parse(
  readFileSync(new URL('../../../recordings/sql-db-copy.json', import.meta.url), 'utf8'),
);

test('answers to a copy have the recorded shapes', () => {
  const { world, server } = shop({ sku: { name: 'GP_Gen5', tier: 'GeneralPurpose', family: 'Gen5', capacity: 2 } });
  server.elasticPools.pool1 = {
    name: 'pool1',
    sku: { name: 'GP_Gen5', tier: 'GeneralPurpose', family: 'Gen5', capacity: 4 },
  };
  const pool = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/srv/elasticPools/pool1';
  delete server.entraAdministrator;
  const gotServer = arm(world, START, 'GET', '');
  const put = arm(world, START, 'PUT', '/databases/db-copy', copyBody({ elasticPoolId: pool }, {}));
  const during = arm(world, START + 1000, 'GET', put.headers['azure-asyncoperation'] ?? '');
  const after = arm(world, START + 80_000, 'GET', put.headers['azure-asyncoperation'] ?? '');
  const database = arm(world, START + 81_000, 'GET', '/databases/db-copy');
  const [recordedServer, recordedPut, recordedPoll, , recordedEnd, recordedDatabase] = recorded;
  for (const [answer, before] of [
    [gotServer, recordedServer],
    [put, recordedPut],
    [during, recordedPoll],
    [after, recordedEnd],
    [database, recordedDatabase],
  ] as const) {
    expect(answer.status).toBe(before?.status);
    expect(shape(answer.body)).toEqual(shape(before?.responseBody));
    for (const name of Object.keys(before?.responseHeaders ?? {})) {
      expect({ name, value: pattern(answer.headers[name]) }).toEqual({
        name,
        value: pattern(before?.responseHeaders[name]),
      });
    }
  }
});

/** Keys in order, with the types of their values; names of states and operations as they are. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([key, one]) => [key, shape(one)]);
  return typeof value === 'string' && /^(Online|InProgress|Succeeded|CreateDatabaseAsCopy|Ready)$/.test(value)
    ? value
    : typeof value;
}

function pattern(header: string | undefined): string | undefined {
  return header?.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID').replace(/resourceGroups\/\w+/, 'RG');
}

test('a copy holds what its source held somewhere inside the interval', () => {
  const { world, database } = shop();
  writeRow(world, database.contentId, { id: 'before', at: START - 1, by: 'app' });
  arm(world, START, 'PUT', '/databases/clone', copyBody());
  writeRow(world, database.contentId, { id: 'early', at: START + 10_000, by: 'app' });
  writeRow(world, database.contentId, { id: 'late', at: START + 70_000, by: 'app' });
  const clone = world.sql.servers.srv?.databases.clone;
  expect(rowsOf(world, clone?.contentId ?? '').map((row) => row.id)).toEqual(['before', 'early']);
});

test('Copy onto an existing name is an update that copies nothing', () => {
  const { world } = shop();
  arm(world, START, 'PUT', '/databases/clone', copyBody());
  const again = arm(world, START + 1000, 'PUT', '/databases/clone', copyBody());
  expect([again.status, again.body.error.code]).toEqual([409, '45138']);
  const id = arm(world, START + 80_000, 'GET', '/databases/clone').body.properties.databaseId;
  const later = arm(world, START + 81_000, 'PUT', '/databases/clone', copyBody());
  expect([later.status, later.body.operation]).toEqual([202, 'UpdateLogicalDatabase']);
  expect(arm(world, START + 300_000, 'GET', '/databases/clone').body.properties.databaseId).toBe(id);
});

test('one copy a source at a time', () => {
  const { world } = shop();
  arm(world, START, 'PUT', '/databases/clone', copyBody());
  expect(arm(world, START, 'PUT', '/databases/clone2', copyBody()).body.error.code).toBe('40565');
  expect(arm(world, START + 80_000, 'PUT', '/databases/clone2', copyBody()).status).toBe(202);
});

test('a copy that is still copying lets nobody in', () => {
  const { world } = shop();
  arm(world, START, 'PUT', '/databases/clone', copyBody());
  expect(arm(world, START + 1, 'GET', '/databases/clone').body.properties.status).toBe('Copying');
  expect(tryOpen(world, START + 1, { database: 'clone' })).toMatchObject({ number: 40613 });
  expect(open(world, START + 80_000, { database: 'clone', from: APP })).toBeGreaterThan(0);
});

test('a copy keeps its tags, unless the variant takes them', () => {
  const plain = shop().world;
  arm(plain, START, 'PUT', '/databases/clone', copyBody());
  expect(arm(plain, START + 80_000, 'GET', '/databases/clone').body.tags).toEqual({ by: 'test' });
  const { world } = shop();
  world.variants['tags-lost-on-copy'] = true;
  arm(world, START, 'PUT', '/databases/clone', copyBody());
  expect(arm(world, START + 80_000, 'GET', '/databases/clone').body.tags).toBeUndefined();
});

test('an injected copy ends SUSPECT and says so', () => {
  const { world } = shop();
  world.sql.injected.push('copy-suspect');
  const put = arm(world, START, 'PUT', '/databases/clone', copyBody());
  const poll = arm(world, START + 80_000, 'GET', put.headers['azure-asyncoperation'] ?? '');
  expect(poll.body).toMatchObject({ status: 'Failed', error: { code: '40562' } });
  expect(arm(world, START + 80_000, 'GET', '/databases/clone').body.properties.status).toBe('Suspect');
  expect(tryOpen(world, START + 80_000, { database: 'clone' })).toMatchObject({ number: 4060 });
});

test('deleting the target cancels its copy', () => {
  const { world } = shop();
  arm(world, START, 'PUT', '/databases/clone', copyBody());
  expect(arm(world, START + 1000, 'DELETE', '/databases/clone').body.operation).toBe('DropLogicalDatabase');
  expect(arm(world, START + 2000, 'DELETE', '/databases/clone').status).toBe(202);
  expect(arm(world, START + 20_000, 'GET', '/databases/clone').status).toBe(404);
  expect(arm(world, START + 20_000, 'DELETE', '/databases/clone').status).toBe(204);
  expect(arm(world, START + 200_000, 'GET', '/databases/clone').status).toBe(404);
});

test('the first backup of a new database comes late', () => {
  const { world } = shop();
  arm(world, START, 'PUT', '/databases/clone', copyBody());
  const at = (after: number) =>
    arm(world, START + after, 'GET', '/databases/clone').body.properties.earliestRestoreDate;
  expect(at(81_000)).toBeUndefined();
  expect(at(80_000 + 146_000)).toBe('2026-11-02T09:03:46Z');
});

test('a request that the model does not know fails naming itself', () => {
  const { world } = shop();
  expect(() =>
    arm(world, START, 'PUT', '/databases/x', { location: 'l', properties: { createMode: 'Copy', colour: 1 } }),
  ).toThrow('properties.colour');
  expect(() => arm(world, START, 'GET', '/encryptionProtector')).toThrow('encryptionProtector');
});
