import { describe, expect, test } from '@jest/globals';
import type { Observed } from '../../src/deployment/observed.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import type { ThisRun } from '../../src/deployment/this-run.ts';
import { quietBuilds, readWriteSteps } from '../../src/phases/deploy-databases.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { otherApp, slot } from './observed.ts';
import type { Picture } from './picture.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';
import { run } from './walk.ts';

/** What a phase plans, or how it stops. */
function found(row: keyof typeof rows, phase: Parameters<typeof seen>[1], differences: Differences = {}) {
  const { known, observed } = seen(rows[row], phase, differences);
  return stopOr(() => phaseNamed[phase].plan(known, observed));
}

const DRIFTED = { kind: 'drifted' };

describe('what the design does not know stops every phase that would go on in the window', () => {
  test.each(['validate', 'complete', 'deploy', 'switch', 'rollback'] as const)(
    '%s: a rollback point that is gone',
    (phase) => {
      const before = phase === 'rollback' ? { inputs: { 'rollback-scope': 'code-and-database' } } : {};
      expect(found('validated', phase, { ...before, record: { rollbackPoint: undefined } })).toMatchObject(DRIFTED);
    },
  );
  test.each(['validate', 'complete'] as const)('%s: a candidate that is another one', (phase) => {
    const stagingSlot = slot('zdd-staging', { ...rows.validated.slots['zdd-staging'], appSettings: { A: '1' } });
    expect(found('validated', phase, { look: { stagingSlot } })).toMatchObject(DRIFTED);
  });
});

test('"switch" moves nobody while what was off for the deployment is on again', () => {
  const inputs = { 'release-slot-settings': 'SHOP_NAME' };
  const { app } = seen(rows.ready, 'switch').observed;
  const sticky = (...appSettings: string[]) => ({ app: { ...app, sticky: { ...app.sticky, appSettings } } });
  expect(found('ready', 'switch', { inputs, look: sticky('SHOP_NAME') })).toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining('release-slot-settings: SHOP_NAME'),
    next: expect.stringMatching(/^Run "read-only" again/),
  });
  expect(found('ready', 'switch', { inputs, look: sticky() })).toBeInstanceOf(Array);
});

test.each<[string, Partial<NonNullable<Observed['readonlySlot']>>, RegExp | undefined]>([
  ['as it should be', {}, undefined],
  ['Stopped', { state: 'Stopped' }, /is Stopped/],
  ['of another deployment', { appSettings: { ZDD_INSTANCE: '20250101-aaaaa/read-only/1' } }, /does not hold/],
  ['half-way', { appSettings: { ZDD_INSTANCE: '20260131-k7m2x/read-only/0' } }, /half-way made anew/],
])('"switch" brings visitors only to a copy that is whole and runs: %s', (_what, differences, refused) => {
  const copy = rows.ready.slots['zdd-readonly'] ?? slot('none');
  const readonlySlot = slot('zdd-readonly', { ...copy, ...differences });
  const plan = found('ready', 'switch', { look: { readonlySlot } });
  if (refused) expect(plan).toMatchObject({ kind: 'refused', happened: expect.stringMatching(refused) });
  else expect(plan).toBeInstanceOf(Array);
});

const LOCKED = 'ScopeLocked: a lock of the group.';

test('a lock is told once nothing else is left, and until then what can go goes', () => {
  const { observed } = seen(rows.completed, 'cleanup');
  const held = observed.recordDatabase;
  const done = ['zdd-readonly', 'zdd-staging'].map((subject) => ({ kind: 'empty-slot' as const, subject }));
  const bare = (name: string) => rows.completed.slots[name];
  const first = found('completed', 'cleanup', { run: { locked: { [held]: LOCKED } } });
  expect(first).toBeInstanceOf(Array);
  expect(JSON.stringify(first)).not.toMatch(/delete-database|remove-mirror/);
  const emptied = (name: string) => {
    const writes = Array.isArray(first) ? first.flat() : [];
    const write = writes.find((step) => step.kind === 'write-settings' && step.slot === name);
    return write?.kind === 'write-settings' ? slot(name, { ...bare(name), state: 'Stopped', ...write.settings }) : null;
  };
  const look = { readonlySlot: emptied('zdd-readonly'), stagingSlot: emptied('zdd-staging') };
  expect(found('completed', 'cleanup', { look, run: { done, locked: { [held]: LOCKED } } })).toMatchObject({
    kind: 'failed',
    happened: expect.stringContaining(LOCKED),
  });
  expect(found('completed', 'cleanup', { look, run: { done } })).toBeInstanceOf(Array);
});

/** Somebody writes settings over those of the copy that serves; then "switch" runs to its end. */
function overwritten(picture: Picture) {
  const { ZDD_INSTANCE: _, ...appSettings } = picture.production.appSettings;
  const at = seen(picture, 'switch').record.windowOpenedAt ?? '';
  // It is the swap of the record that Azure remembers.
  const swapStatus = { at, source: 'zdd-readonly', destination: 'production' };
  const production = slot('production', { ...picture.production, appSettings, swapStatus });
  const { rounds, stop } = run({ ...picture, production }, 'switch');
  const steps = rounds.flatMap(({ plan }) => plan[0] ?? []);
  const intent = steps.find((step) => step.kind === 'intend-swap');
  if (intent?.kind !== 'intend-swap') throw new Error(`Nothing is sent there: ${stop?.message}`);
  return { intent, record: rounds[0]?.observed.record };
}

test('another copy is sent there, and since when visitors may have written is known where an original takes writes', () => {
  const open = overwritten(rows.deployed);
  expect(open.intent).toMatchObject({ purpose: 'return', fields: { candidate: undefined, verdict: undefined } });
  expect(open.record?.windowOpenedAt).toBeDefined();
  expect(open.intent.fields.visitorsOnOriginalSince).toBe(open.record?.windowOpenedAt);
  const closed = overwritten(rows.switched);
  expect(closed.intent).toMatchObject({ purpose: 'return' });
  expect(closed.intent.fields).not.toHaveProperty('visitorsOnOriginalSince');
  // What is known already stays: it is earlier.
  const known = rows.deployed.databases.map((held) => {
    const { tags } = held.database;
    if (tags['zdd-lock'] === undefined) return held;
    const since = { 'zdd-visitors-on-original-since': '2026-01-31T13:00:00.000Z' };
    return { ...held, database: { ...held.database, tags: { ...tags, ...since } } };
  });
  const again = overwritten({ ...rows.deployed, databases: known });
  expect(again.record?.visitorsOnOriginalSince).toBeDefined();
  expect(again.intent.fields).not.toHaveProperty('visitorsOnOriginalSince');
});

test.each<[string, Differences, string | undefined]>([
  ['no verdict, and a reason', { record: { verdict: undefined } }, 'ada: a/b'],
  ['a verdict that holds', {}, undefined],
  ['one that failed', { record: { verdict: { of: 'x', result: 'failed', by: 'x' } } }, 'ada: a/b'],
  ['one of something else', { record: { verdict: { of: 'x', result: 'passed', by: 'x' } } }, 'ada: a/b'],
])('a reason stands for a verdict where none holds, with who gave it, as a tag can hold it: %s', (_what, more, by) => {
  const { known, observed } = seen(rows.validated, 'complete', { ...more, inputs: { 'override-validation': 'a|b' } });
  const verdictOf = (reason: string) => {
    const asked = { ...known, overrideValidation: reason, github: { ...known.github, actor: 'ada' } };
    const intent = phaseNamed.complete
      .plan(asked, observed)
      .flat()
      .find((step) => step.kind === 'intend-swap');
    return intent?.kind === 'intend-swap' ? intent.fields.verdict : undefined;
  };
  expect(verdictOf('a|b')?.by).toBe(by);
  if (by === undefined) return;
  expect(verdictOf('a|b')?.result).toBe('overridden');
  expect(verdictOf('x'.repeat(300))?.by.length).toBeLessThanOrEqual(150);
});

const live = { ...rows.switched.slots['zdd-readonly'] };

function quiet(record: Partial<DeploymentRecord>, look: Partial<Observed>, run: Partial<ThisRun>, armed = false) {
  const { observed, record: recorded } = seen(rows.switched, 'deploy', { record, look, run });
  return quietBuilds(observed, recorded, armed)
    .flat()
    .map(({ kind }) => kind);
}

const [NEIGHBOUR, RUNS] = [otherApp('rg/admin', 'Stopped'), otherApp('rg/admin', 'Running')];
const COMPANION = {
  ...{ key: 'rg/admin', does: 'read-only' },
  look: seen(rows.switched, 'deploy').observed,
} as unknown as Observed['companions'][number];
const AGAIN = ['stop-webjobs', 'await-quiet'];

test.each<[string, Partial<DeploymentRecord>, Partial<Observed>, Partial<ThisRun>, boolean, readonly string[]]>([
  ['the first attempt', { attempt: 0 }, {}, {}, false, []],
  ['the first, begun by this run', { attempt: 1 }, {}, { begun: 1 }, false, []],
  ['the first, begun by a run that was killed', { attempt: 1 }, {}, {}, false, AGAIN],
  ['the second', { attempt: 2 }, {}, { begun: 2 }, false, AGAIN],
  ['the second, with the new build at work', { attempt: 2 }, {}, {}, true, []],
  ['the first, with an app beside it', { attempt: 0 }, { otherApps: [NEIGHBOUR] }, {}, false, AGAIN],
  ['the first, with an app that moves along', { attempt: 0 }, { companions: [COMPANION] }, {}, false, AGAIN],
  [
    'the first, with an app beside it that its owner started',
    { attempt: 0 },
    { otherApps: [RUNS] },
    {},
    false,
    ['record', 'stop-app', ...AGAIN],
  ],
  [
    'a live build that somebody started',
    { attempt: 0 },
    { readonlySlot: slot('zdd-readonly', { ...live, state: 'Running' }) },
    {},
    false,
    ['stop-webjobs', 'stop-slot', 'await-quiet'],
  ],
])('both builds never write at once: %s', (_what, record, look, run, armed, expected) => {
  expect(quiet(record, look, run, armed)).toEqual(expected);
});

test('originals are opened when their own clock is seconds past the point', () => {
  const opening = (sql: Observed['sql']) => {
    const { observed, record } = seen(rows.switched, 'deploy', { look: { sql } });
    return { steps: readWriteSteps(observed, record).flat(), point: record.rollbackPoint ?? '' };
  };
  const { steps, point } = opening({ shop: { readOnly: true, schemaVersion: '1' } });
  expect(steps.map(({ kind }) => kind)).toEqual(['await-database-clock', 'set-read-write']);
  const [wait] = steps;
  const until = wait?.kind === 'await-database-clock' ? Date.parse(wait.until) : 0;
  expect(until - Date.parse(point)).toBe(5000);
  expect(opening({}).steps).toHaveLength(2);
  expect(opening({ shop: { readOnly: false, schemaVersion: '1' } }).steps).toEqual([]);
});

test('a dry run of a rollback after "complete" shows the whole way, and that visitors have written since', () => {
  const inputs = { 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true', 'dry-run': 'true' };
  const whole = found('completed', 'rollback', { inputs });
  const kinds = Array.isArray(whole) ? whole.flat().map(({ kind }) => kind) : [];
  expect(kinds.indexOf('post-swap')).toBeLessThan(kinds.indexOf('restore-database'));
  expect(kinds).toContain('move-database');
  const { observed, known } = seen(rows.completed, 'rollback', {
    inputs,
    record: { visitorsOnOriginalSince: undefined },
  });
  const plan = stopOr(() => phaseNamed.rollback.plan({ ...known, acceptDataLoss: false }, observed));
  expect(plan).toMatchObject({ kind: expect.stringMatching(/refused|drifted/) });
});
