import { expect, test } from '@jest/globals';
import { contentAtFirst, copyProof, gapSinceSnapshot } from '../../src/apply/copy-content.ts';
import { markOf } from '../../src/deployment/content-mark.ts';
import { CLONE } from '../phases/observed.ts';
import { PAIR, pairOf, recordOf, sketch } from './sketch.ts';

type Rows = Readonly<Record<string, Readonly<Record<string, number>>>>;

const STOCK = CLONE.replace('shop', 'stock');

/** Databases with so many rows in each of their tables; statements that wrote to the first of them. */
function holding(rows: Rows, written = 0, pages = 1) {
  const summed: string[] = [];
  const there = sketch({
    answers(name, statement) {
      const tables = Object.entries(rows[name] ?? {});
      if (/is_read_only/.test(statement)) return [{ is_read_only: name === CLONE }];
      if (/sys\.tables/.test(statement))
        return tables.map(([table, count], object) => ({ object, schema: 'dbo', table, rows: count }));
      if (/SUM\(a\.used_pages\)/.test(statement)) return [{ pages }];
      if (/CHECKSUM_AGG/.test(statement)) {
        summed.push(name);
        return [{ sum: 7 }];
      }
      return written > 0 ? [{ object_id: 0, user_updates: written, last_user_update: new Date(0) }] : [];
    },
  });
  return { ...there, summed };
}

const gapOf = (rows: Rows, databases = [PAIR], mode: 'read-only' | 'read-write' = 'read-only') =>
  gapSinceSnapshot(holding(rows).scene({ databases, record: recordOf({ mode }) }));

test('what was written since the snapshot is told by table: more, fewer, new and gone', async () => {
  const rows = {
    shop: { orders: 12, carts: 3, added: 2, same: 4 },
    [CLONE]: { orders: 5, carts: 8, same: 4, lost: 1 },
  };
  expect(await gapOf(rows)).toBe('15: dbo.orders +7; dbo.carts -5; dbo.added +2; dbo.lost -1');
  expect(await gapOf({ shop: { same: 1 }, [CLONE]: { same: 1 } })).toBe('0:');
});

test('of several databases each table is told with its own', async () => {
  const rows = { shop: { orders: 2 }, [CLONE]: { orders: 1 }, stock: { items: 9 }, [STOCK]: { items: 4 } };
  expect(await gapOf(rows, [PAIR, pairOf('stock', STOCK)])).toBe('6: stock dbo.items +5; shop dbo.orders +1');
});

test('where one of the two is not there, or visitors write to the copy, nothing is told of it', async () => {
  const rows = { shop: { orders: 2 }, [CLONE]: { orders: 1 } };
  expect(await gapOf(rows, [{ ...PAIR, clone: null }])).toBe('0:');
  expect(await gapOf(rows, [{ ...PAIR, original: null }])).toBe('0:');
  expect(await gapOf(rows, [PAIR], 'read-write')).toBeUndefined();
});

test('what cannot be asked hangs on nothing', async () => {
  const there = sketch({
    answers() {
      throw new Error('no way in');
    },
  });
  const scene = there.scene({ record: recordOf() });
  expect(await gapSinceSnapshot(scene)).toBeUndefined();
  expect(await copyProof(scene, CLONE)).toBeUndefined();
  expect(there.infos).toEqual([
    expect.stringContaining('since the snapshot could not be asked: no way in'),
    expect.stringContaining(`Whether anybody wrote to ${CLONE} could not be asked`),
  ]);
});

test('what a copy holds right before it is deleted, and who wrote to it', async () => {
  const there = holding({ [CLONE]: { orders: 12, carts: 3 } }, 2);
  expect(await copyProof(there.scene(), CLONE)).toEqual({
    database: CLONE,
    readOnly: true,
    tables: 2,
    rows: 15,
    written: [{ table: 'dbo.orders', statements: 2, last: '1970-01-01T00:00:00.000Z' }],
    since: undefined,
  });
});

const TABLES = [
  { table: 'dbo.orders', rows: 12, sum: 7 },
  { table: 'dbo.carts', rows: 3, sum: 7 },
];

/** A copy that was marked so when it was complete, beside another one with a mark of its own. */
function marked(content: Parameters<typeof markOf>[0]) {
  const tags = { deploymentId: '20260131-k7m2x', source: 'shop', sourceId: 'a', requestedAt: '' };
  const other = { ...pairOf('stock', STOCK), cloneTags: { ...tags, content: markOf([]) } };
  return { databases: [other, { ...PAIR, cloneTags: { ...tags, content: markOf(content) } }] };
}

test('a copy is held against its own mark, in the measure in which that was taken, however large it is by now', async () => {
  const there = holding({ [CLONE]: { orders: 12, carts: 3 } }, 0, 1_000_000);
  const bySums = await copyProof(there.scene(marked(TABLES)), CLONE);
  expect(bySums?.since).toEqual({ by: 'sums', same: true, rowsBefore: 15, tables: [] });
  expect(there.summed).toEqual([CLONE, CLONE]);
  const small = holding({ [CLONE]: { orders: 12, carts: 5 } });
  const byRows = await copyProof(small.scene(marked(TABLES.map((each) => ({ ...each, sum: undefined })))), CLONE);
  const tables = [{ table: 'dbo.carts', before: 3, now: 5 }];
  expect(byRows?.since).toEqual({ by: 'rows', same: false, rowsBefore: 15, tables });
  // Reading every row of it would say nothing that the mark can be held against.
  expect(small.summed).toEqual([]);
});

test('who wrote to a table that is not there any more is told by its number', async () => {
  const there = holding({ [CLONE]: {} }, 2);
  expect((await copyProof(there.scene(), CLONE))?.written).toMatchObject([{ table: 'object 0', statements: 2 }]);
});

test('a run that is cancelled while it asks does not go on as if nobody could tell', async () => {
  for (const ask of [gapSinceSnapshot, contentAtFirst, copyProof]) {
    const there = sketch({
      answers() {
        there.cancelled.abort(new Error('cancelled'));
        throw new Error('no way in');
      },
    });
    await expect(ask(there.scene({ record: recordOf() }), CLONE)).rejects.toThrow('cancelled');
    expect(there.infos).toEqual([]);
  }
});
