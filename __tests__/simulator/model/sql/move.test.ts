import { expect, test } from '@jest/globals';
import { logout } from '../../../../simulator/model/sql/sessions.ts';
import { arm, open, SERVER, START, shop, tryOpen } from './shop.ts';

const to = (name: string) => ({ id: `${SERVER}/databases/${name}` });

test('a rename keeps databaseId, tags and content, and logins work a little later', () => {
  const { world, database } = shop({ tags: { a: '1' } });
  const id = database.databaseId;
  const move = arm(world, START, 'POST', '/databases/shop/move', to('aside'));
  expect([move.status, move.body]).toEqual([200, undefined]);
  expect(arm(world, START, 'GET', '/databases/shop').status).toBe(404);
  expect(arm(world, START, 'GET', '/databases/aside').body).toMatchObject({
    tags: { a: '1' },
    properties: { databaseId: id },
  });
  expect(tryOpen(world, START, { database: 'shop' })).toMatchObject({ number: 18456 });
  expect(tryOpen(world, START, { database: 'aside' })).toMatchObject({ number: 40613 });
  open(world, START + 12_000, { database: 'aside' });
});

test('open connections, names in use and other places are refused', () => {
  const { world } = shop();
  const session = open(world, START);
  expect(arm(world, START, 'POST', '/databases/shop/move', to('aside'))).toMatchObject({
    status: 409,
    body: { error: { code: '5030' } },
  });
  logout(world, session, START);
  expect(arm(world, START, 'POST', '/databases/shop/move', to('shop')).body.error.code).toBe('DatabaseNameInUse');
  expect(
    arm(world, START, 'POST', '/databases/shop/move', { id: to('x').id.replace('/srv/', '/other/') }).body.error.code,
  ).toBe('MismatchingServerNameWithUrl');
  expect(arm(world, START, 'POST', '/databases/shop/move', to('aside')).status).toBe(200);
});

test('variant: the rename waits for the last connection', () => {
  const { world } = shop();
  world.variants['rename-waits-for-connections'] = true;
  const session = open(world, START);
  expect(arm(world, START, 'POST', '/databases/shop/move', to('aside')).status).toBe(504);
  expect(arm(world, START, 'GET', '/databases/shop').status).toBe(200);
  logout(world, session, START + 1000);
  expect(arm(world, START + 1000, 'GET', '/databases/aside').status).toBe(200);
});

test('a replicated database is not renamed', () => {
  const { world } = shop({
    replicationLinks: [{ name: 'l', partnerServer: 'other', partnerDatabase: 'shop', partnerLocation: 'northeurope' }],
  });
  expect(arm(world, START, 'POST', '/databases/shop/move', to('aside')).body.error.code).toBe(
    'InvalidOperationForDatabaseInReplicationRelationship',
  );
  expect(arm(world, START, 'GET', '/databases/shop/replicationLinks').body.value).toHaveLength(1);
});
