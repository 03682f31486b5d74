import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { armInProcess } from '../../simulator/in-process/run-in-process.ts';
import { addContent, contentOf } from '../../simulator/model/web/content.ts';
import { changeFiles } from '../../simulator/model/web/scm/files.ts';
import { applyBuild } from '../../src/apply/builds.ts';
import { MARKER_SETTING } from '../../src/deployment/marker.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { freshRun } from '../../src/deployment/this-run.ts';
import type { FileBody, HttpRequest } from '../../src/ports.ts';
import { fileBody } from '../../src/system/file-body.ts';
import { ID } from '../phases/observed.ts';
import { type Stage, stage } from './scene.ts';
import { recordOf } from './sketch.ts';

const [LIVE, STAGING] = ['zdd-readonly', 'zdd-staging'];
const because = 'of a test';
const SINCE = '2026-01-31T14:00:00.000Z';

type Files = Readonly<Record<string, string>>;

/** Puts files below wwwroot of a slot, some of them an hour later: visitors' own. */
function fill(there: Stage, name: string, build: Files, own: Files = {}) {
  const bytes = (files: Files) =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`site/wwwroot/${path}`, strToU8(text)]));
  const times = Object.fromEntries(Object.keys(bytes(own)).map((path) => [path, there.clock.now() + 3_600_000]));
  const { occupant } = there.slot(name);
  occupant.contentId = addContent(there.world, { ...bytes(build), ...bytes(own) }, [], there.clock.now(), times);
}

/** What is below wwwroot of a slot now. */
function holds(there: Stage, name: string): readonly string[] {
  const { files } = contentOf(there.world, there.slot(name).occupant.contentId);
  return Object.keys(files)
    .filter((path) => path.startsWith('site/wwwroot/'))
    .map((path) => path.slice('site/wwwroot/'.length))
    .sort();
}

async function withSlots(inputs: Readonly<Record<string, string>>, own: string) {
  const there = await stage(inputs);
  for (const name of [LIVE, STAGING]) {
    fill(there, name, { 'index.js': 'build' }, name === own ? { 'media/cat.jpg': 'of a visitor' } : {});
    there.slot(name).occupant.settings = { [MARKER_SETTING]: `${ID}/new/1` };
  }
  fill(there, 'production', { 'index.js': 'build' });
  return there;
}

test.each<[string, string, Partial<DeploymentRecord>, Readonly<Record<string, string>>, boolean]>([
  ['the live build’s slot', LIVE, {}, {}, true],
  ['the new build’s, which visitors were never on', STAGING, {}, {}, false],
  ['the new build’s, which they were on', STAGING, { visitorsOnOriginalSince: SINCE }, {}, true],
  ['the live build’s, and nothing is to be kept', LIVE, {}, { 'keep-files': 'none' }, false],
])(
  'what visitors put into a slot is not deleted with the only copy there is: %s',
  async (_what, name, record, inputs, stays) => {
    const there = await withSlots(inputs, name);
    const scene = await there.seen({ record: recordOf(record) });
    expect(await applyBuild(scene, { kind: 'empty-slot', slot: name, because })).toMatchObject({
      done: [{ kind: 'empty-slot', subject: name }],
    });
    expect(holds(there, name).includes('media/cat.jpg')).toBe(stays);
    expect(holds(there, name).includes('index.js')).toBe(stays);
    expect(there.warnings.some((text) => text.includes('media/'))).toBe(stays);
  },
);

test('a slot without anything of visitors is emptied, and says why nothing is there', async () => {
  const there = await withSlots({}, STAGING);
  await applyBuild(await there.seen({ record: recordOf() }), { kind: 'empty-slot', slot: LIVE, because });
  expect(holds(there, LIVE)).toEqual(['zdd-empty.txt']);
  expect(there.warnings).toEqual([]);
});

const COPY = { kind: 'copy-build', slot: STAGING, because } as const;

test('production’s build is copied as it is, and known by what is in it', async () => {
  const there = await withSlots({}, LIVE);
  fill(there, 'production', { 'index.js': 'live', 'lib/a.js': 'a' });
  const scene = await there.seen({ record: recordOf() });
  const [first, again] = [await applyBuild(scene, COPY), await applyBuild(scene, COPY)];
  expect(holds(there, STAGING)).toEqual(['index.js', 'lib/a.js']);
  expect(first.uploaded?.[STAGING]).toMatch(/^[0-9a-f]{64}$/);
  expect(again.uploaded).toEqual(first.uploaded);
  fill(there, 'production', { 'index.js': 'evil', 'lib/a.js': 'a' });
  const other = await applyBuild(await there.seen({ record: recordOf() }), COPY);
  expect(other.uploaded).not.toEqual(first.uploaded);
});

const WERE_ON_IT = { record: recordOf({ visitorsOnOriginalSince: SINCE }), deploymentId: ID, thisRun: freshRun };

test('what visitors put into a build that was withdrawn goes along with the next one, as far as it is named', async () => {
  const there = await withSlots({ 'keep-files': 'media/' }, STAGING);
  fill(there, STAGING, { 'index.js': 'old' }, { 'media/cat.jpg': 'a', 'media/deep/dog.jpg': 'b' });
  await applyBuild(await there.seen(WERE_ON_IT), COPY);
  expect(holds(there, STAGING)).toEqual(['index.js', 'media/cat.jpg', 'media/deep/dog.jpg']);
});

test('where nothing says whether it is kept, nothing is replaced', async () => {
  const there = await withSlots({}, STAGING);
  await expect(applyBuild(await there.seen(WERE_ON_IT), COPY)).rejects.toMatchObject({
    kind: 'refused',
    next: expect.stringContaining('keep-files: media/'),
  });
  expect(holds(there, STAGING)).toEqual(['index.js', 'media/cat.jpg']);
});

test.each<[string, Readonly<Record<string, string>>, Partial<typeof WERE_ON_IT>, string]>([
  ['nothing of it is to be kept', { 'keep-files': 'none' }, {}, `${ID}/new/1`],
  ['visitors were never on it', {}, { record: recordOf() }, `${ID}/new/1`],
  ['it is no build of this deployment', {}, {}, '20250101-other/new/1'],
  ['it is the copy, on which nobody writes', {}, {}, `${ID}/read-only/1`],
])('an upload replaces all there is where %s', async (_what, inputs, differences, marker) => {
  const there = await withSlots(inputs, STAGING);
  there.slot(STAGING).occupant.settings = { [MARKER_SETTING]: marker };
  await applyBuild(await there.seen({ ...WERE_ON_IT, ...differences }), COPY);
  expect(holds(there, STAGING)).toEqual(['index.js']);
});

test('a package that changed since it was looked at is not uploaded', async () => {
  const there = await withSlots({}, LIVE);
  const path = `${import.meta.dirname}/builds.test.ts`;
  const build = { kind: 'package', path, sha256: '0'.repeat(64) } as const;
  const step = { kind: 'upload-build', slot: STAGING, build, because } as const;
  await expect(applyBuild(await there.seen(), step)).rejects.toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining('has changed'),
  });
  expect(there.sent).toEqual([]);
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zdd-builds-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function zipped(files: Files): Promise<FileBody> {
  const path = join(folder, `${Object.keys(files).join().replaceAll('/', '-')}.zip`);
  await writeFile(
    path,
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))),
  );
  return fileBody(path);
}

test('a package replaces what the slot holds, and is known by its digest; one that cannot start is refused', async () => {
  const there = await withSlots({}, LIVE);
  const uploaded = async (files: Files) => {
    const { file: path, sha256 } = await zipped(files);
    const build = { kind: 'package', path, sha256 } as const;
    return { sha256, of: applyBuild(await there.seen(), { kind: 'upload-build', slot: STAGING, build, because }) };
  };
  const { of, sha256 } = await uploaded({ 'index.js': 'new', 'lib/a.js': 'a' });
  expect(await of).toEqual({ uploaded: { [STAGING]: sha256 } });
  expect(holds(there, STAGING)).toEqual(['index.js', 'lib/a.js']);
  const before = there.sent.length;
  const wrapped = await uploaded({ 'release.zip': 'a zip' });
  await expect(wrapped.of).rejects.toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining('release.zip'),
    next: expect.stringMatching(/./),
  });
  expect(there.sent).toHaveLength(before);
});

test('kept files are carried as a build is, once', async () => {
  const there = await withSlots({}, LIVE);
  const step = { kind: 'carry-files', slot: STAGING, from: LIVE, folders: ['media/'], because } as const;
  expect(await applyBuild(await there.seen(), step)).toEqual({ done: [{ kind: 'carry-files', subject: STAGING }] });
  expect(holds(there, STAGING)).toEqual(['index.js', 'media/cat.jpg']);
});

test('a build that was given is not fetched, and of a copied one it is known which release it is', async () => {
  const { file } = await zipped({ 'given.js': 'live' });
  const there = await withSlots({ 'current-package': file }, LIVE);
  const { observed, ...scene } = await there.seen({ record: recordOf() });
  const production = { ...observed.production, release: 'r-7' };
  const change = await applyBuild({ ...scene, observed: { ...observed, production } }, COPY);
  expect(change.copiedRelease).toBe('r-7');
  expect(holds(there, STAGING)).toEqual(['given.js']);
});

/** Production runs from a package whose name SCM tells. */
async function fromPackage(name: string | undefined, isThere = true) {
  const there = await withSlots({}, LIVE);
  const production = there.slot('production');
  production.occupant.settings.WEBSITE_RUN_FROM_PACKAGE = '1';
  const files = {
    ...(name === undefined ? {} : { 'data/SitePackages/packagename.txt': strToU8(name) }),
    ...(isThere ? { [`data/SitePackages/${name}`]: zipSync({ 'mounted.js': strToU8('live') }) } : {}),
  };
  changeFiles(there.world, production, files, there.clock.now());
  return { there, copying: applyBuild(await there.seen({ record: recordOf() }), COPY) };
}

test('of production that runs from a package that package is the build', async () => {
  const { there, copying } = await fromPackage('1.zip');
  await copying;
  expect(holds(there, STAGING)).toEqual(['mounted.js']);
});

test.each([
  ['no name of it', undefined],
  ['the name of one that is gone', '1.zip'],
])('where SCM tells %s, the package must be given', async (_what, name) => {
  const { there, copying } = await fromPackage(name, false);
  await expect(copying).rejects.toMatchObject({
    happened: expect.stringContaining('its zip is not in /home/data/SitePackages'),
    next: expect.stringContaining('current-package'),
  });
  expect(there.sent).toEqual([]);
});

test.each([
  [0, true],
  [1, true],
  [2, false],
])('a download that SCM cut off (%d times) is asked for once more, and no further', async (times, isDone) => {
  const there = await withSlots({}, LIVE);
  const scene = await there.seen({ record: recordOf() });
  let downloads = 0;
  const { context } = scene;
  const isDownload = ({ url }: HttpRequest) => /\/api\/zip\/site\/wwwroot/.test(url);
  const { send } = context.ports;
  const cutting: typeof send = async (request, signal) => {
    const answered = await send(request, signal);
    if (isDownload(request) && request.into !== undefined && ++downloads <= times)
      await writeFile(request.into, (await readFile(request.into)).subarray(0, 40));
    return answered;
  };
  const arm = await armInProcess(
    { ...context.ports, send: cutting },
    Object.keys(there.world.principals)[0] ?? '',
    there.cancelled.signal,
  );
  const copying = applyBuild({ ...scene, context: { ...context, arm } }, COPY);
  if (isDone) await copying;
  else await expect(copying).rejects.toThrow(/is not a whole zip file \(40 bytes\)/);
  expect(downloads).toBe(Math.min(times + 1, 2));
  expect(there.sent).toHaveLength(isDone ? 1 : 0);
});

test('what says that a slot is empty is older than any deployment, so that nobody takes it for a file of visitors', async () => {
  const there = await withSlots({}, STAGING);
  const dates: number[] = [];
  const send = async ({ body }: HttpRequest) => {
    if (typeof body !== 'object' || !('file' in body)) return;
    dates.push((await readFile(body.file)).readUInt16LE(12));
  };
  const scene = await there.seen({ record: null });
  const { context } = scene;
  const ports = {
    ...context.ports,
    send: async (request: HttpRequest, signal?: AbortSignal) => {
      await send(request);
      return context.ports.send(request, signal);
    },
  };
  const arm = await armInProcess(ports, Object.keys(there.world.principals)[0] ?? '', there.cancelled.signal);
  // Without a record nobody was ever on it.
  await applyBuild({ ...scene, context: { ...context, arm } }, { kind: 'empty-slot', slot: STAGING, because });
  expect(holds(there, STAGING)).toEqual(['zdd-empty.txt']);
  // The date of a file in a zip: years since 1980, then month and day.
  expect(dates.map((date) => 1980 + (date >> 9))).toEqual([2020]);
});

test('a slot that runs from a package has no files of visitors beside it', async () => {
  const there = await withSlots({}, LIVE);
  there.slot(LIVE).occupant.settings.WEBSITE_RUN_FROM_PACKAGE = '1';
  await applyBuild(await there.seen({ record: recordOf() }), { kind: 'empty-slot', slot: LIVE, because });
  expect(there.warnings).toEqual([]);
});
