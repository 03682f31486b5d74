import { expect, test } from '@jest/globals';
import { move } from '../../src/apply/move-database.ts';
import { Stop } from '../../src/errors.ts';
import { ID } from '../phases/observed.ts';
import { refusal, type Stage, stage } from './scene.ts';

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

test('a rename that Azure answers with trouble is sent again, after both names were looked at', async () => {
  const [there, id] = await withShop();
  const asked: string[] = [];
  there.answering(({ method, url }) => {
    asked.push(`${method} ${new URL(url).pathname.split('/').at(-1)}`);
    return method === 'POST' ? unavailable.shift() : undefined;
  });
  const unavailable = [refusal(503, 'ServiceUnavailable')];
  await toTheSide(there, id);
  expect(there.names()).toEqual(['shop-failed']);
  const both = ['GET shop', 'GET shop-failed'];
  expect(asked).toEqual([...both, 'POST move', ...both, 'POST move', ...both]);
});

test('a database that shows under neither name for a moment is not asked for again', async () => {
  const [there, id] = await withShop();
  let hiddenUntil = 0;
  there.answering(({ method }) => {
    if (method === 'POST') hiddenUntil = there.clock.now() + 20_000;
    return method === 'GET' && there.clock.now() < hiddenUntil ? refusal(404, 'ResourceNotFound') : undefined;
  });
  await toTheSide(there, id);
  expect([there.names(), there.sent.length]).toEqual([['shop-failed'], 1]);
});

test('the new name is looked for in the lists from then on', async () => {
  const [there, id] = await withShop();
  await toTheSide(there, id);
  expect(there.scene().context.known.made).toContain('shop-failed');
});

test('it is asked for every five seconds or more seldom, also while Azure is busy with it', async () => {
  const [there, id] = await withShop();
  const startedAt = there.clock.now();
  let left = 3;
  there.answering(({ method }) =>
    method === 'POST' && left-- > 0 ? refusal(409, 'ConflictingDatabaseOperation') : undefined,
  );
  await toTheSide(there, id);
  expect(there.sent).toHaveLength(4);
  expect(there.clock.now() - startedAt).toBeGreaterThanOrEqual(15_000);
});

test('any other refusal ends it with what Azure said', async () => {
  const [there, id] = await withShop();
  there.answering(({ method }) => (method === 'POST' ? refusal(400, 'NotToday') : undefined));
  await expect(toTheSide(there, id)).rejects.toMatchObject({ azure: { status: 400, code: 'NotToday' } });
  expect(there.sent).toHaveLength(1);
});

test('a run whose lease is gone renames nothing', async () => {
  const [there, databaseId] = await withShop();
  const { context, ...scene } = there.scene();
  const lease = { ...context.lease, prove: () => Promise.reject(new Error('the lease is gone')) };
  const step = { kind: 'move-database', from: 'shop', to: 'shop-failed', databaseId, because: 'of a test' } as const;
  await expect(move({ ...scene, context: { ...context, lease } }, step)).rejects.toThrow('the lease is gone');
  expect(there.sent).toEqual([]);
});

test('a run that is cancelled says so at once, and nothing of who is in it', async () => {
  const [there, id] = await withShop();
  there.stranger('shop');
  const moving = toTheSide(there, id);
  const reason = new Stop('failed', 'The job was cancelled (SIGTERM).', 'Run the same phase again.');
  await there.clock.sleep(12_000);
  const at = there.clock.now();
  there.cancelled.abort(reason);
  await expect(moving).rejects.toBe(reason);
  expect(there.clock.now()).toBe(at);
});

test('a session of ours is no stranger, and whoever looked is not left in it', async () => {
  const [there, id] = await withShop();
  const own = await there.databases.open('shop');
  await expect(toTheSide(there, id)).rejects.toMatchObject({
    next: 'End the connections to it (query windows, other apps) and run "rollback" again.',
  });
  await own.close();
  expect(Object.values(there.world.sql.sessions)).toEqual([]);
});
