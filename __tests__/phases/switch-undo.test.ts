import { describe, expect, test } from '@jest/globals';
import { freshRun, type ThisRun } from '../../src/deployment/this-run.ts';
import { isIll, lateUndo, missedDeadline, stopAfterUndo, undo } from '../../src/phases/switch-undo.ts';
import { otherApp, slot } from './observed.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';

const MARKER = rows.switched.production.markerText;
const ILL = { purpose: 'after-switch', marker: MARKER, healthy: false, why: 'GET / answered 500' } as const;
const OPENED = '2026-01-31T14:00:00.000Z';
const SINCE: Partial<ThisRun> = { since: OPENED };
const at = (second: number) => ({ now: new Date(Date.parse(OPENED) + 1000 * second).toISOString() });
const open = { rollbackPoint: undefined, windowOpenedAt: OPENED };

test.each<[string, Differences, boolean]>([
  ['it was seen ill', { record: open, run: { watched: ILL } }, true],
  ['it is healthy', { record: open, run: { watched: { ...ILL, healthy: true } } }, false],
  ['another instance was ill', { record: open, run: { watched: { ...ILL, marker: 'other' } } }, false],
  ['nobody has watched', { record: open }, false],
  ['the point is taken', { record: { ...open, rollbackPoint: OPENED }, run: { watched: ILL } }, false],
])('whether visitors have to go back: %s', (_what, differences, ill) => {
  expect(isIll(seen(rows.switched, 'switch', differences).observed)).toBe(ill);
});

test.each<[string, Differences, boolean]>([
  ['in time', { record: open, run: SINCE, look: at(599) }, false],
  ['too late', { record: open, run: SINCE, look: at(600) }, true],
  [
    'too late, and the point is taken',
    { record: { ...open, rollbackPoint: OPENED }, run: SINCE, look: at(900) },
    false,
  ],
  ['the run has only begun', { record: open, run: { since: at(500).now }, look: at(900) }, false],
  ['no limit', { record: open, run: SINCE, look: at(9000), inputs: { 'switch-timeout': '0' } }, false],
  [
    'a wait has missed its own deadline',
    { record: open, run: { missed: { happened: 'Sessions remain.', fix: 'Stop them.' } }, look: at(1) },
    true,
  ],
  [
    'a wait has missed its own deadline, and the point is taken',
    { record: { ...open, rollbackPoint: OPENED }, run: { missed: { happened: 'x', fix: 'y' } } },
    false,
  ],
])('whether switch has missed its deadline: %s', (_what, { inputs, ...differences }, missed) => {
  const { known, observed } = seen(rows.switched, 'switch', {
    ...differences,
    inputs: { 'switch-timeout': '600', ...inputs },
  });
  expect(missedDeadline(known, observed) !== undefined).toBe(missed);
});

describe('visitors go back where that is safe, and otherwise it is said', () => {
  const MISSED = { happened: 'Sessions remain.', fix: 'Stop them.' };
  const live = rows.switched.slots['zdd-readonly'] ?? slot('none');
  const candidate = slot('zdd-readonly', {
    ...live,
    appSettings: { ...live.appSettings, ZDD_INSTANCE: '20260131-k7m2x/live/2' },
  });
  const late = (differences: Differences, from = live) => {
    const { known, observed } = seen(rows.switched, 'switch', {
      ...differences,
      record: { ...open, ...differences.record },
    });
    return stopOr(() =>
      lateUndo(known, observed, from, MISSED)
        .flat()
        .map(({ kind }) => kind),
    );
  };
  test('in mode read-only, as long as the live build is no candidate', () => {
    expect(late({})).toContain('post-swap');
    expect(late({ record: { mode: 'read-write' } })).toMatchObject({ kind: 'failed', happened: 'Sessions remain.' });
    expect(late({ inputs: { 'switch-timeout': '0' } })).toMatchObject({ kind: 'failed' });
    expect(late({}, candidate)).toMatchObject({ kind: 'failed', happened: 'Sessions remain.' });
  });

  test('a copy that is ill is proven anew before it is used again, one that was only late is not', () => {
    const { observed } = seen(rows.switched, 'switch', { record: open, run: { watched: ILL } });
    const fields = (why?: string) =>
      undo(observed, live, why)
        .flat()
        .flatMap((step) => (step.kind === 'intend-swap' ? [step.fields] : []));
    expect(fields()).toEqual([{ readOnlyReady: undefined }]);
    expect(fields('it is late')).toEqual([{}]);
    expect(stopOr(() => undo(observed, candidate))).toMatchObject({
      kind: 'failed',
      next: expect.stringContaining('"rollback"'),
    });
  });

  test('what is open or runs already is left so, and what is proven is not proven again', () => {
    const stopped = undo(seen(rows.switched, 'switch', { record: open }).observed, live).flat();
    expect([...new Set(stopped.map(({ kind }) => kind))]).toEqual([
      'set-read-write',
      'start-slot',
      'start-webjobs',
      'prove-instance',
      'intend-swap',
      'post-swap',
    ]);
    const running = { ...live, state: 'Running' };
    const proven = { proven: { [live.name]: live.markerText } };
    const sql = { shop: { readOnly: false } };
    const done = undo(
      seen(rows.switched, 'switch', { record: open, run: proven, look: { sql } }).observed,
      running,
    ).flat();
    expect(done.map(({ kind }) => kind)).toEqual(['start-webjobs', 'intend-swap', 'post-swap']);
  });
});

test('what ended in an undo ends red, and says why', () => {
  const said = (run: Partial<ThisRun>) =>
    stopOr(() => {
      const { known, observed } = seen(rows.ready, 'switch', { run });
      return stopAfterUndo(known, observed);
    });
  expect(said({})).toBeUndefined();
  expect(said({ watched: { ...ILL, healthy: true } })).toBeUndefined();
  expect(said({ watched: { ...ILL, purpose: 'soak' } })).toBeUndefined();
  expect(said({ watched: ILL })).toMatchObject({
    kind: 'failed',
    happened: expect.stringContaining('GET / answered 500'),
  });
  const missed = { happened: 'Sessions remain.', fix: 'Stop them.' };
  expect(said({ missed })).toMatchObject({
    happened: expect.stringContaining('Sessions remain.'),
    next: expect.stringContaining('Stop them.'),
  });
  // Also when what came in between made the run forget what it had missed.
  expect(said({ sentBack: true })).toMatchObject({ happened: expect.stringContaining('(switch-timeout)') });
  expect(said({ sentBack: true, watched: ILL })).toMatchObject({ happened: expect.stringContaining('answered 500') });
  expect(said({ missed, watched: ILL })).toMatchObject({ happened: expect.stringContaining('GET / answered 500') });
  const companions = { 'rg/admin': { ...freshRun, watched: ILL } };
  expect(said({ companions })).toMatchObject({ happened: expect.stringContaining('The read-only copy of rg/admin') });
});

test('on the way back the live build is proven, as the last resort where the copy is ill', () => {
  const live = rows.switched.slots['zdd-readonly'] ?? slot('none');
  const { observed } = seen(rows.switched, 'switch', {
    record: { ...open, stoppedApps: ['rg/admin'] },
    run: { watched: ILL },
    look: { otherApps: [otherApp('rg/admin', 'Stopped')] },
  });
  const SAID = { because: expect.any(String) };
  const steps = (why?: string) => undo(observed, live, why).flat();
  const proof = { kind: 'prove-instance', slot: 'zdd-readonly', as: 'candidate', ...SAID };
  expect(steps()).toContainEqual({ ...proof, lastResort: expect.stringContaining('GET / answered 500') });
  expect(steps('it is late').find(({ kind }) => kind === 'prove-instance')).toEqual(proof);
  expect(steps()).toContainEqual({ kind: 'start-app', app: 'rg/admin', ...SAID });
  const start = (why: string) => ({ kind: 'start-slot', slot: 'zdd-readonly', because: expect.stringContaining(why) });
  expect(steps()).toContainEqual(start('the read-only copy is unhealthy'));
  expect(steps('it is late')).toContainEqual(start('it is late'));
  const intent = (why?: string) => steps(why).flatMap((step) => (step.kind === 'intend-swap' ? [step.fields] : []));
  expect(intent()).toStrictEqual([{ readOnlyReady: undefined }]);
  expect(intent('it is late')).toStrictEqual([{}]);
});

test('what was missed is said with what to do about it', () => {
  const { known, observed } = seen(rows.switched, 'switch', {
    ...{ inputs: { 'switch-timeout': '600' }, record: open, run: SINCE, look: at(600) },
  });
  expect(missedDeadline(known, observed)).toEqual({
    happened: expect.stringContaining('switch-timeout'),
    fix: expect.stringContaining('switch-timeout'),
  });
});
