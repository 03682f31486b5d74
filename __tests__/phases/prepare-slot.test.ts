import { expect, test } from '@jest/globals';
import type { Slot } from '../../src/deployment/observed.ts';
import type { ThisRun } from '../../src/deployment/this-run.ts';
import { type Preparation, prepareSlot, refuseRouted, sameSettings, uploadOf } from '../../src/phases/prepare-slot.ts';
import { connectionTo, ID, observed, PACKAGE, settings, slot } from './observed.ts';
import { stopOr } from './seen.ts';

const NAME = 'zdd-staging';
const DISARMED = { appSettings: { ZDD_INSTANCE: `${ID}/new/0` }, connectionStrings: {} };
const FINAL = { appSettings: { ZDD_INSTANCE: `${ID}/new/0`, ZDD_BUILD: 'e'.repeat(64) }, connectionStrings: {} };
const OURS = { tags: { 'zdd-slot': 'yes' }, state: 'Stopped' };

function wanted(held: Slot | null, run: boolean): Preparation {
  const content = uploadOf(PACKAGE, NAME, 'it is not there yet');
  return { name: NAME, slot: held, disarmed: DISARMED, final: FINAL, content, run, because: 'it is wanted' };
}

function steps(held: Partial<Slot> | null, { run = false, inputs = {}, thisRun = {}, production = {} }: Given = {}) {
  const found = held && slot(NAME, { ...OURS, ...held });
  const base = observed();
  const look = {
    ...base,
    production: slot('production', production),
    stagingSlot: found,
    thisRun: { ...base.thisRun, ...thisRun },
  };
  return stopOr(() => prepareSlot(settings(inputs), look, wanted(found, run)).flat());
}

interface Given {
  readonly run?: boolean;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly thisRun?: Partial<ThisRun>;
  readonly production?: Partial<Slot>;
}

function kinds(...given: Parameters<typeof steps>): unknown {
  const found = steps(...given);
  return Array.isArray(found) ? found.map(({ kind }) => kind).join(' ') : found;
}

test('a slot that is not there is made, stopped, disarmed, given its build and then its settings', () => {
  expect(kinds(null)).toBe('create-slot stop-slot write-settings upload-build write-settings');
  expect(kinds(null, { run: true })).toBe(
    'create-slot stop-slot write-settings upload-build write-settings start-slot',
  );
  expect(steps(null)).toMatchObject([{}, {}, { settings: DISARMED }, { build: PACKAGE }, { settings: FINAL }]);
});

test('one that runs is stopped before anything is written', () => {
  expect(kinds({ state: 'Running' })).toBe('stop-slot write-settings upload-build write-settings');
  expect(kinds({})).toBe('write-settings upload-build write-settings');
});

test('what is seen to be done is not done again', () => {
  expect(kinds(DISARMED)).toBe('upload-build write-settings');
  expect(kinds(DISARMED, { thisRun: { uploaded: { [NAME]: 'x' } } })).toBe('write-settings');
  expect(kinds({}, { thisRun: { uploaded: { [NAME]: 'x' } } })).toBe('write-settings');
  expect(kinds(FINAL)).toBe('');
  expect(kinds({ ...FINAL, state: 'Running' })).toBe('stop-slot');
  expect(kinds(FINAL, { run: true })).toBe('start-slot');
  expect(kinds({ ...FINAL, state: 'Running' }, { run: true })).toBe('');
  // The build is there, by its setting; the rest is not as it should be.
  const other = { ...FINAL, appSettings: { ...FINAL.appSettings, LEFT: 'over' } };
  expect(kinds(other)).toBe('write-settings');
  const build = { ...other, appSettings: { ...other.appSettings, ZDD_BUILD: 'f'.repeat(64) } };
  expect(kinds(build)).toContain('upload-build');
  const elsewhere = { ...other, appSettings: { ...other.appSettings, ZDD_INSTANCE: '20260101-aaaaa/new/0' } };
  expect(kinds(elsewhere)).toContain('upload-build');
});

test('a slot of somebody else is left alone, unless it is given to the action', () => {
  expect(steps({ tags: {} })).toMatchObject({ kind: 'refused', happened: expect.stringContaining('does not belong') });
  expect(kinds({ tags: {} }, { inputs: { 'adopt-slots': 'true' } })).toMatch(/^tag-slot write-settings/);
  expect(kinds({ tags: {}, ...FINAL }, { inputs: { 'adopt-slots': 'true' } })).toBe('');
});

test('a slot that visitors may be routed to is not written, and may be as it is', () => {
  expect(steps({}, { production: { routed: true } })).toMatchObject({ kind: 'refused' });
  expect(kinds(FINAL, { production: { routed: true } })).toBe('');
  expect(stopOr(() => refuseRouted(observed()))).toBeUndefined();
});

test('what a swap carries along is brought to the slot before its settings', () => {
  expect(kinds({ travelling: { nodeVersion: '18' } })).toBe('match-config write-settings upload-build write-settings');
  expect(kinds({ ...FINAL, travelling: { nodeVersion: '18' } })).toBe('match-config write-settings');
  const done = { done: [{ kind: 'match-config', subject: NAME }] } as const;
  expect(kinds({ ...FINAL, travelling: { nodeVersion: '18' } }, { thisRun: done })).toBe('');
});

test('only a package is uploaded', () => {
  expect(uploadOf(null, NAME, '')).toBeUndefined();
  expect(uploadOf({ kind: 'image', image: 'shop:2' } as never, NAME, '')).toBeUndefined();
});

test('settings are the same when all of them are, whatever their order', () => {
  const held = slot(NAME, { appSettings: { A: '1', B: '2' }, connectionStrings: connectionTo('shop') });
  const same = { appSettings: { B: '2', A: '1' }, connectionStrings: connectionTo('shop') };
  expect(sameSettings(held, same)).toBe(true);
  expect(sameSettings(held, { ...same, appSettings: { A: '1' } })).toBe(false);
  expect(sameSettings(held, { ...same, connectionStrings: {} })).toBe(false);
});

test('what is done to a slot says which, and why', () => {
  const because = expect.any(String);
  const adopted = steps({ tags: {} }, { inputs: { 'adopt-slots': 'true' } });
  expect(adopted).toMatchObject([{ kind: 'tag-slot', slot: NAME, tags: { 'zdd-slot': 'yes' }, because }, {}, {}, {}]);
  // Also where nothing else of it has to be changed but what a swap carries.
  const travelling = { nodeVersion: '18' };
  const taken = kinds({ ...FINAL, tags: {}, travelling }, { inputs: { 'adopt-slots': 'true' } });
  expect(taken).toMatch(/^match-config|^tag-slot/);
  expect(steps(null)).toMatchObject([{ because: 'it is wanted' }, { because }, { because }, { because }, { because }]);
});

test('settings that are the build need no upload, and what lies beside it is brought before they are written', () => {
  const because = 'it lies beside';
  const beside = [{ kind: 'carry-files', slot: NAME, from: 'production', folders: ['/home/x/'], because }] as const;
  const plan = (differences: Partial<Preparation>) =>
    prepareSlot(settings(), observed(), { ...wanted(null, false), ...differences })
      .flat()
      .map(({ kind }) => kind);
  const made = ['create-slot', 'stop-slot', 'write-settings'];
  expect(plan({ content: undefined, beside })).toEqual([...made, 'carry-files', 'write-settings']);
  const held = slot(NAME, { ...OURS, appSettings: { A: '1' } });
  expect(plan({ slot: held, content: undefined })).toEqual(['write-settings']);
});

test('a slot that would come back as somebody else is not made anew', () => {
  const value =
    'Server=tcp:shop-sql.database.windows.net;Database=shop;Authentication=Active Directory Managed Identity';
  const { site } = slot('production');
  const production = {
    connectionStrings: { Db: { value, type: 'SQLAzure' } },
    site: { ...site, identity: { ...site.identity, type: 'SystemAssigned' } },
  };
  expect(steps(null, { production })).toMatchObject({ happened: expect.stringContaining('another identity') });
});
