import { describe, expect, test } from '@jest/globals';
import { readOnly } from '../../src/phases/read-only.ts';
import { readOnlyCopy } from '../../src/phases/read-only-copy.ts';
import type { Step } from '../../src/steps/steps.ts';
import { slot } from './observed.ts';
import { beside, type Picture, start } from './picture.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';
import { after as played } from './walk.ts';

function found(picture: Picture, differences: Differences = {}) {
  const { known, observed } = seen(picture, 'read-only', differences);
  return stopOr(() => readOnly.plan(known, observed));
}

function steps(picture: Picture, differences: Differences = {}): readonly Step[] {
  const plan = found(picture, differences);
  if (!Array.isArray(plan)) throw plan;
  return plan.flat();
}

const kinds = (...given: Parameters<typeof steps>) => steps(...given).map(({ kind }) => kind);
const SAID = { because: expect.any(String) };
const { observed: ready } = seen(rows.ready, 'read-only');
const PROVEN = { proven: { 'zdd-readonly': ready.readonlySlot?.markerText ?? '' } };

test('what is agreed for the copy comes before it, and its proof and what is told of it after', () => {
  const { app } = seen(rows.cloned, 'read-only').observed;
  const plan = kinds(rows.cloned, {
    inputs: {
      ...{ 'plan-sku': 'P1v3', 'copy-command': 'npm run tell', 'setup-command': 'npm ci' },
      ...{ 'keep-files': 'media/', 'release-slot-settings': 'SHOP_NAME' },
    },
    look: { app: { ...app, sticky: { ...app.sticky, appSettings: ['SHOP_NAME'] } } },
  });
  const first = ['record', 'set-slot-settings', 'scale-plan', 'set-up', 'tell-copy', 'create-slot'];
  expect(plan.slice(0, first.length)).toEqual(first);
  expect(plan.slice(-3)).toEqual(['carry-files', 'prove-instance', 'record']);
});

test('the new build waits in its slot without being started, and nothing waits where none is given', () => {
  const plan = steps(rows.cloned);
  const of = (name: string) => plan.filter((step) => 'slot' in step && step.slot === name).map(({ kind }) => kind);
  const bring = ['create-slot', 'stop-slot', 'write-settings'];
  expect(of('zdd-staging')).toEqual([...bring, 'upload-build', 'write-settings']);
  expect(of('zdd-readonly')).toEqual([...bring, 'copy-build', 'write-settings', 'start-slot', 'prove-instance']);
  for (const step of plan) expect(step).toMatchObject(SAID);
  const bare = steps(rows.cloned, { inputs: { package: '', 'keep-files': 'media/' } });
  expect(bare.filter((step) => 'slot' in step && step.slot === 'zdd-staging')).toEqual([]);
});

describe('nothing is prepared', () => {
  test.each<[string, Picture, Differences, object]>([
    ['without finished clones', rows.cloned, { record: { cloned: undefined } }, { kind: 'refused' }],
    ['on drift', rows.cloned, { record: { deployBegun: '2026-01-31T14:00:00.000Z' } }, { kind: 'drifted' }],
    ['without the clone', rows.cloned, { look: { recordIn: 'mirror' } }, { kind: 'drifted' }],
    [
      'once visitors are on a new build',
      rows.completed,
      {},
      { happened: expect.stringContaining('on the live build') },
    ],
  ])('%s', (_what, picture, differences, stop) => {
    expect(found(picture, differences)).toMatchObject(stop);
  });
  test('while a clone is not online', () => {
    const databases = ready.databases.map((pair) => ({
      ...pair,
      clone: pair.clone && { ...pair.clone, status: 'Paused' as const },
    }));
    expect(found(rows.cloned, { look: { databases } })).toMatchObject({
      happened: expect.stringContaining('not online'),
    });
  });
});

test('a copy is proven once a run, as it is, and what was seen of it is recorded where that is new', () => {
  const proof = { kind: 'prove-instance', slot: 'zdd-readonly', as: 'read-only-copy', ...SAID };
  expect(steps(rows.ready)).toEqual([proof]);
  expect(steps(rows.ready, { run: { proven: { 'zdd-readonly': 'another' } } })).toEqual([proof]);
  expect(steps(rows.ready, { run: PROVEN })).toEqual([]);
  const record = (copy: string) => ({ kind: 'record', fields: { readOnlyReady: { at: ready.now, copy } }, ...SAID });
  expect(steps(rows.ready, { run: { ...PROVEN, copyUnseen: true } })).toEqual([record('unseen')]);
  expect(steps(rows.ready, { run: { copyUnseen: true } })).toEqual([proof]);
  const done = [{ kind: 'start-slot', subject: 'zdd-readonly' }];
  expect(steps(rows.ready, { record: { readOnlyReady: undefined }, run: { ...PROVEN, done } })).toEqual([
    record('seen'),
  ]);
  // Without a slot there is nothing that could have been proven, and what is changed is proven anew.
  expect(kinds(rows.cloned, { run: PROVEN })).toContain('prove-instance');
  const stopped = slot('zdd-readonly', { ...ready.readonlySlot, state: 'Stopped' });
  expect(kinds(rows.ready, { run: PROVEN, look: { readonlySlot: stopped } })).toEqual(['start-slot', 'prove-instance']);
});

test('a copy that a run which is gone has started is started anew', () => {
  const gone = { record: { readOnlyReady: undefined } };
  const ofCopy = { slot: 'zdd-readonly', ...SAID };
  expect(steps(rows.ready, gone).slice(0, 2)).toEqual([
    { kind: 'stop-slot', ...ofCopy },
    { kind: 'start-slot', ...ofCopy },
  ]);
  const done = [{ kind: 'start-slot', subject: 'zdd-readonly' }];
  expect(kinds(rows.ready, { ...gone, run: { done } })).toEqual(['prove-instance', 'record']);
  const production = slot('production', { ...ready.production, routed: true });
  expect(found(rows.ready, { ...gone, look: { production } })).toMatchObject({ kind: 'refused' });
  expect(kinds(rows.ready, { look: { production } })).toEqual(['prove-instance']);
});

test('who has to find the copy is told before it starts, once, and not where nothing of it changes', () => {
  const asked = { inputs: { 'copy-command': 'npm run tell' } };
  const tell = { kind: 'tell-copy', command: 'npm run tell', ...SAID };
  expect(steps(rows.cloned, asked)).toContainEqual(tell);
  expect(kinds(rows.cloned)).not.toContain('tell-copy');
  const done = [{ kind: 'tell-copy', subject: '' }];
  expect(kinds(rows.cloned, { ...asked, run: { done } })).not.toContain('tell-copy');
  expect(kinds(played([['read-only', asked.inputs]], rows.cloned), asked)).not.toContain('tell-copy');
});

describe('an app that moves along', () => {
  const KEY = 'shop-rg/search';
  const theirs = (does: 'build' | 'read-only', inputs: Readonly<Record<string, string>> = {}) => {
    const APPS = { 'other-apps': 'search = read-only', ...inputs };
    const cloned = played([['clone', APPS]], beside(start(), { [KEY]: does }));
    return steps(cloned, { inputs: APPS }).filter(({ of }) => of === KEY);
  };
  test('gets a copy of its own, proven as its own, and a new build only where it has one', () => {
    const copy = theirs('read-only', { 'plan-sku': 'P1v3' });
    expect(copy.map(({ kind }) => kind)).toEqual([
      ...['scale-plan', 'create-slot', 'stop-slot', 'write-settings'],
      ...['copy-build', 'write-settings', 'start-slot', 'prove-instance'],
    ]);
    const build = theirs('build', { 'keep-files': '/home/site/scripts/' });
    const waits = build.filter((step) => 'slot' in step && step.slot === 'zdd-staging').map(({ kind }) => kind);
    const bring = ['create-slot', 'stop-slot', 'write-settings', 'upload-build', 'carry-files', 'write-settings'];
    expect(waits).toEqual(bring);
  });

  test('is told of its copy also where that of the first app is ready', () => {
    const TOLD = { 'copy-command': 'npm run tell', 'other-apps': 'search = read-only' };
    const { companions } = seen(
      played([['clone', TOLD]], beside(start(), { [KEY]: 'read-only' })),
      'read-only',
    ).observed;
    const first = played([['read-only', { 'copy-command': 'npm run tell' }]], rows.cloned);
    expect(kinds(first, { inputs: TOLD, look: { companions } })).toContain('tell-copy');
  });
});

describe('the read-only copy', () => {
  const of = (differences: Differences = {}) => {
    const { known, observed } = seen(rows.cloned, 'read-only', differences);
    return readOnlyCopy(known, observed, 'zdd-readonly');
  };
  const production = (differences: Parameters<typeof slot>[1]) => ({
    look: { production: slot('production', { ...ready.production, ...differences }) },
  });

  test('is given the build of the live one, but where its settings name that', () => {
    expect(of()).toMatchObject({ name: 'zdd-readonly', slot: null, run: true, beside: [], ...SAID });
    expect(of().content).toEqual({ kind: 'copy-build', slot: 'zdd-readonly', ...SAID });
    expect(of(production({ travelling: { linuxFxVersion: 'DOCKER|shop:1' } })).content).toBeUndefined();
    const url = { WEBSITE_RUN_FROM_PACKAGE: 'https://blob/shop.zip' };
    expect(of(production({ appSettings: url })).content).toBeUndefined();
    expect(of({ inputs: { 'current-package': '/release/old.zip' } }).content?.because).toContain('current-package');
    expect(of().content?.because).not.toContain('current-package');
  });
});
