import { expect, test } from '@jest/globals';
import { type Content, differencesFrom, rowsSince } from '../../../simulator/demo/content.ts';

const ADA = { Id: 'a', Customer: 'Ada' };
const POINT: Content = { tables: { Orders: [ADA, { Id: 'b', Customer: 'Bo' }] } };
const FAILED: Content = {
  tables: {
    Orders: [
      { Id: 'a', CustomerName: 'Ada' },
      { Id: 'b', CustomerName: 'Bo' },
      { Id: 'x', CustomerName: 'New' },
    ],
    Shipments: [{ OrderId: 'x' }],
  },
};

test('an exact restore must show no difference, and rows written since must not count', () => {
  const restored = { tables: { Orders: [{ Id: 'b', Customer: 'Bo' }, ADA, { Id: 'later', Customer: 'Cy' }] } };
  expect(differencesFrom(POINT, restored, FAILED)).toEqual([]);
});

test('a row that is missing, changed, or of the failed build must be seen', () => {
  const restored = {
    tables: {
      Orders: [
        { Id: 'a', Customer: 'Eve' },
        { Id: 'x', Customer: 'New' },
      ],
    },
  };
  expect(differencesFrom(POINT, restored, FAILED)).toEqual([
    { table: 'Orders', key: 'a', why: 'changed' },
    { table: 'Orders', key: 'b', why: 'missing' },
    { table: 'Orders', key: 'x', why: 'of the failed build' },
  ]);
});

test('a changed schema must be seen', () => {
  expect(differencesFrom(POINT, FAILED, FAILED).map(({ table, key, why }) => `${table} ${key} ${why}`)).toEqual([
    'Shipments  table appeared',
    'Orders a changed',
    'Orders b changed',
    'Orders x of the failed build',
  ]);
  expect(differencesFrom(POINT, { tables: {} }, FAILED)).toEqual([{ table: 'Orders', key: '', why: 'table is gone' }]);
});

test('what the failed build wrote must be counted', () => {
  expect(rowsSince(POINT, FAILED)).toBe(2);
});
