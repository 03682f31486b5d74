import { expect, test } from '@jest/globals';
import { candidateSlot } from '../../src/deployment/slots.ts';
import { freshRun } from '../../src/deployment/this-run.ts';
import { candidateFingerprint } from '../../src/deployment/verdict.ts';
import { complete } from '../../src/phases/complete.ts';
import type { Plan } from '../../src/steps/steps.ts';
import { otherApp, slot } from './observed.ts';
import { beside, type Picture, start } from './picture.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';
import { after, killed } from './walk.ts';

function planOf(picture: Picture, differences: Differences = {}): Plan {
  const { known, observed } = seen(picture, 'complete', differences);
  return complete.plan(known, observed);
}

const stopOf = (picture: Picture, differences: Differences = {}) => stopOr(() => planOf(picture, differences));
const kindsOf = (plan: Plan) => plan.flat().map(({ kind }) => kind as string);
const stepOf = (plan: Plan, kind: string) => plan.flat().find((step) => step.kind === kind);

const NEW = rows.validated.slots['zdd-staging'];
const live = after(['validate'], rows.rolledBack);
const stopped = (of: Picture, name: string) => slot(name, { ...of.slots[name], state: 'Stopped' });

test('visitors are not sent to a candidate that stands still; who makes it run is named', () => {
  expect(stopOf(rows.validated, { look: { stagingSlot: stopped(rows.validated, 'zdd-staging') } })).toMatchObject({
    kind: 'refused',
    happened: 'The candidate in slot zdd-staging is Stopped.',
    next: expect.stringMatching(/^Run "deploy" again/),
  });
  expect(stopOf(live, { look: { readonlySlot: stopped(live, 'zdd-readonly') } })).toMatchObject({
    next: expect.stringMatching(/^Run "rollback" again/),
  });
});

test('who sees no original moves nobody, and only a dry run goes on', () => {
  const closed = { shop: { readOnly: true, schemaVersion: '2' } };
  const dry = { 'dry-run': 'true' };
  expect(stopOf(rows.validated, { look: { sql: {} } })).toMatchObject({ kind: 'drifted' });
  expect(stopOf(rows.validated, { look: { sql: closed }, inputs: dry })).toMatchObject({ kind: 'drifted' });
  expect(stopOf(rows.validated, { look: { sql: {} }, inputs: dry })).toBeInstanceOf(Array);
});

test('a window that is too long is not gone on in where that fails, and one that is closed needs the phase before', () => {
  const inputs = { 'max-read-only-minutes': '30', 'on-window-exceeded': 'fail' };
  const late = { inputs, look: { now: '2026-01-31T18:00:00.000Z' } };
  expect(stopOf(rows.validated, late)).toMatchObject({ kind: 'refused', happened: expect.stringContaining('longer') });
  expect(stopOf(rows.ready)).toMatchObject({ happened: expect.stringContaining('visitors on the read-only copy') });
});

test('what is not known to be right moves nobody', () => {
  const moving = { scope: 'code-and-database', attempt: 2, databases: 'moving' } as const;
  expect(stopOf(rows.validated, { record: { rollbackUnderWay: moving } })).toMatchObject({
    happened: expect.stringContaining('is under way'),
  });
  expect(stopOf(moved, { record: { visitorsOnOriginalSince: undefined } })).toMatchObject({ kind: 'drifted' });
  expect(stopOf(rows.switched)).toMatchObject({ kind: 'refused', happened: expect.stringContaining('a candidate') });
  // What is in the slot of the copy and is none is left alone.
  const stagingSlot = slot('zdd-staging', { ...moved.slots['zdd-staging'], appSettings: {}, state: 'Running' });
  expect(kindsOf(planOf(moved, { look: { stagingSlot } }))).not.toContain('stop-slot');
});

const REASON = { 'override-validation': 'the check | is wrong' };

/** The verdict that is recorded with the intent, where one is. */
function overridden(differences: Differences = {}) {
  const intent = stepOf(planOf(rows.validated, { ...differences, inputs: REASON }), 'intend-swap');
  return intent?.kind === 'intend-swap' ? intent.fields : {};
}

test('a reason is recorded where no verdict holds, by whom, and for exactly this candidate', () => {
  const { known, observed } = seen(rows.validated, 'complete', { inputs: REASON });
  const candidate = candidateSlot(observed) ?? slot('none');
  const of = (result: 'failed' | 'overridden') => candidateFingerprint(known, observed, candidate, result);
  const verdict = { of: of('overridden'), result: 'overridden', by: `${known.github.actor}: the check / is wrong` };
  expect(overridden()).not.toHaveProperty('verdict');
  expect(overridden({ record: { verdict: undefined } })).toMatchObject({ verdict });
  const failed = { of: of('failed'), result: 'failed', by: 'ada' } as const;
  expect(overridden({ record: { verdict: failed } })).toMatchObject({ verdict });
  expect(overridden({ record: { verdict: { of: 'x', result: 'passed', by: 'ada' } } })).toMatchObject({ verdict });
  const long = planOf(rows.deployed, { inputs: { 'override-validation': 'x'.repeat(200) } });
  const intent = stepOf(long, 'intend-swap');
  expect(intent?.kind === 'intend-swap' && intent.fields.verdict?.by).toHaveLength(150);
  // Without a reason nothing is recorded of a verdict, also where a dry run cannot tell whether it holds.
  const blind = { inputs: { 'dry-run': 'true' }, look: { sql: {} } };
  expect(stepOf(planOf(rows.validated, blind), 'intend-swap')).not.toHaveProperty('fields.verdict');
  expect(stepOf(planOf(rows.validated), 'intend-swap')).not.toHaveProperty('fields.verdict');
});

test('since when visitors are on the originals is recorded once', () => {
  const fields = (visitorsOnOriginalSince: string | undefined) =>
    stepOf(planOf(rows.validated, { record: { visitorsOnOriginalSince } }), 'intend-swap');
  const { now } = seen(rows.validated, 'complete').observed;
  expect(fields(undefined)).toHaveProperty('fields.visitorsOnOriginalSince', now);
  expect(fields('2026-01-31T14:00:00.000Z')).not.toHaveProperty('fields.visitorsOnOriginalSince');
});

test('what a swap carries along is matched before, for a new build alone, and files that visitors wrote to the copy come along', () => {
  const stagingSlot = slot('zdd-staging', { ...NEW, travelling: { nodeVersion: '18' } });
  expect(kindsOf(planOf(rows.validated, { look: { stagingSlot } }))[0]).toBe('match-config');
  const travelling = { linuxFxVersion: 'DOCKER|registry.io/team/shop:1' };
  const readonlySlot = slot('zdd-readonly', { ...live.slots['zdd-readonly'], travelling });
  const liveImage = `registry.io/team/shop:1@sha256:${'a'.repeat(64)}`;
  expect(kindsOf(planOf(live, { look: { readonlySlot, liveImage }, inputs: REASON }))).not.toContain('match-config');
  const open = { inputs: { 'keep-files': 'media/' }, record: { mode: 'read-write' } } as const;
  expect(kindsOf(planOf(rows.validated, open))).toContain('carry-files');
});

const APPS = { otherApps: [otherApp('shop-rg/till', 'Stopped')] };
const STOPPED = { stoppedApps: ['shop-rg/till'] };
const WRITES = { 'write-probes': 'POST /ping-write -> 200' };
const SOAK = ['watch-production', 'check-sessions', 'stop-slot', 'record'];

test('behind the swap the candidate is watched, other apps start, the copy stops, and then it is recorded', () => {
  const ahead = planOf(rows.validated, { look: APPS, record: STOPPED });
  expect(kindsOf(ahead).slice(-6)).toEqual(['post-swap', 'watch-production', 'start-app', ...SOAK.slice(1)]);
  expect(stepOf(ahead, 'watch-production')).toMatchObject({ seconds: 300, purpose: 'soak' });
  expect(stepOf(ahead, 'stop-slot')).toMatchObject({ slot: 'zdd-staging' });
  const { now } = seen(rows.validated, 'complete').observed;
  const last = ahead.at(-1)?.[0];
  expect(last?.kind === 'record' && last.fields).toStrictEqual({ completedAt: now, stoppedApps: undefined });
});

/** Visitors are on the candidate; nothing else has happened. */
const moved = killed(rows.validated, 'complete', 'settle-swap');
const watched = { purpose: 'soak', marker: moved.production.markerText, healthy: true, why: '' } as const;
const copy = slot('zdd-staging', moved.slots['zdd-staging']);

test('what this run has done of it is not done again', () => {
  const left = (run: Differences['run'] = {}, more: Differences = {}) => kindsOf(planOf(moved, { run, ...more }));
  expect(left()).toEqual(SOAK);
  expect(left({ watched })).toEqual(SOAK.slice(1));
  expect(left({ watched: { ...watched, marker: 'another' } })).toEqual(SOAK);
  const done = (...kinds: string[]) => ({ done: kinds.map((kind) => ({ kind, subject: 'production' })) });
  expect(left({ watched, ...done('check-sessions') })).toEqual(['stop-slot', 'record']);
  expect(left({}, { inputs: WRITES })).toEqual(['prove-writes', ...SOAK]);
  expect(left(done('prove-writes'), { inputs: WRITES })).toEqual(SOAK);
  expect(left({}, { look: { stagingSlot: stopped(moved, 'zdd-staging') } })).not.toContain('stop-slot');
  expect(left({}, { look: { stagingSlot: null } })).not.toContain('stop-slot');
  // Once it is recorded only a copy that runs is left to be stopped.
  const completedAt = '2026-01-31T15:00:00.000Z';
  expect(left({}, { record: { completedAt }, inputs: WRITES })).toContain('stop-slot');
  const kinds = left({}, { record: { completedAt }, inputs: WRITES });
  for (const kind of ['prove-writes', 'watch-production', 'check-sessions']) expect(kinds).not.toContain(kind);
  // The live build that a rollback brought back writes nothing for a proof.
  const back = killed(live, 'complete', 'settle-swap', WRITES);
  expect(kindsOf(planOf(back, { inputs: WRITES }))).not.toContain('prove-writes');
});

test('the soak counts from the swap in the run that sent it, and by a clock that goes wrong no longer than it is', () => {
  const seconds = (closedSecondsAgo: number, outcome?: 'happened' | 'did-not-happen') => {
    const { now } = seen(moved, 'complete').observed;
    const windowClosedAt = new Date(Date.parse(now) - 1000 * closedSecondsAgo).toISOString();
    const run = outcome === undefined ? {} : { settled: { number: 2, outcome } };
    const step = stepOf(planOf(moved, { record: { windowClosedAt }, run }), 'watch-production');
    return step?.kind === 'watch-production' && step.seconds;
  };
  expect(seconds(100, 'happened')).toBe(200);
  expect(seconds(400, 'happened')).toBe(0);
  expect(seconds(-50, 'happened')).toBe(300);
  // Another run has seen nothing of it.
  expect([seconds(100), seconds(100, 'did-not-happen')]).toEqual([300, 300]);
});

const ILL = { ...watched, healthy: false, why: 'GET / answered 500' };
const PROOF = { proven: { [copy.name]: copy.markerText } };

test('from a candidate that turns ill visitors go back to the copy, its verdict void, the copy proven as a last resort', () => {
  const plan = planOf(moved, { run: { watched: ILL } });
  expect(kindsOf(plan)).toEqual(['record', 'prove-instance', 'prove-instance', 'intend-swap', 'post-swap']);
  const [first] = plan.flat();
  expect(first?.kind === 'record' && first.fields).toStrictEqual({ verdict: undefined });
  expect(stepOf(plan, 'prove-instance')).toMatchObject({
    slot: copy.name,
    as: 'read-only-copy',
    lastResort: expect.stringContaining('GET / answered 500'),
  });
  expect(stepOf(plan, 'intend-swap')).toMatchObject({ purpose: 'return', source: copy.name });
  const none = { record: { verdict: undefined } };
  const proven = kindsOf(planOf(moved, { run: { watched: ILL, ...PROOF }, ...none }));
  expect(proven.slice(-2)).toEqual(['intend-swap', 'post-swap']);
  expect(proven).not.toContain('prove-instance');
  // The record that is written to both its places holds nothing new.
  expect(stepOf(planOf(moved, { run: { watched: ILL }, ...none }), 'record')).not.toHaveProperty('fields.verdict');
  const look = { stagingSlot: stopped(moved, 'zdd-staging') };
  const started = kindsOf(planOf(moved, { run: { watched: ILL }, look }));
  expect(started).toEqual(['record', 'start-slot', 'prove-instance', 'prove-instance', 'intend-swap', 'post-swap']);
});

test('nobody goes back from one that was seen ill under another marker, for another purpose, or after it was completed', () => {
  const isGoingBack = (run: Differences['run'], record: Differences['record'] = {}) =>
    kindsOf(planOf(moved, { run: run ?? {}, record: record ?? {} })).includes('intend-swap');
  expect(isGoingBack({ watched: ILL })).toBe(true);
  expect(isGoingBack({ watched: { ...ILL, marker: 'another' } })).toBe(false);
  expect(isGoingBack({ watched: { ...ILL, purpose: 'after-switch' } })).toBe(false);
  expect(isGoingBack({ watched: ILL }, { completedAt: '2026-01-31T15:00:00.000Z' })).toBe(false);
});

test('without a copy visitors stay on the only instance there is, and it is said', () => {
  expect(stopOf(moved, { run: { watched: ILL }, look: { stagingSlot: null } })).toMatchObject({
    kind: 'failed',
    happened: expect.stringContaining('GET / answered 500'),
  });
});

const [ADMIN, SEARCH] = ['shop-rg/admin', 'shop-rg/search'];
const INPUTS = { 'other-apps': 'admin = /release/admin.zip\nsearch = read-only' };
const several = after(
  (['clone', 'read-only', 'switch', 'deploy', 'validate'] as const).map((phase) => [phase, INPUTS] as const),
  beside(start(), { [ADMIN]: 'build', [SEARCH]: 'read-only' }),
);
const all = (picture: Picture, differences: Differences = {}) => planOf(picture, { ...differences, inputs: INPUTS });
const who = (plan: Plan, kind: string) =>
  plan.flat().flatMap((step) => (step.kind === kind ? [step.of ?? 'first'] : []));
const isIll = { watched: { ...ILL, purpose: 'soak' } } as const;

test('visitors who were sent back are told of as such, and of which app', () => {
  const told = (run: Differences['run']) => stopOf(several, { inputs: INPUTS, run: run ?? {} });
  expect(told(isIll)).toMatchObject({ kind: 'failed', happened: expect.stringContaining('The candidate became') });
  expect(told({ companions: { [SEARCH]: { ...freshRun, ...isIll } } })).toMatchObject({
    happened: expect.stringContaining(`The candidate of ${SEARCH} became`),
  });
  const healthy = { watched: { ...ILL, healthy: true } };
  expect(told({ companions: { [SEARCH]: { ...freshRun, ...healthy } } })).toBeInstanceOf(Array);
});

test('where one of several cannot move those go back that have; once all have, one that is ill is told of as it is', () => {
  const apart = killed(several, 'complete', 'settle-swap', INPUTS);
  const stuck = all(apart, { look: { stagingSlot: stopped(several, 'zdd-staging') } });
  expect(stuck.flat().find(({ kind }) => kind === 'record')).toMatchObject({ fields: { movingBack: 'complete' } });
  expect(who(stuck, 'post-swap')).toEqual([ADMIN]);
  const first = killed(several, 'complete', 'watch-production', INPUTS);
  const run = { watched: { ...ILL, marker: first.production.markerText } };
  expect(stopOf(first, { inputs: INPUTS, run, look: { stagingSlot: null } })).toMatchObject({ kind: 'failed' });
});

test('of each app the candidate is watched and the copy stopped, foreseen and found', () => {
  const ahead = all(several);
  expect(who(ahead, 'watch-production')).toEqual(['first', ADMIN, SEARCH]);
  expect(who(ahead, 'stop-slot')).toEqual(['first', ADMIN, SEARCH]);
  const first = killed(several, 'complete', 'watch-production', INPUTS);
  expect(who(all(first), 'stop-slot')).toEqual(['first', ADMIN, SEARCH]);
  const places = (plan: Plan) => plan.flat().flatMap((step) => (step.kind === 'stop-slot' ? [step.slot] : []));
  expect(places(ahead)).toEqual(['zdd-staging', 'zdd-staging', 'zdd-readonly']);
  expect(places(all(first))).toEqual(places(ahead));
  const done = after([['complete', INPUTS]], several);
  expect(who(all(done), 'stop-slot')).toEqual([]);
  const admin = first.companions?.[ADMIN];
  if (admin === undefined) throw new Error('It moves along.');
  const bare = { ...admin, slots: {} };
  const companions = { ...first.companions, [ADMIN]: bare };
  expect(who(all({ ...first, companions }), 'stop-slot')).toEqual(['first', SEARCH]);
  // Before the swap the candidate runs, whatever state it is seen in.
  const marker = first.companions?.[SEARCH]?.production.markerText ?? '';
  const ill = { companions: { [SEARCH]: { ...freshRun, watched: { ...ILL, marker } } } };
  expect(who(all(first, { run: ill }), 'intend-swap')).toEqual(['first']);
});
