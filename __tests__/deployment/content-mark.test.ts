import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changeSince, contentMark, markOf, type TableContents } from '../../src/deployment/content-mark.ts';

const THREE: TableContents = [
  { table: 'dbo.orders', rows: 3, sum: 17 },
  { table: 'dbo.users', rows: 0, sum: 0 },
  { table: 'dbo.log', rows: 100_000, sum: -5 },
];

test('a content is itself after it went through a tag, and another one is not', () => {
  const mark = throughTag(THREE);
  expect(mark).toEqual(markOf(THREE));
  expect(changeSince(mark, THREE)).toEqual({ by: 'sums', same: true, rowsBefore: 100_003, tables: [] });
  expect(changeSince(mark, with0({ rows: 5, sum: 3 }))).toMatchObject({
    same: false,
    tables: [{ table: 'dbo.orders', before: 3, now: 5 }],
  });
  // As many rows, others in them.
  expect(changeSince(mark, with0({ sum: 18 }))).toMatchObject({ same: false, tables: [] });
  expect(changeSince(mark, THREE.slice(1))).toMatchObject({ same: false, tables: [] });
  expect(changeSince(mark, with0({ table: 'dbo.orders2' }))).toMatchObject({ same: false });
});

test('where one table has no checksum rows are compared, also with a look that has checksums', () => {
  const mark = throughTag(with0({ sum: undefined }));
  expect(mark.by).toBe('rows');
  expect(changeSince(mark, with0({ sum: 99 }))).toMatchObject({ by: 'rows', same: true });
  expect(changeSince(mark, with0({ rows: 4 }))).toMatchObject({ same: false });
});

test('checksums that cannot be made any more are no proof', () => {
  expect(changeSince(markOf(THREE), with0({ sum: undefined }))).toMatchObject({ by: 'sums', same: false });
});

test('a thousand tables fit into a tag: the digest is of all, and rows are told of as many as have room', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ table: fc.string(), rows: fc.nat(2 ** 31 - 1), sum: fc.option(fc.integer(), { nil: undefined }) }),
        {
          maxLength: 1000,
        },
      ),
      (content) => {
        const text = contentMark.write(markOf(content));
        expect(text.length).toBeLessThanOrEqual(256);
        const read = contentMark.read(text);
        if (read === undefined) throw new Error(`not read: ${text}`);
        expect(read.each).toEqual(content.map(({ rows }) => rows).slice(0, read.each.length));
        expect(changeSince(read, content)).toMatchObject({ same: true, tables: [] });
      },
    ),
  );
});

test('as many rows are told as a tag has room for, to its last character', () => {
  const content = Array.from({ length: 200 }, (_, at) => ({ table: `dbo.${at}`, rows: 5, sum: undefined }));
  expect(contentMark.write(markOf(content))).toHaveLength(256);
});

test.each([
  '',
  'sums',
  'sums|1|1|0123456789abcdef',
  'sums|1|1|0123456789abcdeg|1',
  'all|1|1|0123456789abcdef|1',
  'sums|1|1|0123456789abcdef|1..2',
  'sums|-1|1|0123456789abcdef|',
  'sums|1|1|0123456789abcdef|1.',
])('%j is no mark', (text) => expect(contentMark.read(text)).toBeUndefined());

function throughTag(content: TableContents) {
  const read = contentMark.read(contentMark.write(markOf(content)));
  if (read === undefined) throw new Error('A mark is read as it was written.');
  return read;
}

function with0(other: Partial<TableContents[number]>): TableContents {
  return THREE.map((one, index) => (index === 0 ? { ...one, ...other } : one));
}
