import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { keepLostWrites } from '../../src/apply/lost-writes.ts';
import { contentMark, markOf } from '../../src/deployment/content-mark.ts';
import type { Pair } from '../../src/deployment/observed.ts';
import type { SqlRow } from '../../src/ports.ts';
import { CLONE, ID, NOW } from '../phases/observed.ts';
import { PAIR, pairOf, sketch } from './sketch.ts';

const folder = mkdtempSync(join(tmpdir(), 'zdd-lost-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** Rows of table `orders`, by database; its checksum is always the same, as the engine's is when two rows change in the same way. */
async function lostOf(
  orders: Readonly<Record<string, readonly SqlRow[]>>,
  pairs: Pair | readonly Pair[] = PAIR,
  statements = 0,
  /** How many rows the engine counts; what is read of them are those of `orders`. */
  counted?: number,
) {
  const there = sketch({
    answers(name, statement) {
      const rows = orders[name] ?? [];
      if (/is_read_only/.test(statement)) return [{ is_read_only: false }];
      if (/sys\.columns/.test(statement))
        return Object.keys(rows[0] ?? {}).map((column) => ({
          ...{ object: 1, schema: 'dbo', table: 'orders', column, type: 'int', nullable: true },
        }));
      if (/sys\.tables/.test(statement))
        return [{ object: 1, schema: 'dbo', table: 'orders', rows: counted ?? rows.length }];
      if (/CHECKSUM_AGG/.test(statement)) return [{ sum: 7 }];
      if (/user_updates/.test(statement))
        return statements > 0 ? [{ object_id: 1, user_updates: statements, last_user_update: new Date(0) }] : [];
      return /FROM \[dbo\]\.\[orders\]/.test(statement) ? rows : [];
    },
  });
  files += 1;
  const path = join(folder, `${files}.json`);
  const databases = [pairs].flat();
  await keepLostWrites(there.scene({ databases }), { kind: 'keep-lost-writes', path, because: 'asked for' });
  return JSON.parse(readFileSync(path, 'utf8')).databases;
}

/** A copy that had as many rows at first, with the checksum that it still has. */
function marked(rows: number): Pair {
  const content = markOf([{ table: 'dbo.orders', rows, sum: 7 }]);
  const tags = { deploymentId: ID, source: 'shop', sourceId: PAIR.sourceId ?? '', requestedAt: NOW };
  return { ...PAIR, cloneTags: { ...tags, content: contentMark.read(contentMark.write(content)) } };
}

const BEFORE = [
  { id: 1, paid: 0 },
  { id: 2, paid: 0 },
];
const PAID = BEFORE.map((row) => ({ ...row, paid: 1 }));

test('rows that changed in the same way, so that the checksum of all is what it was, are kept', async () => {
  const [{ tables }] = await lostOf({ shop: BEFORE, [CLONE]: PAID }, marked(2), 2);
  expect(tables).toEqual([{ table: 'dbo.orders', rows: PAID, onlyInOriginal: 2, inOriginal: true }]);
  // The engine may have come up anew since, and count from nothing.
  const [later] = await lostOf({ shop: BEFORE, [CLONE]: PAID }, marked(2));
  expect(later.tables).toHaveLength(1);
});

test('a table of which the original has no column any more is kept whole', async () => {
  const [{ tables }] = await lostOf({ shop: [{ key: 1, state: 1 }], [CLONE]: PAID });
  expect(tables).toEqual([{ table: 'dbo.orders', rows: PAID, onlyInOriginal: 1, inOriginal: true }]);
});

test('what both have is not kept, and a copy whose original is gone only goes where nobody can have written to it', async () => {
  expect(await lostOf({ shop: PAID, [CLONE]: PAID }, marked(2), 2)).toMatchObject([{ tables: [] }]);
  const gone = { ...marked(2), original: null };
  expect(await lostOf({ [CLONE]: BEFORE }, gone)).toMatchObject([{ tables: [] }]);
  await expect(lostOf({ [CLONE]: PAID }, gone, 2)).rejects.toThrow(/^Database shop is gone, .* Nothing was deleted\. /);
});

test('of several databases each is kept, and what one of them does not let be told keeps all', async () => {
  const other = pairOf('catalog', `catalog-zdd-${ID}`);
  const orders = { shop: BEFORE, [CLONE]: PAID, catalog: PAID, [`catalog-zdd-${ID}`]: BEFORE };
  expect(await lostOf(orders, [PAIR, other])).toMatchObject([
    { database: 'shop', copy: CLONE, tables: [{ rows: PAID }] },
    { database: 'catalog', copy: `catalog-zdd-${ID}`, tables: [{ rows: BEFORE }] },
  ]);
  // The copy of one is gone already: of that nothing can be told any more.
  expect(await lostOf(orders, [{ ...PAIR, clone: null }, other])).toMatchObject([{ database: 'catalog' }]);
  await expect(lostOf(orders, [PAIR, { ...other, original: null }])).rejects.toThrow(
    /^Database catalog is gone, .* Nothing was deleted\. /,
  );
  expect(existsSync(join(folder, `${files}.json`))).toBe(false);
});

test('a table that is too large is not compared, where nobody can have written to it', async () => {
  const large = 200_001;
  const there = { shop: BEFORE, [CLONE]: PAID };
  expect(await lostOf(there, marked(large), 0, large)).toEqual([
    { database: 'shop', copy: CLONE, tables: [], notCompared: ['dbo.orders'] },
  ]);
  // Rows that came or went, statements that were counted: either says that somebody was there.
  await expect(lostOf(there, marked(2), 0, large)).rejects.toThrow(
    /^Table dbo\.orders of shop-zdd-\S+ has 200001 rows/,
  );
  await expect(lostOf(there, marked(large), 2, large)).rejects.toThrow(/Nothing was deleted\./);
  const [{ notCompared }] = await lostOf(there, marked(200_000), 0, 200_000);
  expect(notCompared).toEqual([]);
});
