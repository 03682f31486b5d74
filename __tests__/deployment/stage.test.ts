import { expect, test } from '@jest/globals';
import type { Observed } from '../../src/deployment/observed.ts';
import { isOverwritten, leadsToOriginal, namesClone } from '../../src/deployment/overwritten.ts';
import { copyLostMarker, serving, stageOf, stateInWindow, windowRecorded } from '../../src/deployment/stage.ts';
import { connectionTo, ID, slot } from '../phases/observed.ts';
import { rows } from '../phases/rows.ts';
import { type Differences, seen } from '../phases/seen.ts';

const stage = (row: keyof typeof rows, differences: Differences = {}) => {
  const { observed, record } = seen(rows[row], 'status', differences);
  return stageOf(observed, record);
};

test.each<[keyof typeof rows, Differences, string]>([
  ['cloned', { record: { cloned: undefined } }, 'cloning'],
  ['cloned', {}, 'cloned'],
  ['ready', {}, 'read-only-ready'],
  ['ready', { record: { readOnlyReady: undefined } }, 'cloned'],
  ['ready', { look: { readonlySlot: null } }, 'cloned'],
  [
    'ready',
    { look: { readonlySlot: slot('zdd-readonly', { ...rows.ready.slots['zdd-readonly'], state: 'Stopped' }) } },
    'cloned',
  ],
  ['ready', { look: { readonlySlot: slot('zdd-readonly') } }, 'cloned'],
  ['switched', {}, 'read-only'],
  ['deployed', {}, 'deployed'],
  ['deployed', { record: { candidate: undefined } }, 'read-only'],
  ['validated', {}, 'validated'],
  ['validated', { record: { verdict: { of: 'x', result: 'failed', by: 'ada' } } }, 'deployed'],
  ['validated', { record: { verdict: { of: 'x', result: 'overridden', by: 'ada' } } }, 'validated'],
  ['rolledBack', {}, 'rolled-back'],
  ['deployed', { record: { rollbackUnderWay: { scope: 'code', attempt: 2, databases: 'settled' } } }, 'rolling-back'],
  ['completed', {}, 'completed'],
  ['completed', { record: { completedAt: undefined } }, 'validated'],
  ['completed', { look: { production: slot('production') } }, 'completed'],
])('how far it has come: %s, %j is %s', (row, differences, found) => {
  expect(stage(row, differences)).toBe(found);
});

test('who is served is known by the marker of this deployment alone', () => {
  const of = (marker: string | undefined) => {
    const { observed } = seen(rows.switched, 'status');
    const appSettings: Record<string, string> = marker === undefined ? {} : { ZDD_INSTANCE: marker };
    return serving({ ...observed, production: slot('production', { appSettings }) });
  };
  expect([`${ID}/read-only/1`, `${ID}/new/1`, `${ID}/live/2`, '20260101-aaaaa/read-only/1', undefined].map(of)).toEqual(
    ['read-only-copy', 'candidate', 'candidate', 'live-build', 'live-build'],
  );
});

test('a window is recorded from its opening to its closing', () => {
  const { record } = seen(rows.switched, 'status');
  expect([
    windowRecorded(record),
    windowRecorded({ ...record, windowClosedAt: 'x' }),
    windowRecorded({ ...record, windowOpenedAt: undefined }),
    windowRecorded(null),
  ]).toEqual([true, false, false, false]);
  expect(stateInWindow({ ...record, candidate: { role: 'live', attempt: 1, slot: 'x' }, verdict: undefined })).toBe(
    'rolled-back',
  );
});

const { production } = rows.switched;
const bare = slot('production', { ...production, appSettings: { SHOP_NAME: 'Shop' } });
const clone = seen(rows.switched, 'status').observed.databases[0]?.clone?.name ?? '';
const SWAPPED = { windowOpenedAt: production.swapStatus?.at };

test.each<[string, Differences, boolean, boolean]>([
  ['as "switch" left it', { record: SWAPPED }, false, false],
  ['its marker is gone, without a swap', { record: SWAPPED, look: { production: bare } }, true, true],
  [
    'its marker is gone, and there was another swap',
    { record: { windowOpenedAt: '2026-01-01T00:00:00.000Z' }, look: { production: bare } },
    false,
    false,
  ],
  [
    'its marker is gone, and the window is closed',
    { record: { ...SWAPPED, windowClosedAt: 'x' }, look: { production: bare } },
    false,
    false,
  ],
  [
    'its marker is gone, and no swap is remembered',
    { record: SWAPPED, look: { production: { ...bare, swapStatus: null } } },
    false,
    false,
  ],
  [
    'its marker is there, and it leads to an original',
    {
      record: SWAPPED,
      look: { production: slot('production', { ...production, connectionStrings: connectionTo('shop') }) },
    },
    false,
    true,
  ],
  ['nothing can be made anew', { record: SWAPPED, look: { production: bare, readonlySlot: null } }, true, false],
])('whether somebody wrote over the copy: %s', (_what, differences, isLost, isOver) => {
  const { observed } = seen(rows.switched, 'status', differences);
  expect(copyLostMarker(observed)).toBe(isLost);
  expect(isOverwritten(observed)).toBe(isOver);
});

test('nobody wrote over it while a swap is open, without a record, or when its clone is lost', () => {
  const { observed } = seen(rows.switched, 'status', { record: SWAPPED, look: { production: bare } });
  const intent = {
    number: 9,
    purpose: 'complete',
    source: 'x',
    sourceMarker: '',
    productionMarker: '',
    swapStatusBefore: '',
    at: '',
  } as const;
  const other = (differences: Partial<Observed>) => isOverwritten({ ...observed, ...differences });
  expect(other({ record: null })).toBe(false);
  expect(copyLostMarker(observed)).toBe(true);
  expect(copyLostMarker({ ...observed, record: observed.record && { ...observed.record, intent } })).toBe(false);
  expect(other({ record: observed.record && { ...observed.record, intent } })).toBe(false);
  expect(other({ databases: observed.databases.map((pair) => ({ ...pair, clone: null })) })).toBe(false);
});

test('what production works on is known by its strings', () => {
  const { observed } = seen(rows.switched, 'status');
  const on = (...names: string[]) => ({
    ...observed,
    production: slot('production', { connectionStrings: connectionTo(...names) }),
  });
  expect([
    leadsToOriginal(on('shop')),
    leadsToOriginal(on('SHOP')),
    leadsToOriginal(on(clone)),
    leadsToOriginal(on('other')),
  ]).toEqual([true, true, false, false]);
  expect([namesClone(on(clone)), namesClone(on('shop'))]).toEqual([true, false]);
});
