import { expect, test } from '@jest/globals';
import { applyRemoval } from '../../src/apply/removal.ts';
import { CLONE, connectionTo, database, ID, slot } from '../phases/observed.ts';
import { refusal, type Stage, stage } from './scene.ts';

const OURS = { tags: { 'zdd-deployment': ID } };

async function drop(there: Stage, databaseId: string, differences: Parameters<Stage['scene']>[0] = {}) {
  const step = { kind: 'delete-database', database: CLONE, databaseId, because: 'it is over' } as const;
  return applyRemoval(there.scene({ deploymentId: ID, ...differences }), step);
}

const DELETED = [`DELETE databases/${CLONE}`];

test('a clone of this deployment is deleted, once, and is gone at the end', async () => {
  const there = await stage();
  const { databaseId } = there.add(CLONE, OURS);
  expect(await drop(there, databaseId)).toEqual({ done: [expect.objectContaining({ kind: 'delete-database' })] });
  expect(there.names()).not.toContain(CLONE);
  expect(there.sent).toEqual(DELETED);
});

test('what is gone already is no failure', async () => {
  expect(await drop(await stage(), 'an-id')).toEqual({});
});

test.each<[string, Partial<ReturnType<Stage['add']>>, string | undefined]>([
  ['has another id than was seen', OURS, 'another-id'],
  ['bears the tag of another deployment', { tags: { 'zdd-deployment': '20250101-other' } }, undefined],
  ['bears no tag', { tags: {} }, undefined],
])('a database that has the name and %s is left alone', async (_what, differences, id) => {
  const there = await stage();
  const { databaseId } = there.add(CLONE, differences);
  await expect(drop(there, id ?? databaseId)).rejects.toMatchObject({ kind: 'drifted' });
  expect(there.names()).toContain(CLONE);
  expect(there.sent).toEqual([]);
});

test('a claim of this very run that another attempt has overtaken is ours as well, by its id', async () => {
  const there = await stage();
  const { databaseId } = there.add(CLONE, { tags: {} });
  await drop(there, databaseId, { strays: [database('x', { databaseId })] });
  expect(there.names()).not.toContain(CLONE);
});

test('a clone that production names, in whatever case, is not deleted', async () => {
  const there = await stage();
  const { databaseId } = there.add(CLONE, OURS);
  const production = slot('production', { connectionStrings: connectionTo(CLONE.toUpperCase()) });
  await expect(drop(there, databaseId, { production })).rejects.toMatchObject({ kind: 'refused' });
  expect(there.sent).toEqual([]);
});

test('a clone in which somebody is at work is not deleted, and who it is is said', async () => {
  const there = await stage();
  const { databaseId } = there.add(CLONE, OURS);
  there.stranger(CLONE);
  await expect(drop(there, databaseId)).rejects.toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining('1 sessions, first Query on LAPTOP'),
  });
  expect(there.sent).toEqual([]);
});

test('our own sessions are no obstacle: they are closed, and the lease in the clone is given back', async () => {
  const there = await stage();
  const { databaseId } = there.add(CLONE, OURS);
  await there.lease.take(ID, CLONE);
  await drop(there, databaseId);
  expect(there.lease.heldIn()).toBeUndefined();
  expect(there.names()).not.toContain(CLONE);
});

test('a lease that is held elsewhere is kept', async () => {
  const there = await stage();
  const { databaseId } = there.add(CLONE, OURS);
  await there.lease.take(ID, 'shop');
  await drop(there, databaseId);
  expect(there.lease.heldIn()).toBe('shop');
});

test('while Azure is busy with it, it is asked again; any other refusal is said', async () => {
  const there = await stage();
  const { databaseId } = there.add(CLONE, OURS);
  let times = 0;
  there.answering(({ method }) =>
    method === 'DELETE' && ++times <= 2 ? refusal(409, 'ConflictingDatabaseOperation') : undefined,
  );
  await drop(there, databaseId);
  expect(there.sent).toHaveLength(3);
  there.add(CLONE, { ...OURS, databaseId: 'the-next' } as Partial<ReturnType<Stage['add']>>);
  there.answering(({ method }) => (method === 'DELETE' ? refusal(400, 'NotToday') : undefined));
  await expect(drop(there, 'the-next')).rejects.toThrow('NotToday');
});

test('what a lock keeps is told and keeps nothing else', async () => {
  const there = await stage();
  const { databaseId } = there.add(CLONE, OURS);
  there.answering(({ method }) => (method === 'DELETE' ? refusal(409, 'ScopeLocked') : undefined));
  expect(await drop(there, databaseId)).toEqual({ locked: { [CLONE]: 'Azure said ScopeLocked.' } });
});

test('only tags of ours are taken from an original', async () => {
  const there = await stage();
  const shop = there.add('orders', { tags: { team: 'shop', 'zdd-deployment': ID, 'zdd-lock': 'held' } });
  await applyRemoval(there.scene(), { kind: 'remove-mirror', database: 'orders', because: 'it is over' });
  expect(shop.tags).toEqual({ team: 'shop' });
  const before = there.sent.length;
  await applyRemoval(there.scene(), { kind: 'remove-mirror', database: 'orders', because: 'it is over' });
  expect(there.sent).toHaveLength(before);
});
