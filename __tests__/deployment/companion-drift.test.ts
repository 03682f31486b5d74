import { expect, test } from '@jest/globals';
import { companionDrift, overwrittenCompanions } from '../../src/deployment/companion-drift.ts';
import type { Companion, Observed, Slot } from '../../src/deployment/observed.ts';
import { CLONE, connectionTo, ID, slot } from '../phases/observed.ts';
import { rows } from '../phases/rows.ts';
import { seen } from '../phases/seen.ts';

const { observed, record } = seen(rows.switched, 'status');
const MARKED = { appSettings: { ZDD_INSTANCE: `${ID}/read-only/1` } };
const COPY = slot('production', { ...MARKED, connectionStrings: connectionTo(CLONE) });
const CANDIDATE = slot('production', { appSettings: { ZDD_INSTANCE: `${ID}/new/1` } });
const BARE = slot('production');
const WAITS = slot('zdd-readonly');
const COPY_WAITS = slot('zdd-readonly', MARKED);

function companion(production: Slot, readonlySlot: Slot | null, name = 'admin'): Companion {
  const { app, newBuild, liveImage } = observed;
  const look = { app, production, readonlySlot, stagingSlot: null, newBuild, liveImage };
  return { key: `web-rg/${name}`, does: 'read-only', look };
}
const of = (companions: readonly Companion[], more: Partial<Observed> = {}) => {
  const look = { ...observed, ...more, companions };
  return [overwrittenCompanions(look).map(({ key }) => key), companionDrift(look)?.happened ?? ''] as const;
};

test.each<[string, Slot, Slot | null, boolean, RegExp]>([
  ['on its copy, as it should be', COPY, WAITS, false, /^$/],
  ['on what leads to an original again', slot('production', MARKED), WAITS, true, /^Somebody has written settings/],
  ['on what has lost the marker of the copy', BARE, WAITS, true, /^Somebody has written settings/],
  ['on the live build, and the copy is where that was', BARE, COPY_WAITS, false, /should be on its read-only copy/],
  ['on the live build, and no slot is left to make a copy in', BARE, null, false, /^$/],
  ['on the new build, which "complete" has brought there', CANDIDATE, WAITS, false, /^$/],
  ['on what leads to an original, and no slot is left', slot('production', MARKED), null, false, /^$/],
])('visitors of an app that moves along are %s', (_what, production, waits, isOverwritten, says) => {
  const [overwritten, happened] = of([companion(production, waits)]);
  expect(overwritten).toEqual(isOverwritten ? ['web-rg/admin'] : []);
  expect(happened).toMatch(says);
});

test('only those that are not as they should be are told of, with the command for that very app', () => {
  const [right, over, away] = [
    companion(COPY, WAITS, 'right'),
    companion(BARE, WAITS, 'over'),
    companion(BARE, COPY_WAITS, 'away'),
  ];
  expect(of([right, over, away])).toEqual([['web-rg/over'], expect.stringContaining('of web-rg/over,')]);
  const next = companionDrift({ ...observed, companions: [right, away] })?.next;
  expect(next).toContain('az webapp deployment slot swap --resource-group web-rg --name away --slot zdd-readonly');
});

test('nothing is told of them before the first app is on its copy, while a swap is open, or when a clone is missing', () => {
  const companions = [companion(BARE, WAITS), companion(BARE, COPY_WAITS)];
  const intent = {
    number: 1,
    purpose: 'switch',
    source: '',
    sourceMarker: '',
    productionMarker: '',
    swapStatusBefore: '',
    at: '',
  } as const;
  expect(of(companions, { record: { ...record, intent } })).toEqual([[], '']);
  expect(of(companions, { record: null })).toEqual([[], '']);
  expect(of(companions, { production: BARE })).toEqual([[], '']);
  const [pair] = observed.databases;
  if (!pair) throw new Error('The row has a database.');
  const [overwritten] = of(companions, { databases: [pair, { ...pair, clone: null }] });
  expect(overwritten).toEqual([]);
});
