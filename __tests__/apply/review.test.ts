import { expect, test } from '@jest/globals';
import { reviewOf } from '../../src/apply/review.ts';
import type { Observed } from '../../src/deployment/observed.ts';
import type { SqlRow } from '../../src/ports.ts';
import { CLONE, ID, NOW, slot } from '../phases/observed.ts';
import { PAIR, recordOf, sketch } from './sketch.ts';

/** Columns of table `orders` by database, and its rows. */
type Tables = Readonly<Record<string, { readonly columns: readonly string[]; readonly rows: number }>>;
const BEFORE = { columns: ['id', 'by'], rows: 3 };
const TABLES: Tables = { [CLONE]: BEFORE, shop: { columns: ['id', 'note'], rows: 4 } };

function statements(tables: Tables, name: string, statement: string): readonly SqlRow[] {
  const of = tables[name];
  if (of === undefined) throw new Error(`Database ${name} is not there.`);
  if (/sys\.columns/.test(statement))
    return of.columns.map((column) => ({
      ...{ object: 1, schema: 'dbo', table: 'orders', column, type: 'int', nullable: false },
    }));
  return /sys\.partitions/.test(statement) ? [{ object: 1, rows: of.rows }] : [];
}

async function reviewed(differences: Partial<Observed> = {}, tables = TABLES) {
  const there = sketch({ answers: (name, statement) => statements(tables, name, statement) });
  const candidate = slot('zdd-staging', { appSettings: { SHOP_NAME: 'Shop', NEW: '1', ZDD_BUILD: 'def' } });
  return { there, ...(await reviewOf(there.scene(differences), candidate)) };
}

test('what a reviewer decides by is put side by side: builds, pages, tables, settings and who began', async () => {
  const sql = { shop: { readOnly: false, schemaVersion: '2' }, [CLONE]: { readOnly: true, schemaVersion: '1' } };
  const record = recordOf({ gap: '12: dbo.orders +12' });
  const production = slot('production', { appSettings: { SHOP_NAME: 'Shop', OLD: '1', ZDD_BUILD: 'abc' } });
  const { there: _, pages, ...review } = await reviewed({ sql, record, production });
  expect(pages.map(({ path }) => path)).toEqual(['/']);
  expect(review).toEqual({
    builds: { live: 'abc', candidate: 'def' },
    begun: { by: 'ann', run: 'contoso/shop/7001/1' },
    leftOut: 0,
    silentHosts: [],
    databases: [
      {
        name: 'shop',
        versionBefore: '1',
        versionNow: '2',
        differences: [
          {
            table: 'dbo.orders',
            what: 'changed',
            columns: ['by dropped (int NOT NULL)', 'note added (int NOT NULL)'],
            rowsBefore: 3,
            rowsAfter: 4,
          },
        ],
      },
    ],
    settings: [
      { name: 'NEW', what: 'added' },
      { name: 'OLD', what: 'removed' },
    ],
    gap: { rows: 12, tables: ['dbo.orders +12'] },
    blobs: undefined,
  });
});

test('a live build that was never deployed by us is known by its copy, which visitors are on', async () => {
  const marker = { ZDD_INSTANCE: `${ID}/read-only/0`, ZDD_BUILD: 'of-the-copy' };
  const { builds } = await reviewed({
    record: recordOf({ windowOpenedAt: '2026-01-31T14:00:00Z' }),
    production: slot('production', { appSettings: marker }),
    readonlySlot: slot('zdd-readonly'),
  });
  expect(builds).toEqual({ live: 'of-the-copy', candidate: 'def' });
});

test('blobs are part of it, also where nobody can ask for them', async () => {
  const there = sketch({ inputs: { 'storage-account': 'shopblobs' } });
  const cloneTags = { deploymentId: ID, source: 'shop', sourceId: 'x', requestedAt: NOW, completedAt: NOW };
  const { context, ...scene } = there.scene({ databases: [{ ...PAIR, cloneTags }] });
  const arm = { cloud: { storageSuffix: 'core.windows.net' }, token: () => Promise.reject(new Error('no token')) };
  const seen = { ...scene, context: { ...context, arm } as unknown as typeof context };
  const { blobs } = await reviewOf(seen, slot('zdd-staging'));
  expect(blobs).toMatchObject({ account: 'shopblobs', since: NOW, unseen: 'no-answer' });
});

test('where nothing is recorded nobody is named', async () => {
  const { begun, gap } = await reviewed();
  expect([begun, gap]).toEqual([{ by: '', run: '' }, undefined]);
});

test('tables that cannot be asked for are left out, and keep nobody from a verdict', async () => {
  const left = { name: 'shop', versionBefore: undefined, versionNow: undefined, differences: undefined };
  for (const missing of [{ original: null }, { clone: null }] as const) {
    const { databases, there } = await reviewed({ databases: [{ ...PAIR, ...missing }] });
    expect([databases, there.entered]).toEqual([[left], []]);
  }
  const { databases, there } = await reviewed({}, { shop: BEFORE });
  expect(databases).toEqual([left]);
  expect(there.infos).toEqual([
    expect.stringMatching(/tables of shop could not be asked: Database shop-zdd-\S+ is not there/),
  ]);
});

test('a run that is cancelled meanwhile ends', async () => {
  const there = sketch({
    answers() {
      there.cancelled.abort(new Error('cancelled'));
      throw new Error('the connection is gone');
    },
  });
  await expect(reviewOf(there.scene(), slot('zdd-staging'))).rejects.toThrow('cancelled');
});
