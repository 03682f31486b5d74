import { expect, test } from '@jest/globals';
import { askForRestore } from '../../src/apply/new-restore.ts';
import type { Database } from '../../src/azure/database-shapes.ts';
import { database, ID } from '../phases/observed.ts';
import { stage } from './scene.ts';

const POINT = '2026-09-01T00:00:30.0000000Z';

/** What Azure is asked to make of an original like this. */
async function asked(differences: Partial<Database>): Promise<Record<string, unknown>> {
  const { scene, answering } = await stage();
  const bodies: Record<string, unknown>[] = [];
  answering(({ method, body }) => {
    if (method !== 'PUT') return undefined;
    bodies.push(JSON.parse(String(body)));
    const answer = JSON.stringify({ operation: 'CreateRestoreRequest' });
    return { status: 202, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(answer) };
  });
  const source = { ...database('shop'), ...differences };
  const tags = { 'zdd-restored-for': '2' };
  await askForRestore(scene(), { source, target: `shop-zdd-${ID}-restored`, point: POINT, tags }, 'run it again').catch(
    () => undefined,
  );
  expect(bodies).toHaveLength(1);
  const [{ properties, ...more } = {}] = bodies;
  return { ...more, ...Object(properties) };
}

test('a restored database lies where its original does: in its pool, or in its size', async () => {
  const pool = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/sql/elasticPools/small';
  const sku = { name: 'S3', tier: 'Standard', capacity: 100 };
  const pooled = await asked({ elasticPoolId: pool, sku });
  expect(pooled).toMatchObject({ elasticPoolId: pool, createMode: 'PointInTimeRestore', restorePointInTime: POINT });
  expect(pooled).not.toHaveProperty('sku');
  const alone = await asked({ sku, zoneRedundant: true });
  expect(alone).toMatchObject({ sku: { name: 'S3' }, zoneRedundant: true });
  expect(alone).not.toHaveProperty('elasticPoolId');
});

test('it has what the original keeps and asks for, the team’s tags, and ours for this restore alone', async () => {
  const serverless = { autoPauseDelay: 60, minCapacity: 0.5, backupStorageRedundancy: 'Zone' } as const;
  expect(await asked({ ...serverless, tags: { owner: 'team', 'zdd-lock': 'held' } })).toMatchObject({
    autoPauseDelay: 60,
    minCapacity: 0.5,
    requestedBackupStorageRedundancy: 'Zone',
    tags: { owner: 'team', 'zdd-deployment': ID, 'zdd-restored-to': POINT, 'zdd-restored-for': '2' },
  });
  const plain = await asked({ autoPauseDelay: null, minCapacity: 2, tags: { 'zdd-lock': 'held' } });
  for (const name of ['autoPauseDelay', 'minCapacity']) expect(plain).not.toHaveProperty(name);
  expect(plain.tags).not.toHaveProperty('zdd-lock');
});

test('what has the name already is not asked for, and is looked for in the lists from then on', async () => {
  const { scene, add, sent } = await stage();
  const target = `shop-zdd-${ID}-restored`;
  add(target);
  const there = scene();
  await askForRestore(there, { source: database('shop'), target, point: POINT }, 'run it again');
  expect(sent).toEqual([]);
  expect(there.context.known.made).toContain(target);
});
