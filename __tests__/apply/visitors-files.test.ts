import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { contentOf } from '../../simulator/model/web/content.ts';
import { changeFiles } from '../../simulator/model/web/scm/files.ts';
import { applyBuild } from '../../src/apply/builds.ts';
import { carryFiles } from '../../src/apply/carry-files.ts';
import { withVisitorsFiles } from '../../src/apply/visitors-files.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { fileBody } from '../../src/system/file-body.ts';
import { filesInPackage } from '../../src/system/zip-contents.ts';
import { ID } from '../phases/observed.ts';
import { answer, type Stage, stage } from './scene.ts';
import { recordOf } from './sketch.ts';

const [LIVE, STAGING] = ['zdd-readonly', 'zdd-staging'];
const BUILT = { 'index.html': 'built' };
const SINCE = { visitorsOnOriginalSince: '2026-01-31T14:00:00Z' };
let scratch = '';

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'zdd-test-'));
});
afterAll(() => rm(scratch, { recursive: true }));

/** Puts files into wwwroot of a slot, so many seconds after the beginning of the world. */
function put(there: Stage, slot: string, files: Readonly<Record<string, string>>, second = 0) {
  const changes = Object.entries(files).map(([path, text]) => [`site/wwwroot/${path}`, strToU8(text)]);
  changeFiles(there.world, there.slot(slot), Object.fromEntries(changes), EPOCH + second * 1000);
}

function filesIn(there: Stage, slot: string): Readonly<Record<string, string>> {
  const { files } = contentOf(there.world, there.slot(slot).occupant.contentId);
  const own = Object.entries(files).filter(([path]) => path.startsWith('site/wwwroot/'));
  return Object.fromEntries(own.map(([path, bytes]) => [path.slice(13), new TextDecoder().decode(bytes)]));
}

test('of kept folders a slot gets what it lacks or has older or in another size; all else in it stays', async () => {
  const there = await stage();
  put(there, STAGING, { 'media/older': 'old', 'media/size': 'x', 'media/own': 'own', 'other/a': 'a' }, 5);
  put(there, LIVE, { 'media/new': 'new', 'media/older': 'NEW', 'media/size': 'longer', 'media/same': 'was' }, 10);
  for (const slot of [LIVE, STAGING]) put(there, slot, { 'media/equal': slot.slice(0, 5) + slot.length }, 10);
  put(there, LIVE, { 'media/deep/er/file': 'deep', 'other/a': 'b', 'other/b': 'b' }, 10);
  put(there, STAGING, { 'media/same': 'now', 'media/size': 'y' }, 20);
  await carryFiles(await there.seen(), {
    kind: 'carry-files',
    slot: STAGING,
    from: LIVE,
    folders: ['media/', 'gone/'],
    because: 'of visitors',
  });
  expect(filesIn(there, STAGING)).toMatchObject({
    'media/new': 'new',
    'media/older': 'NEW',
    'media/size': 'longer',
    'media/same': 'now',
    'media/own': 'own',
    'media/equal': `zdd-s${STAGING.length}`,
    'media/deep/er/file': 'deep',
    'other/a': 'a',
  });
  expect(filesIn(there, STAGING)).not.toHaveProperty('other/b');
  expect(there.infos.join()).toMatch(/\b4 kept files/);
  expect(there.sent).toHaveLength(4);
});

test('a file is written once more where SCM has trouble, and not where it refuses', async () => {
  const carrying = async (status: number) => {
    const there = await stage();
    put(there, LIVE, { 'media/new': 'new' });
    there.slot(STAGING);
    let left = 1;
    there.answering(({ method }) => (method === 'PUT' && left-- > 0 ? answer(status, { Message: 'No.' }) : undefined));
    const step = {
      kind: 'carry-files',
      slot: STAGING,
      from: LIVE,
      folders: ['media/'],
      because: 'of visitors',
    } as const;
    await carryFiles(await there.seen(), step);
    return [there.sent.length, filesIn(there, STAGING)];
  };
  expect(await carrying(503)).toEqual([2, { 'media/new': 'new' }]);
  await expect(carrying(403)).rejects.toThrow('No.');
});

/** A candidate in which visitors may have put a picture. */
async function served(
  record: Partial<DeploymentRecord>,
  inputs: Readonly<Record<string, string>>,
  marker = `${ID}/new/1`,
  files: Readonly<Record<string, string>> = { 'media/2026/cat.png': 'cat' },
) {
  const there = await stage(inputs);
  put(there, STAGING, BUILT);
  put(there, STAGING, files, 30);
  there.slot(STAGING).occupant.settings.ZDD_INSTANCE = marker;
  return { there, scene: await there.seen({ deploymentId: ID, record: recordOf(record) }) };
}

async function packaged(files: Readonly<Record<string, string>> = {}): Promise<Awaited<ReturnType<typeof fileBody>>> {
  const path = join(scratch, 'new.zip');
  const contents = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]));
  await writeFile(path, zipSync({ 'index.html': strToU8('next'), ...contents }));
  return fileBody(path);
}

test('what visitors put into a build that was withdrawn goes along with the next one, and nothing of it is lost', async () => {
  const zip = await packaged();
  const { scene } = await served(SINCE, { 'keep-files': 'media/' });
  const whole = await withVisitorsFiles(scene, STAGING, zip, scratch);
  expect([...((await filesInPackage(whole.file)) ?? [])].sort()).toEqual(['index.html', 'media/2026/cat.png']);
});

test.each<[string, Parameters<typeof served>]>([
  ['nobody was on it', [{}, {}]],
  ['it is another build', [SINCE, {}, `${ID}/live/1`]],
  ['it is of another deployment', [SINCE, {}, '20250101-aaaaa/new/1']],
  ['they need not be kept', [SINCE, { 'keep-files': 'none' }]],
  ['visitors put nothing there', [SINCE, { 'keep-files': 'media/' }, `${ID}/new/1`, {}]],
])('the package is uploaded as it is where %s', async (_what, of) => {
  const zip = await packaged();
  const { scene } = await served(...of);
  expect(await withVisitorsFiles(scene, STAGING, zip, scratch)).toBe(zip);
});

test('what the package brings itself is nothing of visitors', async () => {
  const zip = await packaged({ 'media/2026/cat.png': 'cat' });
  const { scene } = await served(SINCE, {});
  expect(await withVisitorsFiles(scene, STAGING, zip, scratch)).toBe(zip);
});

test('where keep-files does not name what visitors put there, nothing is replaced', async () => {
  const zip = await packaged();
  for (const inputs of [{}, { 'keep-files': 'other/' }] as const) {
    const { there, scene } = await served(SINCE, inputs);
    await expect(withVisitorsFiles(scene, STAGING, zip, scratch)).rejects.toMatchObject({
      kind: 'refused',
      happened: expect.stringContaining('media/'),
      next: expect.stringContaining('media/'),
    });
    expect(there.sent).toEqual([]);
  }
});

test.each<[string, string, Partial<DeploymentRecord>, Readonly<Record<string, string>>, boolean]>([
  ['nobody was on its build', STAGING, {}, {}, true],
  ['visitors were on its build', STAGING, SINCE, {}, false],
  ['it holds the live build', LIVE, {}, {}, false],
  ['what visitors put there need not be kept', STAGING, SINCE, { 'keep-files': 'none' }, true],
])(
  'the only copy of what visitors put somewhere is not emptied away: %s',
  async (_what, slot, record, inputs, isEmptied) => {
    const there = await stage(inputs);
    put(there, slot, BUILT);
    put(there, slot, { 'media/cat.png': 'cat' }, 30);
    const scene = await there.seen({ deploymentId: ID, record: recordOf(record) });
    await applyBuild(scene, { kind: 'empty-slot', slot, because: 'it is over' });
    expect('media/cat.png' in filesIn(there, slot)).toBe(!isEmptied);
    expect('index.html' in filesIn(there, slot)).toBe(!isEmptied);
    expect(there.warnings.some((text) => text.includes('media/'))).toBe(!isEmptied);
  },
);

test('what production has as well is no only copy', async () => {
  const there = await stage();
  for (const slot of [LIVE, 'production']) put(there, slot, { 'media/cat.png': 'cat' }, 30);
  put(there, LIVE, BUILT);
  const scene = await there.seen({ deploymentId: ID, record: recordOf() });
  await applyBuild(scene, { kind: 'empty-slot', slot: LIVE, because: 'it is over' });
  expect([filesIn(there, LIVE)['media/cat.png'], there.warnings]).toEqual([undefined, []]);
});

/** SCM stops with its slot, and the new build's slot takes the files. */
async function scmStops(from: string, inWindow = true) {
  const there = await stage();
  there.world.variants['scm-403-when-stopped'] = true;
  for (const name of [LIVE, STAGING, 'extra']) put(there, name, { 'media/last': name }, 20);
  put(
    there,
    'production',
    Object.fromEntries([
      ...Array.from({ length: 9 }, (_, at) => [`media/p${at}`, 'copy']),
      ['media/deep/er/file', 'copy'],
    ]),
    10,
  );
  const to = from === STAGING ? LIVE : STAGING;
  for (const name of [from, to]) there.slot(name).state = 'Stopped';
  const scene = await there.seen({
    record: recordOf(inWindow ? { windowOpenedAt: SINCE.visitorsOnOriginalSince } : {}),
  });
  const carrying = carryFiles(scene, {
    kind: 'carry-files',
    slot: to,
    from,
    folders: ['media/'],
    because: 'of visitors',
  });
  return { there, to, scene, carrying };
}

const powered = (there: Stage) => there.sent.filter((each) => /\/(start|stop)$/.test(each));

test('the live build must not run to be read: where SCM stops with it, its copy in production tells what was there', async () => {
  const { there, to, carrying } = await scmStops(LIVE);
  await carrying;
  expect(Object.keys(filesIn(there, to)).sort()).toEqual(
    ['media/deep/er/file', 'media/last', ...Array.from({ length: 9 }, (_, at) => `media/p${at}`)].sort(),
  );
  expect(filesIn(there, to)['media/last']).toBe(to);
  expect(powered(there)).toEqual([`POST ${to}/start`, `POST ${to}/stop`]);
  expect([there.slot(LIVE).state, there.slot(to).state]).toEqual(['Stopped', 'Stopped']);
  // Once, however many files and folders there are.
  expect(there.warnings).toEqual([
    expect.stringMatching(/^SCM of slot zdd-readonly does not answer while it is stopped/),
  ]);
});

test('the new build was disarmed when it was stopped: it runs for as long as it is read', async () => {
  const { there, to, carrying } = await scmStops(STAGING);
  await carrying;
  expect(filesIn(there, to)['media/last']).toBe(STAGING);
  // Around all that the other slot does.
  const [start, stop] = ['start', 'stop'].map((what) => `POST ${STAGING}/${what}`);
  expect(powered(there).filter((each) => each === start || each === stop)).toEqual([start, stop]);
  expect(powered(there).at(-1)).toBe(stop);
  expect([there.slot(STAGING).state, there.slot(to).state]).toEqual(['Stopped', 'Stopped']);
  expect(there.warnings).toEqual([]);
});

test.each<[string, string, (host: string) => boolean]>([
  ['another refusal of the live build’s', LIVE, (host) => host.startsWith('web-zdd-readonly.')],
  ['where production’s is stopped as well', LIVE, (host) => !host.startsWith('web-zdd-staging.')],
])('kept files that cannot be read stop it: %s', async (_what, from, refuses) => {
  const there = await stage();
  put(there, LIVE, { 'media/a': 'a' }, 10);
  there.slot(STAGING);
  const scene = await there.seen();
  const words = refuses('web.scm.azurewebsites.net') ? 'This web app is stopped.' : 'Forbidden.';
  let refused = 0;
  there.answering(({ url }) => {
    const { host } = new URL(url);
    if (!host.includes('.scm.') || !refuses(host)) return undefined;
    refused += 1;
    return answer(403, { Message: words });
  });
  const step = { kind: 'carry-files', slot: STAGING, from, folders: ['media/'], because: 'of visitors' } as const;
  await expect(carryFiles(scene, step)).rejects.toThrow(words);
  expect(refused).toBeLessThan(10);
});

test('where production’s SCM stops in the middle of it, it is not said twice where files come from', async () => {
  const there = await stage();
  for (const slot of [LIVE, 'production']) put(there, slot, { 'media/a': 'a' }, 10);
  there.slot(STAGING);
  const scene = await there.seen();
  there.answering(({ url }) => {
    const { host, pathname } = new URL(url);
    const isFile = host === 'web.scm.azurewebsites.net' && pathname.endsWith('/a');
    const refuses = host.startsWith('web-zdd-readonly.scm.') || isFile;
    return refuses ? answer(403, { Message: 'This web app is stopped.' }) : undefined;
  });
  const step = { kind: 'carry-files', slot: STAGING, from: LIVE, folders: ['media/'], because: 'of visitors' } as const;
  await expect(carryFiles(scene, step)).rejects.toThrow('web app is stopped');
  expect(there.warnings).toHaveLength(1);
});

test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
  ['nothing of it is to be kept', { 'keep-files': 'none' }, {}],
  ['it runs from a package, in which nobody writes', {}, { WEBSITE_RUN_FROM_PACKAGE: '1' }],
])('a slot is not read, for which it may have to run, where %s', async (_what, inputs, settings) => {
  const zip = await packaged();
  const { there } = await served(SINCE, inputs);
  Object.assign(there.slot(STAGING).occupant.settings, settings);
  const scene = await there.seen({ deploymentId: ID, record: recordOf(SINCE) });
  const read: string[] = [];
  there.answering(({ url }) => {
    if (/\.scm\./.test(url)) read.push(url);
    return undefined;
  });
  expect(await withVisitorsFiles(scene, STAGING, zip, scratch)).toBe(zip);
  expect(read).toEqual([]);
});
