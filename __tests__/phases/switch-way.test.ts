import { expect, test } from '@jest/globals';
import type { SwapIntent } from '../../src/deployment/record.ts';
import { freshRun } from '../../src/deployment/this-run.ts';
import { switchPhase } from '../../src/phases/switch.ts';
import type { Plan } from '../../src/steps/steps.ts';
import { CLONE, ID, NOW, otherApp, slot } from './observed.ts';
import { beside, type Picture, start } from './picture.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';
import { after, killed } from './walk.ts';

function planOf(picture: Picture, differences: Differences = {}): Plan {
  const { known, observed } = seen(picture, 'switch', differences);
  return switchPhase.plan(known, observed);
}

const stopOf = (picture: Picture, differences: Differences = {}) => stopOr(() => planOf(picture, differences));
const kindsOf = (plan: Plan) => plan.flat().map(({ kind }) => kind as string);
const stepOf = (plan: Plan, kind: string) => plan.flat().find((step) => step.kind === kind);
/** What a plan records, but for the record itself in both its places. */
const fieldsOf = (plan: Plan) =>
  plan.flat().flatMap((step) => (step.kind === 'record' && Object.keys(step.fields).length > 0 ? [step.fields] : []));

/** Visitors are on the copy, and the live build runs still. */
const moved = killed(rows.ready, 'switch', 'settle-swap');
const MARKER = moved.production.markerText;
const watched = { purpose: 'after-switch', marker: MARKER, healthy: true, why: '' } as const;
const SAME = { schemaVersion: '1' };
const CLOSED = { shop: { readOnly: true, ...SAME } };
const OPEN = { shop: { readOnly: false, ...SAME } };

const AFTER = ['stop-slot', 'stop-webjobs', 'await-quiet', 'take-rollback-point'];
const FIRST = ['watch-production', 'prove-sql', ...AFTER];

test('before the swap all is checked and proven; what follows it is foreseen', () => {
  expect(kindsOf(planOf(rows.ready))).toEqual([
    ...['check-again', 'prove-sql', 'prove-instance', 'intend-swap', 'post-swap', 'watch-production'],
    ...AFTER,
  ]);
  expect(stepOf(planOf(rows.ready), 'watch-production')).toMatchObject({ seconds: 10, purpose: 'after-switch' });
  const keeps = planOf(rows.ready, { inputs: { 'keep-files': 'media/' } });
  expect(kindsOf(keeps).indexOf('carry-files')).toBeLessThan(kindsOf(keeps).indexOf('intend-swap'));
  expect(kindsOf(keeps)).toContain('carry-files');
});

test('WebJobs stop while the originals are closed, and before where they stay open', () => {
  const batches = (plan: Plan) => plan.map((batch) => batch.map(({ kind }) => kind).join('+'));
  expect(batches(planOf(moved))).toContain('stop-webjobs+await-quiet');
  const open = batches(planOf(moved, { record: { noDatabaseRollback: 'yes' } }));
  expect(open.indexOf('stop-webjobs')).toBe(open.indexOf('await-quiet') - 1);
  const quiet = (differences: Differences = {}) => stepOf(planOf(moved, differences), 'await-quiet');
  expect(quiet()).toMatchObject({ databases: ['shop'], setReadOnly: true, watching: true });
  expect(quiet({ record: { noDatabaseRollback: 'yes' } })).toMatchObject({ setReadOnly: false });
  // Once the point is taken going back is no longer safe.
  expect(quiet({ record: { rollbackPoint: NOW }, look: { sql: {} } })).toMatchObject({ watching: false });
});

test('what this run has done behind the swap is not done again', () => {
  const left = (run: Differences['run'] = {}, look: Differences['look'] = {}) =>
    kindsOf(planOf(moved, { run, look: look ?? {} }));
  expect(left()).toEqual(FIRST);
  expect(left({ watched })).toEqual(FIRST.slice(1));
  expect(left({ watched: { ...watched, marker: 'another' } })).toEqual(FIRST);
  const done = (...kinds: [string, string][]) => ({ done: kinds.map(([kind, subject]) => ({ kind, subject })) });
  expect(left({ watched, ...done(['prove-sql', '']) })).toEqual(AFTER);
  expect(left({ watched, ...done(['prove-sql', ''], ['stop-webjobs', 'zdd-readonly']) })).not.toContain('stop-webjobs');
  expect(left({ watched, ...done(['prove-sql', ''], ['await-quiet', '']) })).toEqual([
    'stop-slot',
    'take-rollback-point',
  ]);
  const readonlySlot = slot('zdd-readonly', { ...moved.slots['zdd-readonly'], state: 'Stopped' });
  expect(left({}, { readonlySlot })).not.toContain('stop-slot');
});

test('once the point is taken nothing is left, unless an original is open and nobody has agreed to that', () => {
  const left = (differences: Differences) => kindsOf(planOf(rows.switched, differences));
  expect(left({ look: { sql: CLOSED } })).toEqual([]);
  expect(left({ look: { sql: {} } })).toEqual(['stop-webjobs', 'await-quiet']);
  expect(left({ look: { sql: OPEN } })).toContain('take-rollback-point');
  expect(fieldsOf(planOf(rows.switched, { look: { sql: OPEN } }))).toStrictEqual([{ rollbackPoint: undefined }]);
  for (const agreed of [{ otherWriters: 'stock' }, { noDatabaseRollback: 'yes' }] as const)
    expect(left({ look: { sql: OPEN }, record: agreed }).filter((kind) => kind !== 'record')).toEqual([]);
  expect(kindsOf(planOf(moved, { inputs: { 'prepare-rollback': 'true' } })).at(-1)).toBe('prepare-restore');
});

test('a live build that a rollback brought back is no candidate any more', () => {
  const candidate = { role: 'live', attempt: 1, slot: 'zdd-readonly' } as const;
  const readonlySlot = slot('zdd-readonly', {
    ...moved.slots['zdd-readonly'],
    appSettings: { SHOP_NAME: 'Shop', ZDD_INSTANCE: `${ID}/live/1` },
  });
  expect(fieldsOf(planOf(moved, { record: { candidate }, look: { readonlySlot } }))).toStrictEqual([
    { candidate: undefined, verdict: undefined },
  ]);
  expect(fieldsOf(planOf(moved))).toEqual([]);
});

test('other apps are recorded, then stopped, before anybody waits for quiet', () => {
  const kinds = kindsOf(planOf(moved, { look: { otherApps: [otherApp('shop-rg/till', 'Running')] } }));
  expect(kinds.filter((kind) => /^(record|stop-app|await-quiet)$/.test(kind))).toEqual([
    ...['record', 'stop-app', 'await-quiet'],
  ]);
});

test('a job that is run again after "deploy" began does nothing, and what lost its point is told', () => {
  expect(planOf(rows.deployed)).toEqual([]);
  expect(stopOf(rows.deployed, { record: { rollbackPoint: undefined } })).toMatchObject({ kind: 'drifted' });
  expect(stopOf(rows.ready, { record: { deployBegun: 'attempt 1', rollbackPoint: NOW } })).toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining('"deploy" has begun'),
  });
  const candidate = { deployBegun: undefined, completedAt: undefined };
  expect(stopOf(rows.completed, { record: candidate })).toMatchObject({
    happened: expect.stringContaining('needs visitors on the live build'),
  });
});

test('what production was given since the copy was made would be lost: it is made anew first', () => {
  const production = slot('production', {
    ...rows.ready.production,
    appSettings: { ...rows.ready.production.appSettings, SHOP_NAME: 'Other' },
  });
  expect(stopOf(rows.ready, { look: { production } })).toMatchObject({
    kind: 'refused',
    next: expect.stringMatching(/^Run "read-only" again/),
  });
});

test('the marker of what is in the place of the copy is told', () => {
  const told = (appSettings: Readonly<Record<string, string>>) =>
    stopOf(rows.ready, { look: { readonlySlot: slot('zdd-readonly', { appSettings }) } });
  const other = '20250101-aaaaa/read-only/1';
  expect(told({ ZDD_INSTANCE: other })).toMatchObject({ happened: expect.stringContaining(`"${other}"`) });
  expect(told({})).toMatchObject({ happened: expect.stringContaining('"none"') });
  // A state that Azure calls otherwise is none in which it answers.
  const readonlySlot = slot('zdd-readonly', { ...rows.ready.slots['zdd-readonly'], state: 'Stopped' });
  expect(stopOf(rows.ready, { look: { readonlySlot } })).toMatchObject({
    happened: expect.stringMatching(/is Stopped/),
  });
});

const ILL = { ...watched, healthy: false, why: 'GET / answered 500' };
const MISSED = { happened: 'It took too long.', fix: 'Find out why.' };

test('from a copy that is ill, or too late, visitors go back; whoever is told so is told once they are', () => {
  const purposes = (run: Differences['run']) => {
    const intent = stepOf(planOf(moved, { run: run ?? {} }), 'intend-swap');
    return intent?.kind === 'intend-swap' && intent.purpose;
  };
  expect(purposes({ watched: ILL })).toBe('undo');
  expect(purposes({ watched, missed: MISSED })).toBe('undo');
  expect(purposes({ watched })).toBe(false);
  expect(stopOf(rows.ready, { run: { watched: ILL } })).toMatchObject({ kind: 'failed' });
});

const INTENT: SwapIntent = {
  ...{ number: 1, source: 'zdd-readonly', sourceMarker: '', productionMarker: '', swapStatusBefore: '' },
  ...{ purpose: 'switch', at: NOW },
};

test('the watch begins while the swap of this run settles, when Azure says that it is over, and once', () => {
  const asked = (picture: Picture, run: Differences['run'] = {}) =>
    planOf(picture, { record: { intent: INTENT }, run: run ?? {} });
  const posted = { number: 1, ended: 'succeeded' } as const;
  const [batch = []] = asked(moved, { posted });
  expect(batch.map(({ kind }) => kind)).toEqual(['settle-swap', 'watch-production']);
  // An unhealthy answer decides nothing yet.
  expect(batch[1]).toMatchObject({ tentative: true, purpose: 'after-switch' });
  const settles = ['settle-swap'];
  expect(kindsOf(asked(moved))).toEqual(settles);
  expect(kindsOf(asked(moved, { posted: { ...posted, number: 2 } }))).toEqual(settles);
  expect(kindsOf(asked(moved, { posted: { ...posted, ended: 'unknown' } }))).toEqual(settles);
  expect(kindsOf(asked(moved, { posted, watched }))).toEqual(settles);
  expect(kindsOf(asked(rows.ready, { posted }))).toEqual(settles);
});

const [ADMIN, SEARCH] = ['shop-rg/admin', 'shop-rg/search'];
const INPUTS = { 'other-apps': 'admin = /release/admin.zip\nsearch = read-only' };
const ready = after(
  (['clone', 'read-only'] as const).map((phase) => [phase, INPUTS] as const),
  beside(start(), { [ADMIN]: 'build', [SEARCH]: 'read-only' }),
);
const all = (picture: Picture, differences: Differences = {}) => planOf(picture, { ...differences, inputs: INPUTS });
const who = (plan: Plan, kind: string) =>
  plan.flat().flatMap((step) => (step.kind === kind ? [step.of ?? 'first'] : []));
const both = killed(after([], ready), 'switch', 'watch-production', INPUTS);
const companion = (picture: Picture, key: string) => {
  const found = picture.companions?.[key];
  if (found === undefined) throw new Error('It moves along.');
  return found;
};

test('of each app the copy is watched and the live build stopped', () => {
  for (const picture of [ready, both]) {
    expect(who(all(picture), 'watch-production')).toEqual(['first', ADMIN, SEARCH]);
    expect(who(all(picture), 'stop-slot')).toEqual(['first', ADMIN, SEARCH]);
  }
  const marker = companion(both, SEARCH).production.markerText;
  const ill = { companions: { [SEARCH]: { ...freshRun, watched: { ...ILL, marker } } } };
  expect(stepOf(all(both, { run: ill }), 'intend-swap')).toMatchObject({ purpose: 'undo' });
});

test('where one of several cannot move those go back that have, and behind the swap of the first app nobody does', () => {
  const apart = killed(ready, 'switch', 'settle-swap', INPUTS);
  const { 'zdd-readonly': copy } = ready.slots;
  const stuck = all(apart, { look: { readonlySlot: slot('zdd-readonly', { ...copy, state: 'Stopped' }) } });
  expect(fieldsOf(stuck)).toEqual([{ movingBack: 'switch' }]);
  expect(who(stuck, 'post-swap')).toEqual([ADMIN]);
  expect(stopOf(both, { inputs: INPUTS, look: { readonlySlot: null } })).toMatchObject({ kind: 'drifted' });
});

test('where somebody has written over a copy another one is made, of exactly that app', () => {
  const admin = companion(both, ADMIN);
  const { ZDD_INSTANCE: _, ...appSettings } = admin.production.appSettings;
  const over = { ...admin, production: slot('production', { ...admin.production, appSettings }) };
  const plan = all({ ...both, companions: { ...both.companions, [ADMIN]: over } });
  expect(plan.flat().length).toBeGreaterThan(0);
  expect(plan.flat().every(({ of }) => of === ADMIN)).toBe(true);
  // Its settings are those of its live build, where that waits, not what stands in production by now.
  const [named] = Object.keys(companion(both, ADMIN).slots['zdd-readonly']?.connectionStrings ?? {});
  const bare = slot('production', { ...over.production, appSettings: {}, connectionStrings: {} });
  const companionsOver = { ...both.companions, [ADMIN]: { ...over, production: bare } };
  const write = all({ ...both, companions: companionsOver })
    .flat()
    .findLast(({ kind }) => kind === 'write-settings');
  expect(write?.kind === 'write-settings' && write.settings).toMatchObject({
    appSettings: { SHOP_NAME: 'Shop' },
    connectionStrings: { [named ?? '']: { value: expect.stringContaining(CLONE) } },
  });
  // What visitors had in between is disarmed where they are elsewhere by now: of the first app, and of others.
  const left = slot('zdd-staging', { tags: { 'zdd-slot': 'yes' } });
  const withLeft = { ...admin, slots: { ...admin.slots, 'zdd-staging': left } };
  const companions = { ...both.companions, [ADMIN]: withLeft };
  expect(who(all({ ...both, companions }), 'write-settings')).toEqual([ADMIN]);
  expect(who(all({ ...both, slots: { ...both.slots, 'zdd-staging': left } }), 'write-settings')).toEqual(['first']);
  expect(who(all({ ...ready, slots: { ...ready.slots, 'zdd-staging': left } }), 'write-settings')).toEqual([]);
});
