import { expect, test } from '@jest/globals';
import { move } from '../../src/apply/move-database.ts';
import { ID } from '../phases/observed.ts';
import { type Stage, stage } from './scene.ts';

function toTheSide(there: Stage, databaseId: string) {
  const because = 'the restored one takes its place';
  return move(there.scene(), { kind: 'move-database', from: 'shop', to: 'shop-failed', databaseId, because });
}

async function withShop(): Promise<[Stage, string]> {
  const there = await stage();
  const { databaseId } = there.add('shop');
  return [there, databaseId];
}

test('it is renamed once, known by its id, with our own sessions closed and the lease given back', async () => {
  const [there, id] = await withShop();
  await there.lease.take(ID, 'shop');
  await there.databases.use('shop', (connection) => connection.query('SELECT 1'));
  await toTheSide(there, id);
  expect(there.names()).toEqual(['shop-failed']);
  expect(there.sent).toEqual(['POST shop/move']);
  expect(there.lease.heldIn()).toBeUndefined();
  // Once more it is seen to be done.
  await toTheSide(there, id);
  expect(there.sent).toHaveLength(1);
});

test('another database under either name stops it', async () => {
  const [there, id] = await withShop();
  await expect(toTheSide(there, 'another-id')).rejects.toMatchObject({
    kind: 'drifted',
    happened: expect.stringContaining('shop is not the one expected'),
  });
  there.add('shop-failed');
  await expect(toTheSide(there, id)).rejects.toMatchObject({
    kind: 'drifted',
    happened: expect.stringContaining('shop-failed is taken by another database'),
  });
  expect(there.sent).toEqual([]);
});

test('while somebody is in it the rename is tried again, and who stays for five minutes is named', async () => {
  const [there, id] = await withShop();
  const visitor = there.stranger('shop');
  const moving = toTheSide(there, id);
  await there.clock.sleep(60_000);
  expect(there.names()).toEqual(['shop']);
  there.leave(visitor);
  await moving;
  expect(there.names()).toEqual(['shop-failed']);

  const [again, other] = await withShop();
  again.stranger('shop');
  await expect(toTheSide(again, other)).rejects.toMatchObject({
    next: 'End these connections and run "rollback" again: Query on LAPTOP as zddadmin.',
  });
  expect(again.names()).toEqual(['shop']);
});
