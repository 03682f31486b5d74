import { expect, test } from '@jest/globals';
import type { PartialLook, Unseen } from '../../src/deployment/partial-look.ts';
import type { SwapIntent } from '../../src/deployment/record.ts';
import { Stop } from '../../src/errors.ts';
import { status } from '../../src/phases/status.ts';
import type { Picture } from './picture.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';

const OPENED = '2026-01-31T14:00:00.000Z';
const at = (minutes: number) => new Date(Date.parse(OPENED) + 60_000 * minutes).toISOString();
const LIMIT = { 'max-read-only-minutes': '30', 'on-window-exceeded': 'fail' };
const HEALTHY = { production: '' };
const ILL = { production: 'GET / answered 503' };

/** What a run says that has asked production and was answered well, unless the differences say otherwise. */
function said(picture: Picture, { run = HEALTHY, ...differences }: Differences = {}) {
  const { known, observed } = seen(picture, 'status', { ...differences, run });
  return stopOr(() => status.plan(known, observed));
}

/** A window that is open for so long. */
const open = (minutes: number, inputs: Differences['inputs'] = LIMIT, record: Differences['record'] = {}) =>
  ({ inputs, record: { windowOpenedAt: OPENED, ...record }, look: { now: at(minutes) } }) as Differences;

test('production is asked once, where it could be seen, and then nothing is wrong', () => {
  expect(said(rows.switched, { run: {} })).toMatchObject([[{ kind: 'ask-production' }]]);
  expect(said(rows.switched)).toEqual([]);
});

test('visitors who are not served come before whatever else is wrong, which is said, too', () => {
  const log = 'az webapp log tail --resource-group shop-rg --name shop';
  const alone = said(rows.switched, { run: ILL });
  expect(alone).toMatchObject({
    kind: 'failed',
    happened: 'Production is not healthy: GET / answered 503.',
    next: `Look at the log of production: ${log}.`,
    azure: undefined,
    cause: undefined,
  });
  const late = said(rows.switched, open(31));
  const both = said(rows.switched, { ...open(31), run: ILL });
  if (!(late instanceof Stop)) throw new Error('It is too late.');
  expect(both).toMatchObject({
    happened: `Production is not healthy: GET / answered 503. ${late.happened}`,
    next: `Look at the log of production: ${log}. ${late.next}`,
    cause: expect.objectContaining({ happened: late.happened }),
  });
});

test('a window that is too long fails where that is asked, with what may be run next', () => {
  expect(said(rows.switched, open(30))).toEqual([]);
  expect(said(rows.switched, open(31))).toMatchObject({
    kind: 'failed',
    happened: expect.stringContaining('for 31 minutes'),
    next: expect.stringMatching(/^Run "/),
  });
  expect(said(rows.switched, open(31, { ...LIMIT, 'on-window-exceeded': 'warn' }))).toEqual([]);
  expect(said(rows.switched, open(31, {}))).toEqual([]);
  // Only a candidate that was validated waits for somebody.
  expect(said(rows.validated, open(31))).toMatchObject({ next: expect.stringMatching(/^Approve or reject the job/) });
  // The run that was told so brings them back by itself.
  expect(said(rows.switched, open(31, { ...LIMIT, 'on-window-exceeded': 'rollback' }))).toEqual([]);
});

test('a swap that nobody has found out about is told once a run would have ended it', () => {
  const intent: SwapIntent = {
    ...{ number: 2, source: 'zdd-staging', sourceMarker: '', productionMarker: '', swapStatusBefore: '' },
    ...{ purpose: 'complete', at: OPENED },
  };
  const after = (seconds: number) =>
    said(rows.validated, {
      inputs: { 'swap-timeout': '600' },
      record: { intent },
      look: { now: at(seconds / 60) },
    });
  expect(after(600)).toEqual([]);
  expect(after(601)).toMatchObject({ kind: 'failed', next: expect.stringContaining('run "complete" again') });
});

const stop = (kind: 'failed' | 'drifted', happened: string) =>
  new Stop(kind, happened, 'Look at it.', { azure: { code: 'X', message: 'x', requestId: 'r', status: 503 } });
const unseen = (...stops: readonly Stop[]) =>
  stops.map((each) => ({ what: 'it', so: 'it', at: 'it', why: 'It is so.', stop: each })) as unknown as readonly [
    Unseen,
    ...Unseen[],
  ];
const BLIND = stop('failed', 'The app could not be looked at.');

/** What a run says that could not look at the app, and of the databases as much as these differences leave. */
function half(differences: Partial<PartialLook>, more: Differences = {}) {
  const { known, observed } = seen(rows.switched, 'status', { ...more, run: more.run ?? HEALTHY });
  const { production, readonlySlot, stagingSlot, servers, now, run, thisRun } = observed;
  const look: PartialLook = {
    ...{ production, readonlySlot, stagingSlot, servers, now, run, thisRun },
    appPart: undefined,
    databasePart: observed,
    unseen: unseen(BLIND),
    ...differences,
  };
  return stopOr(() => status.plan(known, look));
}

test('where parts of the look are missing what is seen still counts', () => {
  expect(half({})).toEqual([]);
  expect(half({ production: undefined }, { run: {} })).toBe(BLIND);
  const drifted = stop('drifted', 'A tag cannot be read.');
  expect(half({ unseen: unseen(BLIND, drifted) })).toBe(drifted);
  expect(half({}, open(31))).toMatchObject({
    happened: expect.stringContaining('for 31 minutes'),
    next: 'Run "rollback".',
  });
  expect(half({}, open(30))).toEqual([]);
  const closed = open(31, LIMIT, { windowClosedAt: at(20) });
  expect(half({}, closed)).toEqual([]);
});

test('databases that are lost are told, also when nobody can look at the app', () => {
  const { observed } = seen(rows.switched, 'status');
  const databases = observed.databases.map((pair) => ({ ...pair, original: null, underName: null }));
  expect(half({ databasePart: { ...observed, databases } })).toMatchObject({ kind: 'drifted' });
  const mirrored = { ...observed, recordIn: 'mirror' as const };
  expect(half({ databasePart: mirrored })).toMatchObject({
    kind: 'drifted',
    next: expect.stringContaining('The read-only copy that visitors are on has lost its database'),
  });
});

test('a watchdog that cannot see the window says so, unless it would only warn', () => {
  const blind = (inputs: Differences['inputs']) => half({ databasePart: undefined }, { inputs: inputs ?? {} });
  expect(blind(LIMIT)).toMatchObject({
    kind: 'failed',
    happened: expect.stringMatching(/^How long visitors have been .* The app could not be looked at\.$/),
    next: 'Look at it.',
    azure: BLIND.azure,
  });
  expect(half({ databasePart: undefined }, { inputs: LIMIT, run: ILL })).toMatchObject({ azure: BLIND.azure });
  expect(blind({})).toEqual([]);
  expect(blind({ ...LIMIT, 'on-window-exceeded': 'warn' })).toEqual([]);
});
