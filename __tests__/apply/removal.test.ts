import { expect, test } from '@jest/globals';
import { applyRemoval } from '../../src/apply/removal.ts';
import { CLONE, connectionTo, database, ID, slot } from '../phases/observed.ts';
import { answer, refusal, type Stage, stage } from './scene.ts';
import { recordOf } from './sketch.ts';

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

test('firewall rules are deleted, each on its server, and what a lock keeps is told', async () => {
  const there = await stage();
  const [server] = Object.values(there.world.sql.servers);
  const rule = (name: string) => ({ name, startIpAddress: '1.2.3.4', endIpAddress: '1.2.3.4', effectiveAt: 0 });
  for (const name of ['zdd-a', 'zdd-b', 'office']) if (server) server.firewallRules[name] = rule(name);
  const step = { kind: 'delete-firewall-rules', rules: ['zdd-a', 'zdd-b', 'zdd-gone'], because: 'it is over' } as const;
  expect(await applyRemoval(there.scene(), step)).toEqual({ locked: {} });
  expect(Object.keys(server?.firewallRules ?? {})).not.toEqual(expect.arrayContaining(['zdd-a']));
  expect(Object.keys(server?.firewallRules ?? {})).toEqual(expect.arrayContaining(['office', 'runner']));
  there.answering(({ url }) => (/zdd-b/.test(url) ? refusal(409, 'ScopeLocked') : undefined));
  expect(await applyRemoval(there.scene(), step)).toEqual({ locked: { 'zdd-b': 'Azure said ScopeLocked.' } });
});

test('what a copy held is told where visitors were to read from it, and of nothing else', async () => {
  const there = await stage();
  const record = recordOf();
  const { databaseId } = there.add(CLONE, OURS);
  const told = await drop(there, databaseId, { record });
  expect(told.proofs).toEqual([expect.objectContaining({ database: CLONE, readOnly: false })]);
  expect(there.infos.join()).toContain(`${CLONE} right before it is deleted: {"database":"${CLONE}"`);
  for (const [name, of] of [
    [`${CLONE}-restored`, record],
    [CLONE, recordOf({ cloned: undefined })],
  ] as const) {
    const other = await stage();
    const database = other.add(name, OURS);
    const step = { kind: 'delete-database', database: name, databaseId: database.databaseId, because: 'x' } as const;
    expect(await applyRemoval(other.scene({ record: of }), step)).not.toHaveProperty('proofs');
    expect(other.infos.join()).not.toContain('right before it is deleted');
  }
});

test('nobody looks into a database that is not online before it is deleted', async () => {
  const there = await stage();
  const { databaseId } = there.add(CLONE, { ...OURS, status: 'Suspect' });
  await drop(there, databaseId, { record: recordOf() });
  expect(there.names()).not.toContain(CLONE);
  expect(there.infos.filter((each) => each.includes(CLONE))).toEqual([]);
});

test('tags are taken away once, also when Azure is busy or shows them for a while; any other refusal is said', async () => {
  const there = await stage();
  const { id } = there.scene().observed.servers[0];
  const orders = there.add('orders', { tags: { team: 'shop', 'zdd-lock': 'held' } });
  let [busy, shown] = [2, 3];
  there.answering(({ method, url }) => {
    if (method === 'PATCH' && busy-- > 0) return refusal(409, 'ConflictingServerOperation');
    if (method !== 'GET' || !url.includes(`${id}/databases/orders?`) || there.sent.length < 3 || shown-- <= 0)
      return undefined;
    const properties = { databaseId: orders.databaseId, status: 'Online' };
    return answer(200, {
      id: `${id}/databases/orders`,
      name: 'orders',
      location: 'x',
      sku: { name: 'S3' },
      tags: { 'zdd-lock': 'held' },
      properties,
    });
  });
  const step = { kind: 'remove-our-tags', database: 'orders', because: 'it is over' } as const;
  expect(await applyRemoval(there.scene(), step)).toEqual({});
  expect([there.sent, orders.tags]).toEqual([Array(3).fill('PATCH tags/default'), { team: 'shop' }]);
  const refused = await stage();
  refused.add('orders', { tags: { 'zdd-lock': 'held' } });
  refused.answering(({ method }) => (method === 'PATCH' ? refusal(400, 'NotToday') : undefined));
  await expect(applyRemoval(refused.scene(), step)).rejects.toThrow('NotToday');
  expect(await applyRemoval((await stage()).scene(), { ...step, database: 'gone' })).toEqual({});
});

test('a database that Azure said it deletes and goes on to show is asked for once, and waited for, and said', async () => {
  const there = await stage();
  const { databaseId } = there.add(CLONE, OURS);
  there.answering(({ method }) => (method === 'DELETE' ? answer(200, {}) : undefined));
  const startedAt = there.clock.now();
  await expect(drop(there, databaseId)).rejects.toThrow(/still listed/);
  expect(there.sent).toEqual(DELETED);
  expect(there.clock.now() - startedAt).toBeGreaterThanOrEqual(600_000);
});

test('a run that is cancelled does not wait for what Azure goes on to show', async () => {
  const there = await stage();
  const { databaseId } = there.add(CLONE, OURS);
  there.add('orders', { tags: { 'zdd-lock': 'held' } });
  there.answering(({ method }) => (method === 'DELETE' || method === 'PATCH' ? answer(200, {}) : undefined));
  const waiting = [
    drop(there, databaseId),
    applyRemoval(there.scene(), { kind: 'remove-our-tags', database: 'orders', because: 'it is over' }),
  ].map((each) => expect(each).rejects.toThrow('cancelled'));
  await there.clock.sleep(3500);
  there.cancelled.abort(new Error('cancelled'));
  const at = there.clock.now();
  await Promise.all(waiting);
  // Not only before the next look.
  expect(there.clock.now()).toBe(at);
});
