import { expect, test } from '@jest/globals';
import { inputsFor, suspendedText, toResume, toSuspend, unnamed } from '../../src/deployment/suspended.ts';
import { type Suspended, suspendedEntry, suspendedIn, suspendedOf } from '../../src/deployment/suspended-entry.ts';
import { refuseRestart, refuseUnnamed, resumeSteps, suspendSteps } from '../../src/phases/suspended.ts';
import { settings } from '../phases/observed.ts';
import { rows } from '../phases/rows.ts';
import { type Differences, seen } from '../phases/seen.ts';

const STICKY = { appSettings: ['Shop_Mode', 'OTHER'], connectionStrings: ['Db_Search'], mounts: [] };
const TEAM = [
  { name: 'QA', id: 'qa', autoSwapWith: 'Production' },
  { name: 'dev', id: 'dev', autoSwapWith: 'qa' },
  { name: 'old', id: 'old', autoSwapWith: null },
];
const NAMED = { pauseAutoSwap: ['qa', 'DEV', 'old'], releaseSlotSettings: ['shop_mode', 'db_search', 'unknown'] };
const ALL: readonly Suspended[] = [
  { kind: 'auto-swap', name: 'QA' },
  { kind: 'app-setting', name: 'Shop_Mode' },
  { kind: 'connection-string', name: 'Db_Search' },
];
const look = { app: { sticky: STICKY }, teamSlots: TEAM };

test('put off is what is named and in force: auto-swap into production alone, and settings that are slot settings', () => {
  expect(toSuspend(NAMED, look)).toEqual(ALL);
  expect(toSuspend({ pauseAutoSwap: [], releaseSlotSettings: [] }, look)).toEqual([]);
});

test('put back is what was put off and is not in force again', () => {
  const record = { suspended: ALL.map(suspendedEntry) } as never;
  expect(toResume({ ...look, record })).toEqual([]);
  const off = {
    app: { sticky: { ...STICKY, appSettings: [], connectionStrings: [] } },
    teamSlots: [{ ...TEAM[0], name: 'qa', id: 'qa', autoSwapWith: null }],
  };
  expect(toResume({ ...off, record })).toEqual(ALL);
  expect(toResume({ ...off, teamSlots: [], record })).toEqual(ALL.slice(1));
  expect(toResume({ ...off, record: null })).toEqual([]);
});

test('what was recorded and is not named is left: a tag alone must not decide about it', () => {
  const entries = ALL.map(suspendedEntry);
  expect(unnamed(NAMED, entries)).toEqual([]);
  expect(unnamed({ ...NAMED, pauseAutoSwap: [] }, entries)).toEqual(ALL.slice(0, 1));
  expect(unnamed({ ...NAMED, releaseSlotSettings: ['SHOP_MODE'] }, entries)).toEqual(ALL.slice(2));
  expect(unnamed(NAMED, undefined)).toEqual([]);
});

test('an entry of the record is read as what was written, and nothing else is taken for one', () => {
  for (const each of [...ALL, { kind: 'app-setting', name: "A:B;C=D (é)'!" } as const]) {
    expect(suspendedEntry(each)).not.toMatch(/[:;]/);
    expect(suspendedOf(suspendedEntry(each))).toEqual(each);
  }
  expect(suspendedIn(['auto-swap=qa', 'other=qa', 'auto-swap=', 'auto-swap=%', 'app-setting=a/b'])).toEqual([
    { kind: 'auto-swap', name: 'qa' },
  ]);
});

test('people read what is put off, and the inputs that name it', () => {
  expect(suspendedText(ALL)).toBe('auto-swap of QA is off, and Shop_Mode, Db_Search are no slot settings');
  expect(suspendedText(ALL.slice(1, 2))).toBe('Shop_Mode is no slot setting');
  expect(suspendedText([])).toBe('');
  expect(inputsFor(ALL)).toBe('pause-auto-swap: QA and release-slot-settings: Shop_Mode, Db_Search');
  expect(inputsFor(ALL.slice(0, 1))).toBe('pause-auto-swap: QA');
});

test('it is recorded before it is put off, once, and put back by kind', () => {
  const inputs = { 'pause-auto-swap': 'qa', 'release-slot-settings': 'Shop_Mode,Db_Search' };
  const steps = (differences: Differences) => {
    const { observed } = seen(rows.cloned, 'read-only', differences);
    const asked = settings({ phase: 'read-only', ...inputs });
    const changed = { ...observed, app: { ...observed.app, sticky: STICKY }, teamSlots: TEAM };
    return suspendSteps(asked, changed).flatMap((step) => step || []);
  };
  const entries = ALL.map(suspendedEntry).toSorted();
  expect(steps({})).toMatchObject([
    { kind: 'record', fields: { suspended: entries } },
    { kind: 'set-auto-swap', slot: 'QA', to: 'off' },
    { kind: 'set-slot-settings', appSettings: ['Shop_Mode'], connectionStrings: ['Db_Search'], to: 'off' },
  ]);
  expect(steps({ record: { suspended: entries } }).map(({ kind }) => kind)).toEqual([
    'set-auto-swap',
    'set-slot-settings',
  ]);
  expect(steps({ record: { suspended: entries.slice(0, 1) } })[0]).toMatchObject({ fields: { suspended: entries } });
  const { observed } = seen(rows.completed, 'cleanup', { record: { suspended: entries } });
  const off = { ...observed, teamSlots: [{ name: 'QA', id: 'qa', autoSwapWith: null }] };
  expect(resumeSteps(off)).toMatchObject([
    { kind: 'set-auto-swap', to: 'on' },
    { kind: 'set-slot-settings', to: 'on' },
  ]);
});

test('each of them says why, and nothing is recorded where nothing is put off', () => {
  const because = expect.stringMatching(/./);
  const { observed } = seen(rows.completed, 'cleanup', { record: { suspended: ALL.map(suspendedEntry) } });
  const off = { ...observed, teamSlots: [{ name: 'QA', id: 'qa', autoSwapWith: null }] };
  expect(resumeSteps(off)).toMatchObject([{ because }, { because }]);
  expect(resumeSteps({ ...off, record: null })).toEqual([]);
  const recorded = seen(rows.cloned, 'read-only', { record: { suspended: ['auto-swap=qa'] } });
  expect(suspendSteps(recorded.known, recorded.observed)).toEqual([]);
  // What was put off before stays recorded.
  const asked = { ...recorded.known, ...NAMED };
  const changed = { ...recorded.observed, app: { ...recorded.observed.app, sticky: STICKY } };
  expect(suspendSteps(asked, changed)[0]).toMatchObject({
    fields: { suspended: expect.arrayContaining(['auto-swap=qa', 'app-setting=Shop_Mode']) },
  });
});

test('a deployment does not end as long as somebody has not said what is put back', () => {
  const { known, observed } = seen(rows.completed, 'cleanup', { record: { suspended: ['auto-swap=qa'] } });
  expect(() => refuseUnnamed(known, observed)).toThrow('auto-swap of qa is off');
  expect(() => refuseUnnamed({ ...known, ...NAMED }, observed)).not.toThrow();
});

test.each<[string, readonly Suspended[], string, RegExp | undefined]>([
  [
    'is not restarted where it would not find its database',
    ALL,
    'shop-renamed',
    /^Database shop is now named shop-renamed\./,
  ],
  ['is where it does', ALL, 'SHOP', undefined],
  ['does not restart for an auto-swap', ALL.slice(0, 1), 'shop-renamed', undefined],
])('production %s', (_what, suspended, name, refused) => {
  const { observed } = seen(rows.completed, 'cleanup', { record: { suspended: suspended.map(suspendedEntry) } });
  const databases = observed.databases.map((pair) => ({
    ...pair,
    original: pair.original && { ...pair.original, name },
  }));
  const restarts = () => refuseRestart({ ...observed, databases });
  if (refused === undefined) expect(restarts).not.toThrow();
  else expect(restarts).toThrow(refused);
});
