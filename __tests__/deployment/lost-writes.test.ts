import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { onlyIn, textOf } from '../../src/deployment/lost-writes.ts';

const value = fc.constantFrom<unknown[]>(1, 2, '1', null, 5n, new Uint8Array([1, 2]), new Uint8Array([1]));
const rows = fc.array(fc.record({ a: value, b: value }), { maxLength: 6 });

test('rows count as often as they are there: what both have is no loss, all else is on one side or the other', () => {
  fc.assert(
    fc.property(rows, rows, fc.boolean(), (copy, original, isNarrow) => {
      const columns = isNarrow ? ['a'] : ['a', 'b'];
      const { rows: lost, onlyInOriginal } = onlyIn(copy as never, original as never, columns);
      const formOf = (row: object) => textOf(columns.map((name) => Reflect.get(row, name)));
      for (const form of new Set([...copy, ...original].map(formOf))) {
        const count = (all: readonly object[]) => all.filter((row) => formOf(row) === form).length;
        expect(count(lost)).toBe(Math.max(0, count(copy) - count(original)));
      }
      // What is in both is in both as often: so many are left of either.
      expect(onlyInOriginal - lost.length).toBe(original.length - copy.length);
    }),
  );
});

test('what JSON does not know is told as what people can read and put back', () => {
  expect(JSON.parse(textOf({ bytes: new Uint8Array([104, 105]), large: 2n ** 60n, text: 'x', none: null }))).toEqual({
    bytes: Buffer.from('hi').toString('base64'),
    large: '1152921504606846976',
    text: 'x',
    none: null,
  });
});
