import { expect, test } from '@jest/globals';
import { rowsOf, schemaOf, setSchema, writeRow } from '../../../../simulator/model/sql/rows.ts';
import type { World } from '../../../../simulator/model/world.ts';
import { type ArmAnswer, arm, SERVER, START, shop } from './shop.ts';

function restore(world: World, now: number, point: number | undefined): ArmAnswer {
  const restorePointInTime = point === undefined ? {} : { restorePointInTime: new Date(point).toISOString() };
  return arm(world, now, 'PUT', '/databases/restored', {
    location: 'westeurope',
    properties: {
      createMode: 'PointInTimeRestore',
      sourceDatabaseId: `${SERVER}/databases/shop`,
      ...restorePointInTime,
    },
  });
}

test('a restore has the content of its point, without tags, and says when it is done', () => {
  const { world, database } = shop({ tags: { a: '1' } });
  setSchema(world, database.contentId, '1', START);
  writeRow(world, database.contentId, { id: 'before', at: START + 1000, by: 'app' });
  writeRow(world, database.contentId, { id: 'after', at: START + 2001, by: 'app' });
  setSchema(world, database.contentId, '2', START + 2002);
  const put = restore(world, START + 400_000, START + 2000);
  expect([put.status, put.body.operation]).toEqual([202, 'CreateRestoreRequest']);
  expect(arm(world, START + 400_001, 'GET', '/databases/restored').body.properties.status).toBe('Restoring');
  const end = Math.max(...Object.values(world.sql.operations).map((one) => one.endsAt));
  const restored = arm(world, end, 'GET', '/databases/restored').body;
  expect([restored.properties.status, restored.tags]).toEqual(['Online', undefined]);
  const content = world.sql.servers.srv?.databases.restored?.contentId ?? '';
  expect([rowsOf(world, content).map((row) => row.id), schemaOf(world, content)]).toEqual([['before'], '1']);
});

test('a point whose log is not backed up yet makes the service wait', () => {
  const { world } = shop();
  const ends = (point: number) => {
    const again = structuredClone(world);
    restore(again, START, point);
    return Math.max(...Object.values(again.sql.operations).map((one) => one.endsAt)) - START;
  };
  expect(ends(START - 1000)).toBeGreaterThan(200_000);
  expect(ends(START - 1000)).toBeLessThanOrEqual(200_000 * 2.5);
  expect(ends(START - 600_000)).toBe(200_000);
});

test('no point, a point in the future and one before the first backup', () => {
  const { world } = shop();
  expect(restore(world, START, undefined).body.error.message).toBe(
    "The point in time was not specified for restoring live database 'shop'.",
  );
  expect(restore(world, START, START + 1000).status).toBe(400);
  const put = restore(world, START, START - 8 * 86_400_000);
  expect(put.status).toBe(202);
  expect(arm(world, START + 1_000_000, 'GET', put.headers['azure-asyncoperation'] ?? '').body.status).toBe('Failed');
  expect(arm(world, START + 1_000_000, 'GET', '/databases/restored').status).toBe(404);
});

test('READ_ONLY is carried along only in the variant', () => {
  const status = (isCarried: boolean) => {
    const { world } = shop({ isReadOnly: true });
    if (isCarried) world.variants['read-only-carried-by-restore'] = true;
    restore(world, START, START - 600_000);
    return world.sql.servers.srv?.databases.restored?.isReadOnly;
  };
  expect([status(false), status(true)]).toEqual([false, true]);
});
