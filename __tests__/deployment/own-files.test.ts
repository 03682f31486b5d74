import { expect, test } from '@jest/globals';
import { liesBeside, placeOf } from '../../src/deployment/kept-folders.ts';
import { keepThem, lostFiles, ownFilesText } from '../../src/deployment/own-files.ts';

const own = (folder: string) => ({ folder, files: 2, example: `${folder}a.png` });
const [media, deep, docs] = [own('media/'), own('media/2026/'), own('docs/')];
const all = [media, deep, docs];

test.each<[readonly string[] | undefined, readonly unknown[]]>([
  [undefined, all],
  [['media/'], [docs]],
  [['Media/', 'DOCS/'], []],
  [['media/2026/'], [media, docs]],
  [['other/'], all],
  [[], []],
])('with keep-files %j what is in no kept folder would be lost', (kept, lost) => {
  expect(lostFiles(kept, all)).toEqual(lost);
});

test('the input that is proposed keeps what it kept and all that would be lost', () => {
  for (const kept of [undefined, ['media/'], ['x/', 'docs/']]) {
    const proposed = /^keep-files: ([^(]*) \(/.exec(keepThem(kept, lostFiles(kept, all)))?.[1]?.split(', ') ?? [];
    expect(proposed).toEqual(expect.arrayContaining([...(kept ?? [])]));
    expect(lostFiles(proposed, all)).toEqual([]);
    expect(new Set(proposed).size).toBe(proposed.length);
  }
  for (const { folder, example } of all) expect(ownFilesText(all)).toMatch(new RegExp(`${folder} .*2.*${example}`));
});

test('a kept folder is looked for where it lies: below wwwroot, or beside it', () => {
  expect([liesBeside('media/'), placeOf('media/')]).toEqual([false, 'site/wwwroot/media/']);
  expect([liesBeside('/home/site/scripts/'), placeOf('/home/site/scripts/')]).toEqual([true, 'site/scripts/']);
});

test('a folder is the same in any letter case, on both sides', () => {
  expect(lostFiles(['media/'], [own('MEDIA/a/')])).toEqual([]);
});
