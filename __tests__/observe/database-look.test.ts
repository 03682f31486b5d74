import { expect, test } from '@jest/globals';
import type { Database } from '../../src/azure/database-shapes.ts';
import { recordTags } from '../../src/deployment/record-tags.ts';
import { absoluteOf, keyedLook, lookAtDatabases, serverNameIn } from '../../src/observe/database-look.ts';
import { stage } from '../apply/scene.ts';
import { recordOf } from '../apply/sketch.ts';
import { CLONE, database, ID } from '../phases/observed.ts';

/** Looks at what a server lists; what is read by itself has a tag more, and is counted. */
async function looks() {
  const { context } = (await stage()).scene();
  const asked: string[] = [];
  const gone = new Set<string>();
  return {
    asked,
    gone,
    look: (all: readonly Database[], originals: readonly string[] = ['shop'], mayKeep = true) =>
      lookAtDatabases(context, { id: 'server' }, originals, all, mayKeep, async (_server, name) => {
        asked.push(name);
        const listed = all.find((each) => each.name === name);
        return gone.has(name) || !listed ? null : { ...listed, tags: { ...listed.tags, was: 'read' } };
      }),
  };
}

const names = (databases: readonly Database[]) => databases.map(({ name }) => name);

test('ours and the originals are read one by one, others are as they are listed', async () => {
  const { asked, look } = await looks();
  const all = [database(CLONE), database('Shop'), database('other')];
  const seen = await look(all);
  expect(asked.toSorted()).toEqual(['Shop', CLONE].toSorted());
  expect([names(seen.all), names(seen.named), names(seen.candidates)]).toEqual([names(all), [CLONE], ['Shop']]);
  expect([seen.named[0]?.tags, seen.all[0]?.tags]).toEqual([{ was: 'read' }, {}]);
});

test('one that shows a lock is read as well, whatever its name', async () => {
  const { look } = await looks();
  const moved = database('shop-moved', { tags: { 'zdd-lock': 'held' } });
  expect(names((await look([moved, database('other')], [])).candidates)).toEqual(['shop-moved']);
});

test('originals that only the record names are read, those of other servers are not', async () => {
  const { look } = await looks();
  const record = recordTags(recordOf({ databases: ['Stock', 'shop', 'far/other'] }));
  const all = [database(CLONE, { tags: record }), database('STOCK'), database('other'), database('Shop')];
  expect(names((await look(all, ['shop'])).candidates)).toEqual(['Shop', 'STOCK']);
});

test('what was deleted meanwhile is not there', async () => {
  const { look, gone } = await looks();
  gone.add(CLONE);
  expect((await look([database(CLONE)])).named).toEqual([]);
});

test('what was read in this turn is kept while the list says the same, with everything else as it is listed', async () => {
  const { asked, look } = await looks();
  const other = `stock-zdd-${ID}`;
  await look([database(other)]);
  const seen = await look([database(other, { status: 'Paused' })]);
  expect(asked).toEqual([other]);
  expect(seen.named[0]).toMatchObject({ status: 'Paused', tags: { was: 'read' } });
  await look([database(other, { tags: { now: 'another' } })]);
  expect(asked).toHaveLength(2);
  await look([database(other, { tags: { now: 'another' } })], ['shop'], false);
  expect(asked).toHaveLength(3);
  await look([database(other, { databaseId: 'another', tags: { now: 'another' } })]);
  expect(asked).toHaveLength(4);
});

test('nothing is kept of the first original, which may come to have the mirror, nor of what has a record', async () => {
  const { asked, look } = await looks();
  const locked = database(CLONE, { tags: { 'zdd-lock': 'held' } });
  const all = [locked, database('SHOP'), database('stock')];
  await look(all, ['stock', 'shop']);
  await look(all, ['stock', 'shop']);
  expect(asked.toSorted()).toEqual(['SHOP', 'SHOP', CLONE, CLONE, 'stock'].toSorted());
});

test('databases are called by their keys, as seen from the first server', () => {
  const far = database('stock', { id: '/subscriptions/s/servers/Far/databases/stock' });
  const near = database('shop');
  const keyed = keyedLook({ all: [near, far], named: [far], candidates: [near] }, 'SHOP-SQL');
  expect([names(keyed.all), names(keyed.named), names(keyed.candidates)]).toEqual([
    ['shop', 'far/stock'],
    ['far/stock'],
    ['shop'],
  ]);
  expect(absoluteOf({ ...far, name: 'far/STOCK' })).toBe('far/stock');
  expect(serverNameIn('/nothing')).toBe('');
});
