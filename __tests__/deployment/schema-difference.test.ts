import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { schemaDifferences } from '../../src/deployment/schema-difference.ts';

const BEFORE = {
  'dbo.Orders': { rows: 10, columns: { Id: 'int NOT NULL', Note: 'nvarchar(50) NULL', Old: 'int NULL' } },
  'dbo.Carts': { rows: 3, columns: { Id: 'int NOT NULL' } },
  'dbo.Pages': { rows: 7, columns: { Id: 'int NOT NULL' } },
  'dbo.Log': { rows: 100, columns: { Id: 'int NOT NULL' } },
  'dbo.Same': { rows: 1, columns: { Id: 'int NOT NULL' } },
};
const AFTER = {
  'dbo.Orders': { rows: 10, columns: { Id: 'int NOT NULL', Note: 'nvarchar(20) NULL', New: 'bit NOT NULL' } },
  'dbo.Pages': { rows: 7, columns: { Id: 'bigint NOT NULL' } },
  'dbo.Log': { rows: 40, columns: { Id: 'int NOT NULL' } },
  'dbo.Same': { rows: 1, columns: { Id: 'int NOT NULL' } },
  'dbo.Tags': { rows: 0, columns: { Id: 'int NOT NULL' } },
};

test('what loses data comes first, and of a table that stayed as it was nothing is said', () => {
  expect(
    schemaDifferences(BEFORE, AFTER).map(({ table, what, columns, rowsBefore, rowsAfter }) => [
      table,
      what,
      columns,
      rowsBefore,
      rowsAfter,
    ]),
  ).toEqual([
    ['dbo.Carts', 'dropped', [], 3, undefined],
    [
      'dbo.Orders',
      'changed',
      ['Old dropped (int NULL)', 'Note changed (nvarchar(50) NULL to nvarchar(20) NULL)', 'New added (bit NOT NULL)'],
      10,
      10,
    ],
    ['dbo.Log', 'rows', [], 100, 40],
    ['dbo.Pages', 'changed', ['Id changed (int NOT NULL to bigint NOT NULL)'], 7, 7],
    ['dbo.Tags', 'added', [], undefined, 0],
  ]);
});

test('a column with the name of something that every object has is a column', () => {
  const shape = (columns: Record<string, string>) => ({ 'dbo.T': { rows: 0, columns } });
  expect(schemaDifferences(shape({}), shape({ constructor: 'int NULL' }))[0]?.columns).toEqual([
    'constructor added (int NULL)',
  ]);
});

const shape = fc.record({
  rows: fc.nat(3),
  columns: fc.dictionary(fc.constantFrom('A', 'B', 'C'), fc.constantFrom('int NULL', 'bit NULL')),
});
const schema = fc.dictionary(fc.constantFrom('dbo.One', 'dbo.Two', 'dbo.Three', 'dbo.Four'), shape);

test('every table that is another one is named once, and none that loses anything stands below one that does not', () => {
  fc.assert(
    fc.property(schema, schema, (before, after) => {
      const found = schemaDifferences(before, after);
      const text = (of: typeof before, table: string) =>
        JSON.stringify(of[table] && [of[table].rows, Object.entries(of[table].columns).sort()]);
      const tables = [...new Set([...Object.keys(before), ...Object.keys(after)])];
      expect(found.map(({ table }) => table).sort()).toEqual(
        tables.filter((table) => text(before, table) !== text(after, table)).sort(),
      );
      const loses = (table: string) => {
        const [then, now] = [before[table], after[table]];
        if (then === undefined) return false;
        return (
          now === undefined || now.rows < then.rows || Object.keys(then.columns).some((name) => !(name in now.columns))
        );
      };
      const order = found.map(({ table }) => loses(table));
      expect(order).toEqual([...order].sort((one, other) => Number(other) - Number(one)));
    }),
  );
});

test('what was added stands above what only has more rows', () => {
  const table = (rows: number) => ({ rows, columns: {} });
  const found = schemaDifferences({ 'dbo.A': table(1) }, { 'dbo.A': table(2), 'dbo.B': table(0) });
  expect(found.map(({ what }) => what)).toEqual(['added', 'rows']);
});
