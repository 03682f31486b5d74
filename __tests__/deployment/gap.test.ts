import { expect, test } from '@jest/globals';
import { gapText, readGap } from '../../src/deployment/gap.ts';
import { parseRecord, recordTags } from '../../src/deployment/record-tags.ts';
import { afterDeploy } from '../summary/observed.ts';

const RECORD = afterDeploy().record ?? {};

test('what is written is read, the largest difference first, and the total counts what was taken away', () => {
  const text = gapText([
    { table: 'dbo.carts', more: -3 },
    { table: 'dbo.orders', more: 12 },
  ]);
  expect(readGap(text)).toEqual({ rows: 15, tables: ['dbo.orders +12', 'dbo.carts -3'] });
});

test('many tables fit into a tag, and those that do not are counted', () => {
  const many = Array.from({ length: 90 }, (_, at) => ({ table: `dbo.a table with a name ${at}`, more: 1 }));
  const text = gapText(many);
  expect(text.length).toBeLessThan(256);
  const { rows, tables = [] } = readGap(text) ?? {};
  expect(rows).toBe(90);
  expect(tables.at(-1)).toBe(`and ${90 - tables.length + 1} more tables`);
});

test('what a tag gives back is what was written, so that record and mirror agree', () => {
  for (const differences of [[], [{ table: 'dbo.a  b', more: 1 }]]) {
    const rollbackPoint = '2026-01-31T14:05:00.0000000Z';
    const tags = recordTags({ ...RECORD, rollbackPoint, gap: gapText(differences) });
    const parsed = parseRecord(tags);
    const read = parsed && 'read' in parsed ? parsed.read : undefined;
    expect(read && recordTags(read)['zdd-rollback-point']).toBe(tags['zdd-rollback-point']);
  }
});

test('nothing written is told as nothing, and any other text as unknown', () => {
  expect(readGap(gapText([]))).toEqual({ rows: 0, tables: [] });
  for (const text of [undefined, '', 'dbo.orders +1', '-1: x']) expect(readGap(text)).toBeUndefined();
});

test('one table whose line fills its room to the last character is named', () => {
  expect(readGap(gapText([{ table: 'a'.repeat(147), more: 1 }]))?.tables).toEqual([`${'a'.repeat(147)} +1`]);
  expect(readGap(gapText([{ table: 'a'.repeat(148), more: 1 }]))?.tables).toEqual(['and 1 more tables']);
});
