import { expect, test } from '@jest/globals';
import { journalTags, lastEntry, windowTags, withJournal } from '../../src/deployment/journal.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { slot } from '../phases/observed.ts';

const OPEN: DeploymentRecord = {
  deploymentId: '20260131-k7m2x',
  app: 'rg/shop',
  run: 'contoso/shop/7001/1',
  actor: 'ann',
  lock: 'held',
  mode: 'read-only',
  databases: ['shop'],
  readonlySlot: 'zdd-readonly',
  stagingSlot: 'zdd-staging',
  profile: 'custom',
  requestedAt: '2026-01-31T14:00:00.0000000Z',
  windowOpenedAt: '2026-01-31T14:05:00.0000000Z',
  swaps: 1,
  settledSwaps: 1,
  attempt: 1,
  entry: 4,
};
const DEPLOY = { deployBegun: 'attempt 1', entry: 5 };
const journal = slot('zdd-readonly', { tags: { 'zdd-slot': 'yes' } });

test('only in the window, for one app, and in a slot that is not swapped, is the journal the place', () => {
  expect(journalTags(journal, OPEN, DEPLOY)).toMatchObject({ 'zdd-entry': '5', 'zdd-deploy-begun': 'attempt 1' });
  expect(journalTags(null, OPEN, DEPLOY)).toBeNull();
  expect(journalTags(journal, { ...OPEN, windowOpenedAt: undefined }, DEPLOY)).toBeNull();
  expect(journalTags(journal, { ...OPEN, windowClosedAt: OPEN.requestedAt }, DEPLOY)).toBeNull();
  expect(journalTags(journal, { ...OPEN, companions: ['rg/admin=read-only'] }, DEPLOY)).toBeNull();
  const underWay = { scope: 'code', attempt: 2, databases: 'settled' } as const;
  expect(journalTags(journal, { ...OPEN, rollbackUnderWay: underWay }, DEPLOY)).toBeNull();
  // What it has no tag for is recorded where it was.
  expect(journalTags(journal, OPEN, { ...DEPLOY, stoppedApps: ['rg/one'] })).toBeNull();
  const many = Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`team-${index}`, 'x']));
  expect(journalTags(slot('zdd-readonly', { tags: many }), OPEN, DEPLOY)).toBeNull();
});

test('what it says already is not written again, unless it was overtaken or put back meanwhile', () => {
  const written = { ...journal, tags: { ...journal.tags, ...journalTags(journal, OPEN, DEPLOY) } };
  const now = { ...OPEN, ...DEPLOY };
  expect(journalTags(written, now, { deployBegun: 'attempt 1', entry: 6 })).toEqual({});
  expect(journalTags(written, now, { deployBegun: 'attempt 2', entry: 6 })).toEqual({
    'zdd-deploy-begun': 'attempt 2',
    'zdd-entry': '6',
  });
  expect(journalTags(written, { ...now, entry: 9 }, { deployBegun: 'attempt 1', entry: 10 })).toEqual({
    'zdd-entry': '10',
  });
  // An entry of a dead run came late: it is not heeded where the databases have as many, although it says the same.
  expect(journalTags(written, { ...OPEN, entry: 5 }, { deployBegun: 'attempt 1', entry: 6 })).toEqual({
    'zdd-entry': '6',
  });
});

test('of record and journal the one with the higher number is right, whole', () => {
  const tags = { ...journalTags(journal, { ...OPEN, migrated: 1 }, { ...DEPLOY, migrated: undefined }) };
  const read = withJournal({ ...OPEN, migrated: 1 }, tags);
  expect(read).toMatchObject({ read: { deployBegun: 'attempt 1', entry: 5, migrated: undefined } });
  const newer = { ...OPEN, entry: 5, migrated: 1 };
  expect(withJournal(newer, tags)).toEqual({ read: newer });
  expect(lastEntry({ deploymentId: '20260130-zzzzz' }, tags)).toBe(0);
  expect(withJournal(OPEN, { ...tags, 'zdd-attempt': 'many' })).toMatchObject({ bad: [{ tag: 'zdd-attempt' }] });
});

const LATER = '2026-01-31T14:20:00.0000000Z';
const INTENT = {
  number: 2,
  purpose: 'complete',
  source: 'zdd-staging',
  sourceMarker: 'a',
  productionMarker: 'b',
  swapStatusBefore: '',
  at: LATER,
} as const;
/** All that changes while visitors can only read. */
const IN_WINDOW: Partial<DeploymentRecord> = {
  rollbackPoint: LATER,
  gap: '1: dbo.orders +1',
  intent: INTENT,
  swaps: 2,
  attempt: 2,
  fingerprint: 'f',
  deployBegun: 'x',
  migrated: 2,
  afterStart: 2,
  candidate: { role: 'new', attempt: 2, slot: 'zdd-staging' },
  otherWriters: 'reports',
  visitorsOnOriginalSince: LATER,
  verdict: { of: 'x', result: 'passed', by: 'ann' },
};

test('all that changes in the window goes to the journal, and is read from there', () => {
  const entry = { entry: 5 };
  expect(withJournal(OPEN, journalTags(journal, OPEN, { ...IN_WINDOW, ...entry }) ?? {})).toEqual({
    read: { ...OPEN, ...IN_WINDOW, ...entry },
  });
  const settled = { settledSwaps: 2, windowOpenedAt: LATER, swaps: 2 };
  expect(withJournal(OPEN, journalTags(journal, OPEN, { ...settled, ...entry }) ?? {})).toMatchObject({
    read: { ...OPEN, ...settled, ...entry },
  });
});

test('what stays as it is may be recorded with it, and nothing else that the journal has no tag for', () => {
  expect(journalTags(journal, OPEN, { ...DEPLOY, actor: OPEN.actor })).toEqual(journalTags(journal, OPEN, DEPLOY));
  expect(journalTags(journal, OPEN, { ...DEPLOY, actor: 'ben' })).toBeNull();
  expect(journalTags(journal, OPEN, { entry: 5, gap: IN_WINDOW.gap, rollbackPoint: LATER })).not.toBeNull();
});

test('a slot that is about to be swapped is not written to', () => {
  expect(journalTags(journal, OPEN, { entry: 5, intent: { ...INTENT, source: 'zdd-readonly' } })).toBeNull();
  expect(journalTags(journal, OPEN, { entry: 5, intent: INTENT })).not.toBeNull();
});

test('a slot takes fifty tags, those of other people among them, and no tag says what is not there', () => {
  const own = new Set([...Object.keys(windowTags({})), 'zdd-deployment']).size;
  const teams = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`team-${at}`, 'x']));
  const on = (count: number) => journalTags(slot('zdd-readonly', { tags: teams(count) }), OPEN, DEPLOY);
  expect([on(50 - own) === null, on(51 - own) === null]).toEqual([false, true]);
  expect(Object.values(on(0) ?? {})).not.toContain('-');
});

test('what a record does not have is cleared in every tag that the journal may hold', () => {
  const all = Object.keys(windowTags({ ...IN_WINDOW, settledSwaps: 2, windowOpenedAt: LATER, entry: 5 }));
  expect(windowTags({})).toEqual(Object.fromEntries(all.map((tag) => [tag, '-'])));
});

test.each(['zdd-swaps', 'zdd-settled-swaps', 'zdd-attempt'])('without %s no journal is read', (tag) => {
  const tags = journalTags(journal, OPEN, DEPLOY) ?? {};
  expect(withJournal(OPEN, { ...tags, [tag]: '-' })).toMatchObject({ bad: [{ tag }] });
});
