import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { packageFile } from '../../src/system/package-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'zdd-package-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'package.zip');

test('a package is known by its content', async () => {
  writeFileSync(path, 'abc');
  const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(await packageFile(path)).toEqual({ kind: 'package', path, sha256 });
});

test('none was downloaded', async () => {
  expect(await packageFile(join(folder, 'none.zip'))).toBeNull();
});

test('what App Service would not take is refused before anything is done', async () => {
  writeFileSync(path, '');
  truncateSync(path, 2.5 * 1024 ** 3);
  await expect(packageFile(path)).rejects.toThrow(
    `Input package is "${path}", a file of 2.5 GiB. Allowed: less than 2 GiB, the most that App Service takes.`,
  );
});

test('a folder is no package', async () => {
  await expect(packageFile(folder)).rejects.toThrow(`Input package is "${folder}", which cannot be read (EISDIR)`);
});
