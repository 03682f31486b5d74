import { expect, test } from '@jest/globals';
import type { Observed, Slot } from '../../src/deployment/observed.ts';
import { headlineOf } from '../../src/summary/headline.ts';
import { whereabouts } from '../../src/summary/whereabouts.ts';
import { afterDeploy, clone, slot } from './observed.ts';

const ID = '20260131-k7m2x';
const inProduction = (role: 'read-only' | 'new' | 'live', id = ID) =>
  slot('production', role === 'read-only' ? clone : 'shop', { deploymentId: id, role, attempt: 1 }, 'Running');

/** A look after `complete`: the candidate serves. */
function completed(role: 'new' | 'live', now: string): Observed {
  const observed = afterDeploy({
    windowClosedAt: '2026-01-31T14:20:00Z',
    completedAt: '2026-01-31T14:21:00Z',
    visitorsOnOriginalSince: '2026-01-31T14:20:00Z',
  });
  return { ...observed, now, production: inProduction(role) };
}

test('in the window it says since when, and what it means for writing', () => {
  expect(headlineOf(afterDeploy())).toBe(
    `🟡 Visitors are on the read-only copy on ${clone} (clone) since 14:05 UTC (5 min): they can read, and not write.`,
  );
  expect(headlineOf(afterDeploy({ mode: 'read-write' }))).toBe(
    `🟡 Visitors are on the copy (read-write) on ${clone} (clone) since 14:05 UTC (5 min): what they write is lost in the end.`,
  );
});

test('after it, who serves and since when, with the date on another day', () => {
  expect(headlineOf(completed('new', '2026-01-31T15:25:00Z'))).toBe(
    '🟢 Visitors are on the new build on shop (original) since 14:20 UTC (1 h 5 min).',
  );
  expect(headlineOf(completed('live', '2026-02-03T15:25:00Z'))).toBe(
    '🟢 Visitors are on the live build on shop (original) since 2026-01-31 14:20 UTC (3 days).',
  );
});

test('a production that is stopped is the first thing to know', () => {
  const stopped = { ...afterDeploy(), production: slot('production', 'other', undefined, 'Stopped') };
  expect(headlineOf(stopped)).toBe(
    '🔴 Production is STOPPED, so visitors are affected. It holds the live build on other (not part of this deployment).',
  );
});

test('of an earlier deployment it says what became of it: a build that was rolled back is the old one', () => {
  const without = { ...afterDeploy(), record: null, readonlySlot: null, stagingSlot: null };
  const said = (production: Slot) => headlineOf({ ...without, production });
  expect(said(inProduction('new', '20260101-aaaaa'))).toContain(
    'on the new build of deployment 20260101-aaaaa on shop',
  );
  expect(said(inProduction('live', '20260101-aaaaa'))).toContain(
    'on the build of before deployment 20260101-aaaaa (rolled back) on shop',
  );
});

test('a copy in production that no record tells of is no good news, and the live build is found', () => {
  const lost = { ...afterDeploy(), record: null };
  expect(headlineOf(lost)).toMatch(/^🟡 Visitors are on the read-only copy of deployment 20260131-k7m2x/);
  expect(whereabouts(lost).map(({ slot: name, holds }) => [name, holds])).toEqual([
    ['production', `read-only copy of deployment ${ID}`],
    ['zdd-readonly', 'probably the live build'],
    ['zdd-staging', 'nothing of this deployment'],
  ]);
});
