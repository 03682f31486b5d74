import { expect, test } from '@jest/globals';
import { strToU8 } from 'fflate';
import { addContent, contentOf } from '../../simulator/model/web/content.ts';
import { applyBuild } from '../../src/apply/builds.ts';
import { MARKER_SETTING } from '../../src/deployment/marker.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { freshRun } from '../../src/deployment/this-run.ts';
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
