import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { unzipSync, zipSync } from 'fflate';
import { fileBody } from '../../src/system/file-body.ts';
import { inScratch } from '../../src/system/scratch.ts';
import { withAdditions } from '../../src/system/zip-additions.ts';
import { filesInPackage, zipDirectory } from '../../src/system/zip-contents.ts';
import { readDirectory } from '../../src/system/zip-directory.ts';

const files = {
  'web.config': new Uint8Array(60_000),
  'bin/Übung.dll': randomBytes(500),
  'empty/': new Uint8Array(),
};
const zip = zipSync(files, { mtime: '2020-01-01' });

test('the table of contents names the files of a zip, with size and checksum', async () => {
  const found = await readDirectory(inMemory(zip));
  expect(found?.entries.map(({ name, size }) => [name, size])).toEqual([
    ['web.config', 60_000],
    ['bin/Übung.dll', 500],
    ['empty/', 0],
  ]);
  // The same content has the same checksum, other content another one.
  const again = await readDirectory(inMemory(zipSync({ 'a.txt': files['web.config'] }, { level: 0 })));
  expect(again?.entries[0]?.crc).toBe(found?.entries[0]?.crc);
  expect(found?.entries[1]?.crc).not.toBe(found?.entries[0]?.crc);
});

test('a zip that was cut off anywhere is none', async () => {
  for (const length of [0, 1, 21, zip.length - 1, zip.length - 23, Math.floor(zip.length / 2)]) {
    expect(await readDirectory(inMemory(zip.subarray(0, length)))).toBeUndefined();
  }
  // Without its beginning it names places that it does not have.
  expect(await readDirectory(inMemory(zip.subarray(100)))).toBeUndefined();
});

test('a comment behind it does not matter, also one that looks like an end', async () => {
  const comment = Buffer.from('PK\u0005\u0006 and so on, as if the zip ended here', 'latin1');
  const commented = Buffer.concat([zip, comment]);
  commented.writeUInt16LE(comment.length, zip.length - 2);
  expect((await readDirectory(inMemory(commented)))?.entries).toHaveLength(3);
});

test('it finds the same names as a library that unpacks', async () => {
  const name = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !/[\\/]|^__proto__$/.test(text));
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, fc.uint8Array({ maxLength: 50 }), { maxKeys: 6 }), async (content) => {
      const bytes = zipSync(content, { mtime: '2020-01-01' });
      const found = await readDirectory(inMemory(bytes));
      expect(found?.entries.map((entry) => entry.name)).toEqual(Object.keys(unzipSync(bytes)));
    }),
    { numRuns: 100 },
  );
});

test('a zip64 is read by its longer records', async () => {
  const { entries = [], at = 0 } = (await readDirectory(inMemory(zip))) ?? {};
  const table = Buffer.concat(entries.map(({ record }) => record));
  const end64 = Buffer.alloc(56);
  end64.write('PK\u0006\u0006', 'latin1');
  for (const offset of [24, 32]) end64.writeBigUInt64LE(BigInt(entries.length), offset);
  end64.writeBigUInt64LE(BigInt(table.length), 40);
  end64.writeBigUInt64LE(BigInt(at), 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\u0006\u0007', 'latin1');
  locator.writeBigUInt64LE(BigInt(at + table.length), 8);
  const end = Buffer.alloc(22, 0xff);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(0, 20);
  const long = Buffer.concat([zip.subarray(0, at), table, end64, locator, end]);
  expect((await readDirectory(inMemory(long)))?.entries.map(({ name }) => name)).toEqual(Object.keys(files));
});

test('files are put into a zip, in the place of those of the same name, and nothing else changes', async () => {
  await inScratch(tmpdir(), async (folder) => {
    const [before, after, added] = ['before.zip', 'after.zip', 'added'].map((name) => join(folder, name));
    await writeFile(before ?? '', zip);
    const photo = randomBytes(700_000);
    await writeFile(added ?? '', photo);
    const additions = ['media/Foto ä.jpg', 'web.config'].map((name) => ({ name, file: added ?? '' }));
    await withAdditions(before ?? '', additions, after ?? '');
    const content = unzipSync(await readFile(after ?? ''));
    expect(Object.keys(content).sort()).toEqual(['bin/Übung.dll', 'empty/', 'media/Foto ä.jpg', 'web.config']);
    expect(Buffer.from(content['media/Foto ä.jpg'] ?? []).equals(photo)).toBe(true);
    expect(Buffer.from(content['web.config'] ?? []).equals(photo)).toBe(true);
    expect(Buffer.from(content['bin/Übung.dll'] ?? []).equals(files['bin/Übung.dll'])).toBe(true);
    expect((await filesInPackage(after ?? ''))?.length).toBe(3);
    const crcs = (await zipDirectory(after ?? ''))?.entries.slice(-2).map(({ crc }) => crc) ?? [];
    expect(new Set(crcs).size).toBe(1);
    expect((await fileBody(after ?? '')).size).toBeGreaterThan(1_400_000);
  });
});

function inMemory(bytes: Uint8Array) {
  return {
    size: bytes.length,
    read: async (position: number, length: number) => bytes.subarray(position, position + length),
  };
}
