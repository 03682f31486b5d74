import { expect, test } from '@jest/globals';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { warningsOf } from '../../src/summary/warnings.ts';
import { settings } from '../phases/observed.ts';
import { afterDeploy, slot } from './observed.ts';

const asked = settings({ phase: 'cleanup' });
const LIVE = slot('production', 'shop', undefined, 'Running');

test.each<[string, Partial<DeploymentRecord>, string]>([
  [
    'before the window',
    { windowOpenedAt: undefined },
    'everything that visitors write during the window goes to the clone and will be lost when it is deleted.',
  ],
  ['in the window', {}, 'everything that visitors write now goes to the clone and will be lost when it is deleted.'],
  [
    'after the window',
    { windowClosedAt: '2026-01-31T14:09:00Z' },
    'what visitors wrote from 2026-01-31T14:05:00Z to 2026-01-31T14:09:00Z went to the clone and will be lost when "cleanup" deletes it: take out of it before what you need.',
  ],
])('mode read-write says what will be lost: %s', (_name, fields, words) => {
  expect(warningsOf(asked, afterDeploy({ mode: 'read-write', ...fields }))).toEqual([`Mode read-write: ${words}`]);
});

test('after cleanup mode read-write says what was lost', () => {
  const before = afterDeploy({ mode: 'read-write', windowClosedAt: '2026-01-31T14:09:00Z' });
  expect(warningsOf(asked, { ...before, record: null }, before)).toEqual([
    'Mode read-write: what visitors wrote from 2026-01-31T14:05:00Z to 2026-01-31T14:09:00Z went to the clone and was deleted with it.',
  ]);
});

test('who swapped the live build out before the window hears of it again when cleanup has ended the deployment', () => {
  const swapStatus = { at: '2026-01-31T14:04:00Z', source: 'zdd-staging', destination: 'production' };
  const seen = afterDeploy({ swaps: 0 });
  const staging = slot('zdd-staging', 'shop', undefined, 'Stopped');
  const before = { ...seen, production: { ...LIVE, swapStatus }, stagingSlot: staging };
  const ended = { ...before, record: null };
  expect(warningsOf(asked, ended, before)).toEqual([
    expect.stringMatching(
      /^Slot zdd-staging of \S+ was swapped with production by hand.*swap it back: az webapp start .*--slot zdd-staging; az webapp deployment slot swap .*--slot zdd-staging\b/,
    ),
  ]);
  // As long as it is open "status" fails by it; and who swapped nothing is told nothing.
  expect(warningsOf(asked, before)).toEqual([]);
  expect(warningsOf(asked, { ...seen, record: null }, seen)).toEqual([]);
});

test('a window longer than max-read-only-minutes is told by every phase, while it is open and when it is over', () => {
  const limited = { ...asked, maxReadOnlyMinutes: 60 };
  const told = (now: string, windowClosedAt?: string) =>
    warningsOf(limited, { ...afterDeploy(windowClosedAt === undefined ? {} : { windowClosedAt }), now });
  expect(told('2026-02-03T14:05:59Z')).toEqual([
    'Visitors have been on the read-only copy for 4320 minutes, longer than max-read-only-minutes (60).',
  ]);
  expect(told('2026-02-03T14:05:59Z', '2026-01-31T15:06:00Z')).toEqual([
    'Visitors were on the read-only copy for 61 minutes, longer than max-read-only-minutes (60).',
  ]);
  // 60 minutes are no longer than 60, and what was closed in time stays so.
  expect(told('2026-01-31T15:05:59Z')).toEqual([]);
  expect(told('2026-02-03T14:05:59Z', '2026-01-31T15:05:00Z')).toEqual([]);
  expect(warningsOf(asked, { ...afterDeploy({}), now: '2026-02-03T14:05:59Z' })).toEqual([]);
});

test('a live build that somebody swapped back has its WebJobs stopped: they are named with the command, also after cleanup', () => {
  const before = { ...afterDeploy({ stoppedJobs: ['mails', 'stock'] }), production: LIVE };
  const start = 'az webapp webjob continuous start --resource-group rg --name shop --webjob-name';
  const said = ['mails', 'stock'].map(
    (job) =>
      `WebJob ${job} of the live build, which production serves, has been stopped since "switch". Start it with: ${start} ${job}`,
  );
  expect(warningsOf(asked, before)).toEqual(said);
  expect(warningsOf(asked, { ...before, record: null }, before)).toEqual(said);
});

test('a live build that is kept has its WebJobs stopped; one that is emptied has none', () => {
  const before = afterDeploy({ stoppedJobs: ['stock'], completedAt: '2026-01-31T14:09:00Z' });
  expect(warningsOf({ ...asked, keepLiveBuild: true }, { ...before, record: null }, before)).toEqual([
    'WebJob stock of the live build, kept in slot zdd-readonly, has been stopped since "switch". When the build is used again, start it with: az webapp webjob continuous start --resource-group rg --name shop --slot zdd-readonly --webjob-name stock',
  ]);
  expect(warningsOf(asked, { ...before, record: null }, before)).toEqual([]);
});

test('while the live build waits for its turn its WebJobs are stopped as they should be', () => {
  expect(warningsOf(asked, afterDeploy({ stoppedJobs: ['stock'] }))).toEqual([]);
});

test('a rollback of the database says what it took out of it, and where it still is', () => {
  const before = afterDeploy({ visitorsOnOriginalSince: '2026-01-31T14:07:00Z' });
  const databases = before.databases.map((pair) => ({
    ...pair,
    successorId: 'restored',
    underName: pair.original && { ...pair.original, databaseId: 'restored' },
    setAside: pair.clone ? [{ ...pair.clone, name: 'shop-zdd-20260131-k7m2x-failed', id: '/failed' }] : [],
  }));
  expect(warningsOf(asked, { ...before, databases })[0]).toBe(
    'A rollback has taken out of shop what was written after 2026-01-31T14:05:09.1234567Z, also what visitors wrote since 2026-01-31T14:07:00Z. It is still in shop-zdd-20260131-k7m2x-failed.',
  );
});

test('of visitors who came after a rollback of the database it says nothing', () => {
  const before = afterDeploy({ visitorsOnOriginalSince: '2026-01-31T15:07:00Z' });
  const databases = before.databases.map((pair) => ({
    ...pair,
    successorId: 'restored',
    underName: pair.original && { ...pair.original, databaseId: 'restored', creationDate: '2026-01-31T15:00:00Z' },
  }));
  expect(warningsOf(asked, { ...before, databases })[0]).toBe(
    'A rollback has taken out of shop what was written after 2026-01-31T14:05:09.1234567Z.',
  );
});

test('what the proofs of a run could not tell is in its summary', () => {
  const before = afterDeploy({});
  const doubtful = { ...before, thisRun: { ...before.thisRun, unproven: ['Nobody was seen.'] } };
  expect(warningsOf(asked, doubtful)).toEqual(['Nobody was seen.']);
});
