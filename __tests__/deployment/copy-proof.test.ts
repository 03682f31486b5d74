import { expect, test } from '@jest/globals';
import { type CopyProof, isUnchanged } from '../../src/deployment/copy-proof.ts';

const WRITTEN = [{ table: 'dbo.orders', statements: 2, last: '' }];
const sums = (same: boolean) => ({ by: 'sums' as const, same, rowsBefore: 2, tables: [] });
const rows = (same: boolean) => ({ ...sums(same), by: 'rows' as const });

test.each<[boolean, string, Pick<CopyProof, 'readOnly' | 'written' | 'since'>]>([
  [true, 'the checksums are as before, and nothing was counted', { readOnly: false, written: [], since: sums(true) }],
  [true, 'closed, with checksums as before', { readOnly: true, written: undefined, since: sums(true) }],
  [false, 'checksums as before by chance: statements wrote', { readOnly: false, written: WRITTEN, since: sums(true) }],
  [false, 'the same, closed afterwards', { readOnly: true, written: WRITTEN, since: sums(true) }],
  [false, 'open, and nobody may see what was counted', { readOnly: false, written: undefined, since: sums(true) }],
  [false, 'other checksums', { readOnly: true, written: [], since: sums(false) }],
  [true, 'closed, with as many rows as before', { readOnly: true, written: [], since: rows(true) }],
  [false, 'closed, and nobody may see what was counted', { readOnly: true, written: undefined, since: rows(true) }],
  [true, 'closed, and nobody could ask what it held before', { readOnly: true, written: [], since: undefined }],
  [false, 'open, with as many rows as before', { readOnly: false, written: [], since: rows(true) }],
  [false, 'closed, with other numbers of rows', { readOnly: true, written: [], since: rows(false) }],
])('that nothing was lost is %s of a copy: %s', (is, _, proof) => {
  expect(isUnchanged({ database: 'shop-zdd', tables: 1, rows: 2, ...proof })).toBe(is);
});
