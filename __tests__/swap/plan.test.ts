import { expect, test } from '@jest/globals';
import type { DeploymentRecord, SwapIntent } from '../../src/deployment/record.ts';
import type { ThisRun } from '../../src/deployment/this-run.ts';
import { consequences, nextIntent, settledOf } from '../../src/swap/intent.ts';
import { openIntentPlan, swapPlan } from '../../src/swap/plan.ts';
import { slot } from '../phases/observed.ts';
import { rows } from '../phases/rows.ts';
import { type Differences, seen, stopOr } from '../phases/seen.ts';

const COPY = rows.ready.slots['zdd-readonly'] ?? slot('none');
const INTENT: SwapIntent = {
  number: 3,
  purpose: 'switch',
  source: 'zdd-readonly',
  sourceMarker: COPY.markerText,
  productionMarker: '',
  swapStatusBefore: '',
  at: '2026-01-31T14:00:00.000Z',
};

const kinds = (differences: Differences, purpose: SwapIntent['purpose'] = 'switch') =>
  swapPlan(seen(rows.ready, 'switch', differences).observed, COPY, purpose, 'because').flat();

test('a proof, an intent and a swap, in this order, and no proof of what is proven', () => {
  expect(kinds({}).map(({ kind }) => kind)).toEqual(['prove-instance', 'intend-swap', 'post-swap']);
  const proven = (marker: string) => kinds({ run: { proven: { 'zdd-readonly': marker } } }).map(({ kind }) => kind);
  expect(proven(COPY.markerText)).toEqual(['intend-swap', 'post-swap']);
  expect(proven('another')).toContain('prove-instance');
});

test('every step of a swap says why visitors are moved, or what it is good for', () => {
  for (const step of kinds({})) expect(step.because).toBe(step.kind === 'prove-instance' ? PROOF : 'because');
});

const PROOF = 'visitors see only what was just proven';

test.each([
  ['switch', 'read-only-copy'],
  ['return', 'read-only-copy'],
  ['complete', 'candidate'],
  ['undo', 'candidate'],
] as const)('before a swap to %s it is proven as a %s', (purpose, as) => {
  expect(kinds({}, purpose)[0]).toMatchObject({ kind: 'prove-instance', as });
});

test('what is recorded with the intent goes with it', () => {
  const { observed } = seen(rows.ready, 'switch');
  const plan = swapPlan(observed, COPY, 'switch', 'because', { readOnlyReady: undefined }).flat();
  expect(plan.find(({ kind }) => kind === 'intend-swap')).toMatchObject({ fields: { readOnlyReady: undefined } });
});

test.each<[string, Partial<ThisRun>, string]>([
  ['this run wrote it and has not sent it', { intended: 3 }, 'post-swap'],
  ['this run has sent it', { intended: 3, posted: { number: 3, ended: 'succeeded' } }, 'settle-swap'],
  ['this run has sent another one', { intended: 3, posted: { number: 2, ended: 'succeeded' } }, 'post-swap'],
  ['another run wrote it', {}, 'settle-swap'],
  ['this run wrote an earlier one', { intended: 2 }, 'settle-swap'],
])('an open intent: %s', (_what, run, kind) => {
  const { observed } = seen(rows.ready, 'switch', { record: { intent: INTENT }, run });
  expect(
    openIntentPlan(observed)
      ?.flat()
      .map((step) => step.kind),
  ).toEqual([kind]);
});

const said = (status: number) => ({ code: 'Conflict', message: 'Not now.', requestId: '', status });

test.each<[string, Partial<ThisRun>, boolean]>([
  ['it happened', { settled: { number: 3, outcome: 'happened' }, posted: { number: 3, ended: 'succeeded' } }, false],
  ['it did not', { settled: { number: 3, outcome: 'did-not-happen' }, posted: { number: 3, ended: said(409) } }, true],
  [
    'it did not, and nobody knows why',
    { settled: { number: 3, outcome: 'did-not-happen' }, posted: { number: 3, ended: 'unknown' }, unswapped: 1 },
    false,
  ],
  [
    'it did not for the second time, and nobody knows why',
    { settled: { number: 3, outcome: 'did-not-happen' }, posted: { number: 3, ended: 'unknown' }, unswapped: 2 },
    true,
  ],
  [
    'it did not in its time',
    {
      settled: { number: 3, outcome: 'did-not-happen' },
      posted: { number: 3, ended: 'unknown' },
      ...{ unswapped: 1, missed: { happened: 'The swap has taken longer.', fix: 'Look.' } },
    },
    true,
  ],
  [
    'another one was sent since',
    { settled: { number: 3, outcome: 'did-not-happen' }, posted: { number: 4, ended: said(409) } },
    false,
  ],
  ['another run had sent it', { settled: { number: 3, outcome: 'did-not-happen' } }, false],
  [
    'it was refused as too much',
    { settled: { number: 3, outcome: 'did-not-happen' }, posted: { number: 3, ended: said(429) } },
    false,
  ],
  [
    'the token had ended',
    { settled: { number: 3, outcome: 'did-not-happen' }, posted: { number: 3, ended: 'unknown', said: said(401) } },
    false,
  ],
  [
    'a gateway gave an error',
    {
      settled: { number: 3, outcome: 'did-not-happen' },
      ...{ posted: { number: 3, ended: 'unknown', said: said(502) }, unswapped: 2 },
    },
    true,
  ],
])('no intent is open any more, and %s', (_what, run, stops) => {
  const stop = stopOr(() => openIntentPlan(seen(rows.ready, 'switch', { run }).observed));
  expect(stop === undefined).toBe(!stops);
  const words = typeof run.posted?.ended === 'object' ? run.posted.ended : run.posted?.said;
  if (stops && words) expect(stop).toMatchObject({ happened: expect.stringContaining('Not now.'), azure: words });
  if (stops) expect(stop).toMatchObject({ next: expect.stringMatching(/^Production is as it was\. Look at the log/) });
});

test('of one that did not become warm it is said what to look for', () => {
  const ended = { ...said(400), message: 'Application initialization in the source slot has failed.' };
  const run = { settled: { number: 3, outcome: 'did-not-happen' }, posted: { number: 3, ended } } as const;
  const stop = stopOr(() => openIntentPlan(seen(rows.ready, 'switch', { run }).observed));
  expect(stop).toMatchObject({ next: expect.stringMatching(/^Production is as it was\. Azure asks for health-path/) });
});

test('no swap is planned that would not bring what visitors need', () => {
  const { observed } = seen(rows.ready, 'switch');
  const stop = stopOr(() => swapPlan(observed, { ...COPY, state: 'Stopped' }, 'switch', 'because'));
  expect(stop).toMatchObject({ kind: 'refused', happened: expect.stringContaining(`Slot ${COPY.name} is Stopped`) });
});

test('an intent is numbered on, and holds what both slots show', () => {
  const { observed } = seen(rows.ready, 'switch', { record: { swaps: 4 } });
  const step = { kind: 'intend-swap', source: 'zdd-readonly', purpose: 'switch', fields: {}, because: '' } as const;
  const look = { sourceMarker: 'a', productionMarker: 'b', swappedAt: 'c' };
  expect(nextIntent(observed, step, look, 'now')).toEqual({
    ...{ number: 5, purpose: 'switch', source: 'zdd-readonly', at: 'now' },
    ...{ sourceMarker: 'a', productionMarker: 'b', swapStatusBefore: 'c' },
  });
  expect(nextIntent({ ...observed, record: null }, step, look, 'now').number).toBe(1);
});

test.each<[SwapIntent['purpose'], Partial<DeploymentRecord>]>([
  ['switch', { windowOpenedAt: 'then' }],
  ['undo', { windowOpenedAt: undefined }],
  ['complete', { windowClosedAt: 'then' }],
  ['return', { windowOpenedAt: 'then', windowClosedAt: undefined, completedAt: undefined, verdict: undefined }],
])('what a swap to %s means is recorded with its end, and nothing of it where there was none', (purpose, meant) => {
  const closed = settledOf({ ...INTENT, purpose });
  expect(closed).toEqual({ settledSwaps: 3 });
  const found = consequences({ ...INTENT, purpose }, 'then');
  expect(found).toStrictEqual({ ...meant, ...closed });
  expect(consequences({ ...INTENT, purpose }, undefined)).toStrictEqual(closed);
});
