import { expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { unpacked } from '../../src/system/zip-contents.ts';

test('a zip that unpacks to more than can be looked at is refused before it is unpacked', () => {
  const zip = zipSync({ 'a.txt': new Uint8Array(60_000), 'b.txt': new Uint8Array(60_000) }, { mtime: '2020-01-01' });
  expect(Object.keys(unpacked(zip, 120_000))).toEqual(['a.txt', 'b.txt']);
  expect(() => unpacked(zip, 119_999)).toThrow(/can be looked at/);
});

test('an entry that understates its size does not unpack to more', () => {
  const zip = zipSync({ 'a.txt': new Uint8Array(60_000) }, { mtime: '2020-01-01' });
  const view = new DataView(zip.buffer, zip.byteOffset);
  const central = Buffer.from(zip).indexOf('PK\u0001\u0002');
  view.setUint32(central + 24, 10, true);
  let found: Readonly<Record<string, Uint8Array>> = {};
  try {
    found = unpacked(zip, 100);
  } catch {
    // Refused is as good.
  }
  expect(found['a.txt']?.length ?? 0).toBeLessThanOrEqual(100);
});
