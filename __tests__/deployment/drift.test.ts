import { expect, test } from '@jest/globals';
import { anyDrift, driftOf, lostClone, lostLiveBuild } from '../../src/deployment/drift.ts';
import type { Companion, Slot } from '../../src/deployment/observed.ts';
import type { Candidate } from '../../src/deployment/record.ts';
import { CLONE, connectionTo, ID, slot } from '../phases/observed.ts';
import { rows } from '../phases/rows.ts';
import { type Differences, seen } from '../phases/seen.ts';

const LATER = '2026-02-01T00:00:00.000Z';
const INTENT = {
  number: 9,
  purpose: 'complete',
  source: 'zdd-staging',
  sourceMarker: '',
  productionMarker: '',
  swapStatusBefore: '',
  at: LATER,
} as const;
const look = (row: keyof typeof rows, differences: Differences = {}) => seen(rows[row], 'status', differences).observed;
const bySwap = (name: string) => ({ swapStatus: { at: LATER, source: name, destination: 'production' } });
const marked = (marker: string, more: Partial<Slot> = {}) =>
  slot('production', { appSettings: { ZDD_INSTANCE: marker }, connectionStrings: connectionTo(CLONE), ...more });
const [LIVE, COPY] = [slot('production'), marked(`${ID}/read-only/1`)];

/** An app that moves along, with the live build where it waits. */
function companion(production: Slot, readonlySlot: Slot | null = slot('zdd-readonly')): Companion {
  const { app, newBuild, liveImage } = look('switched');
  const own = { ...app, name: 'admin' };
  const parts = { app: own, production, readonlySlot, stagingSlot: null, newBuild, liveImage };
  return { key: 'shop-rg/admin', does: 'read-only', look: parts };
}

test('"status" tells of what is lost, too, which no other phase is kept from', () => {
  const lost = look('switched', { look: { recordIn: 'mirror' } });
  expect(driftOf(lost)).toBeUndefined();
  expect(anyDrift(lost)).toEqual(lostClone(lost));
  const gone = look('switched', { look: { readonlySlot: null } });
  expect(driftOf(gone)).toBeUndefined();
  expect(anyDrift(gone)?.happened).toContain('Slot zdd-readonly, which held the live build, does not exist');
  expect(anyDrift(look('switched'))).toBeUndefined();
});

test('what is lost is the clone with its database, or only what its tags said', () => {
  const lost = look('switched', { look: { recordIn: 'mirror' } });
  expect(lostClone(lost)?.happened).toMatch(/^The tags of the clone are gone/);
  const [pair] = lost.databases;
  if (!pair) throw new Error('The row has a database.');
  const other = { ...pair, name: 'orders', clone: null };
  expect(lostClone({ ...lost, databases: [pair, other] })?.happened).toMatch(/^The clone of orders is gone/);
  expect(lostClone({ ...lost, databases: [{ ...pair, clone: null }, other] })?.happened).toMatch(
    /^The clone of shop, orders is gone/,
  );
});

test('a slot that was swapped with production by hand may hold the only live build, of whichever app', () => {
  const swapped = { ...LIVE, ...bySwap('zdd-readonly') };
  const other = slot('zdd-readonly');
  expect(driftOf(look('ready', { look: { production: swapped, readonlySlot: other } }))?.happened).toMatch(
    /^Slot zdd-readonly of shop was swapped with production by hand/,
  );
  const beside = driftOf(look('ready', { look: { companions: [companion(swapped, other)] } }));
  expect(beside?.happened).toMatch(/^Slot zdd-readonly of admin was swapped/);
  expect(beside?.next).toContain('--name admin --slot zdd-readonly');
  expect(driftOf(look('ready', { look: { companions: [companion(LIVE, other)] } }))).toBeUndefined();
  // The copy that came there by the same swap is told of itself.
  const copy = { ...COPY, ...bySwap('zdd-readonly') };
  expect(driftOf(look('ready', { look: { production: copy, readonlySlot: other } }))?.happened).toContain(
    'which "switch" has not recorded',
  );
});

test('in the window production serves the copy, and from "complete" on the candidate, until the deployment has ended', () => {
  const away = (differences: Differences, production = LIVE) =>
    driftOf(look('switched', { ...differences, look: { ...differences.look, production } }))?.happened;
  expect(away({})).toBe(`Production should serve the read-only copy of deployment ${ID}, but its marker is "none".`);
  expect(away({ record: { visitorsOnOriginalSince: LATER } })).toContain('should serve the candidate or the read-only');
  expect(away({}, marked('20260101-aaaaa/new/1'))).toContain('its marker is "20260101-aaaaa/new/1"');
  expect(away({ record: { completedAt: LATER } })).toBeUndefined();
});

test('who ends a deployment after a swap by hand has the other apps back first', () => {
  const way = (...companions: Companion[]) =>
    driftOf(look('switched', { look: { production: LIVE, companions } }))?.next;
  expect(way()).toMatch(/or run "cleanup" if/);
  expect(way(companion(LIVE))).toMatch(/or run "cleanup" if/);
  expect(way(companion(COPY))).toMatch(/or run "switch", which brings the other apps back, too, then "cleanup"/);
});

test('another app whose copy was swapped away is in the way of the first one, too', () => {
  const companions = [companion(LIVE, slot('zdd-readonly', { appSettings: { ZDD_INSTANCE: `${ID}/read-only/1` } }))];
  expect(driftOf(look('switched', { look: { companions } }))?.happened).toContain(
    'Visitors of shop-rg/admin should be',
  );
});

test('a candidate that nobody has brought to production is told by its marker', () => {
  const production = marked(`${ID}/new/1`);
  expect(driftOf(look('validated', { look: { production } }))?.happened).toContain(`Production serves ${ID}/new/1`);
  const record = { visitorsOnOriginalSince: LATER };
  expect(driftOf(look('validated', { record, look: { production } }))).toBeUndefined();
});

test('the candidate is missed where it should be, in the window alone', () => {
  const stagingSlot = slot('zdd-staging');
  const record = { candidate: { role: 'new', attempt: 1, slot: 'zdd-staging' } } as const;
  const of = (row: keyof typeof rows, marker?: string) =>
    driftOf(
      look(row, {
        record,
        look: { stagingSlot: marker === undefined ? stagingSlot : { ...stagingSlot, markerText: marker } },
      }),
    )?.happened;
  expect(of('deployed')).toContain(`should hold the candidate ${ID}/new/1, but its marker is "none"`);
  expect(of('deployed', `${ID}/new/3`)).toContain(`but its marker is "${ID}/new/3"`);
  expect(of('deployed', `${ID}/new/1`)).toBeUndefined();
  expect(of('completed')).toBeUndefined();
});

const opened = rows.switched.production.swapStatus?.at;

test('whoever reads of settings written over the copy learns what visitors work on, and whether it can end so', () => {
  const over = (names: string[], record: Differences['record'] = {}) =>
    driftOf(
      look('deployed', {
        record: { windowOpenedAt: opened, deployBegun: undefined, rollbackPoint: LATER, ...record },
        look: {
          production: slot('production', {
            ...rows.switched.production,
            appSettings: {},
            connectionStrings: connectionTo(...names),
          }),
        },
      }),
    );
  expect(over([CLONE])?.happened).toContain('They still work on the copy of the database.');
  expect(over(['shop'])?.happened).toContain('which refuses what they write.');
  expect(over(['shop'], { deployBegun: 'yes' })?.happened).toContain('beside what "deploy" has made of it');
  expect(over(['shop'], { otherWriters: 'reports' })?.happened).toContain('beside what "deploy" has made of it');
  // With the clone it would take the site down.
  expect([over(['shop'])?.next, over([CLONE])?.next].map((next) => next?.includes('run "cleanup"'))).toEqual([
    true,
    false,
  ]);
});

test('a live build that somebody deleted can be had back, and is missed where something goes on from it', () => {
  const gone = (row: keyof typeof rows, differences: Differences = {}) =>
    lostLiveBuild(look(row, { ...differences, look: { readonlySlot: null } }));
  expect(gone('switched')?.next).toMatch(
    /slot create .*--slot zdd-readonly; az webapp deleted list .*; az webapp deleted restore .* --deleted-id '/,
  );
  expect(gone('switched', { record: { intent: INTENT } })).toBeUndefined();
  expect(lostLiveBuild(look('switched'))).toBeUndefined();
  expect(gone('ready')).toBeUndefined();
  const verdict = { of: 'x', result: 'passed', by: 'ada' } as const;
  const of = (candidate: Candidate) => ({ record: { candidate, verdict } });
  const goesOn = (text: string | undefined) => text?.includes('"complete" goes on without it');
  expect([
    goesOn(gone('deployed')?.next),
    goesOn(gone('deployed', of({ role: 'new', attempt: 1, slot: 'zdd-staging' }))?.next),
    goesOn(gone('deployed', of({ role: 'live', attempt: 2, slot: 'zdd-readonly' }))?.next),
  ]).toEqual([false, true, false]);
});

test('without any record nobody goes on from a read-only copy, unless another deployment tells what is open', () => {
  const claim = { deploymentId: ID, app: 'x', run: 'x', actor: 'x', lock: 'held', databases: [], claim: 'x' } as const;
  const lost = { ...look('switched'), record: null };
  expect(driftOf(lost)?.happened).toContain('no database of the server has its record any more');
  expect(driftOf({ ...lost, others: [claim] })).toBeUndefined();
  expect(driftOf({ ...lost, production: LIVE })).toBeUndefined();
  expect(driftOf({ ...lost, production: marked(`${ID}/new/1`) })).toBeUndefined();
});
