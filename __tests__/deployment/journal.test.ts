import { expect, test } from '@jest/globals';
import { journalTags, lastEntry, withJournal } from '../../src/deployment/journal.ts';
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
