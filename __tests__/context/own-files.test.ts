import { expect, test } from '@jest/globals';
import { findOwnFiles, namesAmong, namesInSlot } from '../../src/context/own-files.ts';
import { answer, stage } from '../apply/scene.ts';

const [OLD, BUILT, YOUNG] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'];

type Disk = Readonly<Record<string, string>>;

/** A slot with these files below wwwroot, by the time at which each was written; each folder that was looked into is noted. */
async function slotWith(disk: Disk, deployedAt?: string) {
  const { scene, answering } = await stage();
  const looked: string[] = [];
  answering(({ url }) => {
    const { pathname } = new URL(url);
    if (pathname === '/api/deployments/latest')
      return deployedAt === undefined ? answer(404, {}) : answer(200, { id: 'd1', end_time: deployedAt });
    const folder = decodeURIComponent(/^\/api\/vfs\/site\/wwwroot\/(.*)$/.exec(pathname)?.[1] ?? '').replace(/^\//, '');
    looked.push(folder);
    const below = Object.entries(disk).filter(([path]) => path.startsWith(folder));
    if (below.length === 0) return answer(404, {});
    const entries = new Map<string, object>();
    for (const [path, mtime] of below) {
      const [name = '', ...rest] = path.slice(folder.length).split('/');
      entries.set(name, rest.length > 0 ? { name, mime: 'inode/directory' } : { name, mime: 'text/plain', mtime });
    }
    return answer(200, [...entries.values()]);
  });
  const { arm } = scene().context;
  return {
    arm,
    looked,
    find: (other?: readonly string[]) => findOwnFiles(arm, 'shop.scm', other && namesAmong(other)),
  };
}

const BUILD: Disk = { 'index.js': BUILT, 'bin/app.dll': OLD, 'views/home.html': OLD };

test('what is younger than the build was put there by nobody’s deployment, and is told by its folder', async () => {
  const { find } = await slotWith({
    ...BUILD,
    'media/cat.png': YOUNG,
    'media/2026/dog.png': YOUNG,
    'media/2026/old.png': OLD,
    'media/2026/same.png': BUILT,
    'wwwroot/uploads/a.pdf': YOUNG,
    'wwwroot/uploads/deep/b.pdf': YOUNG,
    'Umbraco/Data/x.xml': YOUNG,
    'wwwroot/robots.txt': YOUNG,
  });
  expect((await find()).toSorted((one, other) => one.folder.localeCompare(other.folder, 'en'))).toEqual([
    { folder: 'media/', files: 2, example: 'media/cat.png' },
    { folder: 'Umbraco/Data/', files: 1, example: 'Umbraco/Data/x.xml' },
    { folder: 'wwwroot/', files: 1, example: 'wwwroot/robots.txt' },
    { folder: 'wwwroot/uploads/', files: 2, example: 'wwwroot/uploads/a.pdf' },
  ]);
});

test.each<[string, Disk, string | undefined, number]>([
  ['a file at the top', { 'index.js': YOUNG, 'data/x': YOUNG }, undefined, 0],
  ['a file of bin', { 'index.js': OLD, 'bin/app.dll': YOUNG, 'data/x': YOUNG }, undefined, 0],
  ['what SCM says of the last deployment', { 'index.js': OLD, 'data/x': YOUNG }, YOUNG, 0],
  ['none of them', { 'index.js': OLD, 'data/x': YOUNG }, OLD, 1],
  ['nothing that can be read as a time', { 'index.js': 'yesterday', 'data/x': YOUNG }, 'yesterday', 1],
  ['nothing at all', { 'data/x': YOUNG }, undefined, 1],
])('the build is as young as the youngest of its parts: %s', async (_what, disk, deployedAt, own) => {
  const { find } = await slotWith(disk, deployedAt);
  expect(await find()).toHaveLength(own);
});

test('a whole folder that the other build does not have is own, however old, and a file that it has is not', async () => {
  const { find } = await slotWith({
    ...BUILD,
    'media/cat.png': OLD,
    'media/cats/tom.png': OLD,
    'views/home.html': YOUNG,
    'views/new.html': YOUNG,
    'views/older.html': OLD,
  });
  expect(await find(['index.js', 'views/home.html'])).toEqual([
    { folder: 'views/', files: 1, example: 'views/new.html' },
    { folder: 'media/', files: 2, example: 'media/cat.png' },
  ]);
});

test('logs, and folders of builds and of tools, are nobody’s files', async () => {
  const { find, looked } = await slotWith({
    ...BUILD,
    'data/app.log': YOUNG,
    'data/x.TMP': YOUNG,
    'node_modules/x/y.js': YOUNG,
    'Logs/today.txt': YOUNG,
    'data/cache/page': YOUNG,
  });
  expect(await find(['index.js'])).toEqual([{ folder: 'views/', files: 1, example: 'views/home.html' }]);
  expect(looked.filter((folder) => /node_modules|logs|cache/i.test(folder))).toEqual([]);
});

test('each folder is looked into once, and no more than some of a library of thousands', async () => {
  const few = await slotWith({ ...BUILD, ...library(20) });
  await few.find();
  expect(new Set(few.looked).size).toBe(few.looked.length);
  expect(few.looked.filter((folder) => folder.startsWith('lib'))).toHaveLength(20);
  const many = await slotWith({ ...BUILD, ...library(400) });
  await many.find();
  const looks = many.looked.filter((folder) => folder.startsWith('lib')).length;
  expect(looks).toBeGreaterThanOrEqual(144);
  expect(looks).toBeLessThan(160);
});

function library(folders: number): Disk {
  return Object.fromEntries(Array.from({ length: folders }, (_, index) => [`lib${index}/x`, YOUNG]));
}

test('a package tells its folders, with the slashes of either world', async () => {
  const names = namesAmong(['index.js', 'wwwroot\\css\\site.css', 'wwwroot/css/print.css', 'wwwroot/x.html']);
  expect(await names('')).toEqual(new Set(['index.js', 'wwwroot']));
  expect(await names('wwwroot/')).toEqual(new Set(['css', 'x.html']));
  expect(await names('wwwroot/css/')).toEqual(new Set(['site.css', 'print.css']));
  expect(await names('media/')).toBeNull();
});

test('a slot tells the names of each folder, and is asked once for each', async () => {
  const { arm, looked } = await slotWith({ 'media/a.png': OLD, 'media/b/c.png': OLD });
  const names = namesInSlot(arm, 'shop.scm');
  expect(await names('media/')).toEqual(new Set(['a.png', 'b']));
  expect(await names('media/')).toEqual(new Set(['a.png', 'b']));
  expect(await names('none/')).toBeNull();
  expect(looked).toEqual(['media/', 'none/']);
});
