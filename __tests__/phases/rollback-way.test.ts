import { expect, test } from '@jest/globals';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { freshRun } from '../../src/deployment/this-run.ts';
import { rollback } from '../../src/phases/rollback.ts';
import type { Plan } from '../../src/steps/steps.ts';
import { ID, slot } from './observed.ts';
import { beside, type Picture, start } from './picture.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';
import { after, killed } from './walk.ts';

const DATABASE = { 'rollback-scope': 'code-and-database' };
const CODE = { 'rollback-scope': 'code', 'ignore-schema': 'true' };
const LOSSY = { ...DATABASE, 'accept-data-loss': 'true' };

function planOf(picture: Picture, differences: Differences = {}): Plan {
  const { known, observed } = seen(picture, 'rollback', differences);
  return rollback.plan(known, observed);
}

const stopOf = (picture: Picture, differences: Differences = {}) => stopOr(() => planOf(picture, differences));
const kindsOf = (plan: Plan) => plan.flat().map(({ kind }) => kind as string);

/** What each step of a plan records. One that records nothing writes the record to both its places. */
function recorded(plan: Plan): readonly Partial<DeploymentRecord>[] {
  const fields = plan.flat().flatMap((step) => (step.kind === 'record' ? [step.fields] : []));
  return fields.filter((each) => Object.keys(each).length > 0);
}

test('what somebody else brought to visitors is not rolled back, whether it bears a marker or not', () => {
  const away = (appSettings: Readonly<Record<string, string>>) =>
    stopOf(rows.completed, { look: { production: slot('production', { appSettings }) }, inputs: LOSSY });
  expect(away({ ZDD_INSTANCE: '20250101-aaaaa/new/1' })).toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining('(marker "20250101-aaaaa/new/1")'),
    next: expect.stringMatching(/^Run "cleanup"/),
  });
  expect(away({})).toMatchObject({ kind: 'refused', happened: expect.stringContaining('(marker "none")') });
});

test('outside of the window, what has drifted is said', () => {
  expect(stopOf(rows.ready, { record: { windowOpenedAt: '2026-01-31T14:00:00.000Z' } })).toMatchObject({
    kind: 'drifted',
  });
});

test('where a template has written over the copy, the live build is not sent there', () => {
  const running = slot('zdd-readonly', { ...rows.deployed.slots['zdd-readonly'], state: 'Running' });
  const { connectionStrings } = running;
  const production = slot('production', { ...rows.deployed.production, connectionStrings });
  expect(stopOf(rows.deployed, { look: { production }, inputs: CODE })).toMatchObject({
    kind: 'drifted',
    next: expect.stringContaining('Then run "switch"'),
  });
});

test('the shortest way is taken, and nothing of the long one', () => {
  expect(kindsOf(planOf(rows.switched, { inputs: DATABASE }))).not.toContain('restore-database');
  expect(kindsOf(planOf(rows.switched)).at(-1)).toBe('post-swap');
});

const UNDER_WAY = { scope: 'code-and-database', attempt: 2, databases: 'moving' } as const;
const BEGUN = { candidate: undefined, verdict: undefined, attempt: 2 } as const;

test('what a rollback begins with is recorded once, before anything is stopped, and voids candidate and verdict', () => {
  const [first, begins, next] = planOf(rows.validated, { inputs: DATABASE });
  expect(first).toMatchObject([{ kind: 'check-again' }]);
  expect(begins).toStrictEqual([
    {
      kind: 'record',
      fields: { rollbackUnderWay: UNDER_WAY, attempt: 2, candidate: undefined, verdict: undefined },
      because: expect.any(String),
    },
  ]);
  expect(next).toMatchObject([{ kind: 'stop-slot' }]);
  // Of the code alone the databases are settled from the beginning, and nothing is asked that only matters for them.
  const [code] = planOf(rows.validated, { inputs: CODE });
  expect(code).toMatchObject([
    { kind: 'record', fields: { rollbackUnderWay: { scope: 'code', attempt: 2, databases: 'settled' } } },
  ]);
});

test('one that goes on neither checks nor begins again', () => {
  const plan = planOf(rows.deployed, { inputs: DATABASE, record: { ...BEGUN, rollbackUnderWay: UNDER_WAY } });
  expect(kindsOf(plan)).not.toContain('check-again');
  expect(recorded(plan)).toMatchObject([
    { rollbackUnderWay: { ...UNDER_WAY, databases: 'settled' } },
    { rollbackUnderWay: undefined },
  ]);
  // Another scope is another rollback.
  const other = planOf(rows.deployed, { inputs: CODE, record: { ...BEGUN, rollbackUnderWay: UNDER_WAY } });
  expect(recorded(other)[0]).toMatchObject({ attempt: 3, rollbackUnderWay: { scope: 'code', attempt: 3 } });
});

test('while one of several databases is not back the databases are not settled, and only that one is restored', () => {
  const two = after(['clone', 'read-only', 'switch', 'deploy'], start('catalog', 'shop'));
  const back = after([['rollback', DATABASE]], two);
  const [first, second] = seen(back, 'rollback').observed.databases;
  if (first === undefined || second === undefined) throw new Error('It has two databases.');
  const [before] = seen(two, 'rollback').observed.databases;
  if (before === undefined) throw new Error('It had two.');
  const restores = (plan: Plan) =>
    plan.flat().flatMap((step) => (step.kind === 'restore-database' ? [step.database] : []));
  const going = planOf(back, {
    inputs: DATABASE,
    record: { candidate: undefined, rollbackUnderWay: UNDER_WAY },
    look: { databases: [before, second] },
  });
  expect(restores(going)).toEqual(['catalog']);
  expect(recorded(going)[0]).toMatchObject({ rollbackUnderWay: { ...UNDER_WAY, databases: 'settled' } });
  // Nor has a rollback ended that is recorded as ended.
  expect(restores(planOf(back, { inputs: DATABASE }))).toEqual([]);
  expect(restores(planOf(back, { inputs: DATABASE, look: { databases: [before, second] } }))).toContain('catalog');
});

test('once all have their names it is recorded, with what a migration had done and only then, and once', () => {
  const settled = (record: Partial<DeploymentRecord>) =>
    recorded(planOf(rows.deployed, { inputs: DATABASE, record: { ...BEGUN, ...record } })).find(
      ({ rollbackUnderWay }) => rollbackUnderWay?.databases === 'settled',
    );
  const now = { rollbackUnderWay: { ...UNDER_WAY, databases: 'settled' } };
  const moving = { rollbackUnderWay: UNDER_WAY };
  expect(settled(moving)).toStrictEqual(now);
  expect(settled({ ...moving, migrated: 0 })).toStrictEqual({ ...now, migrated: undefined });
  expect(settled({ ...moving, afterStart: 1 })).toStrictEqual({ ...now, afterStart: undefined });
  expect(settled({ rollbackUnderWay: { ...UNDER_WAY, databases: 'settled' } })).toBeUndefined();
  const fresh = recorded(planOf(rows.deployed, { inputs: CODE }));
  expect(fresh.map(({ rollbackUnderWay }) => rollbackUnderWay?.databases)).toEqual(['settled', undefined]);
});

test('a point that the live build will write after is forgotten, unless "deploy" has begun', () => {
  const begins = (record: Partial<DeploymentRecord>) =>
    recorded(planOf(rows.switched, { record: { mode: 'read-write', ...record } }))[0];
  expect(begins({})).toHaveProperty('rollbackPoint', undefined);
  expect(begins({ rollbackPoint: undefined })).not.toHaveProperty('rollbackPoint');
  // "switch" took another one while it was under way.
  const code = { scope: 'code', attempt: 1, databases: 'settled' } as const;
  expect(begins({ rollbackUnderWay: code, attempt: 1 })).toMatchObject({ attempt: 1, rollbackPoint: undefined });
  const [first] = planOf(rows.deployed, { inputs: CODE });
  expect(first?.[0]).not.toHaveProperty('fields.rollbackPoint');
});

const PROVEN = (picture: Picture) => ({
  started: { 'zdd-readonly': picture.slots['zdd-readonly']?.markerText ?? '' },
});

test('it has ended when the live build runs, was seen healthy in this run, and no rollback is recorded as under way', () => {
  const left = (differences: Differences) => kindsOf(planOf(rows.rolledBack, { inputs: DATABASE, ...differences }));
  const run = PROVEN(rows.rolledBack);
  expect(left({ run })).toEqual([]);
  expect(left({})).toEqual(['prove-instance', 'record']);
  expect(left({ run: { started: { 'zdd-readonly': 'another' } } })).toEqual(['prove-instance', 'record']);
  const readonlySlot = slot('zdd-readonly', { ...rows.rolledBack.slots['zdd-readonly'], state: 'Stopped' });
  expect(left({ run, look: { readonlySlot } })).toContain('start-slot');
  const { attempt } = seen(rows.rolledBack, 'rollback').record;
  const underWay = { record: { rollbackUnderWay: { ...UNDER_WAY, attempt } } };
  expect(recorded(planOf(rows.rolledBack, { inputs: DATABASE, run, ...underWay }))).not.toEqual([]);
  // One that is healthy and is no candidate yet is still to be recorded.
  expect(kindsOf(planOf(rows.deployed, { inputs: CODE, run: PROVEN(rows.deployed) }))).toContain('record');
});

test('one of the code has ended without a database being restored, and is none of the databases', () => {
  const back = after([['rollback', CODE]], rows.deployed);
  const left = (inputs: Differences['inputs'] = {}) => kindsOf(planOf(back, { inputs, run: PROVEN(back) }));
  expect(left(CODE)).toEqual([]);
  expect(left(DATABASE)).toContain('restore-database');
});

test('what is not safe is refused before and after "complete"', () => {
  expect(stopOf(rows.deployed, { inputs: { 'rollback-scope': 'code' } })).toMatchObject({ kind: 'refused' });
  expect(stopOf(rows.completed, { inputs: DATABASE })).toMatchObject({ kind: 'refused' });
});

test('the live build does not start where it would not find its database, unless the database is restored', () => {
  const away = seen(rows.deployed, 'rollback').observed.databases.map((pair) => ({
    ...pair,
    ...{ original: null, underName: null },
  }));
  const look = { databases: away };
  expect(stopOf(rows.deployed, { inputs: CODE, look })).toMatchObject({ kind: 'drifted' });
  expect(kindsOf(planOf(rows.deployed, { inputs: DATABASE, look }))).toContain('move-database');
});

test('before "complete" moves nobody twice: visitors go back to the copy, and since when they were away is kept', () => {
  const intended = (differences: Differences = {}) =>
    planOf(rows.completed, { inputs: LOSSY, ...differences })
      .flat()
      .find(({ kind }) => kind === 'intend-swap');
  expect(intended()).toMatchObject({ source: 'zdd-staging', purpose: 'return', fields: {} });
  const { now } = seen(rows.completed, 'rollback').observed;
  const production = { ...rows.completed.production, swapStatus: null };
  const none = { record: { visitorsOnOriginalSince: undefined }, look: { production } };
  expect(intended(none)).toMatchObject({ fields: { visitorsOnOriginalSince: now } });
});

test('without a copy visitors stay where they are', () => {
  const gone = { inputs: LOSSY, look: { stagingSlot: null } };
  expect(stopOf(rows.completed, gone)).toMatchObject({ happened: expect.stringContaining('is gone') });
});

test('without the live build visitors are not sent back to a copy from which there is no way on', () => {
  expect(stopOf(rows.completed, { inputs: LOSSY, look: { readonlySlot: null } })).toMatchObject({ kind: 'drifted' });
});

test('one copy of several that is lost is enough to keep visitors where they are', () => {
  const [first] = seen(rows.completed, 'rollback').observed.databases;
  if (first === undefined) throw new Error('It has a database.');
  const databases = [first, { ...first, name: 'catalog', clone: null }];
  expect(stopOf(rows.completed, { inputs: LOSSY, look: { databases } })).toMatchObject({ kind: 'refused' });
});

test.each<[string, Picture]>([
  ['a new build', rows.completed],
  ['the live build, which a rollback had brought back', rows.returned],
])('a dry run shows the whole way back from %s, as the run would go it', (_what, picture) => {
  const back = killed(picture, 'rollback', 'settle-swap', LOSSY);
  for (const run of [{}, { started: { 'zdd-readonly': `${ID}/live/2` } }]) {
    const plan = planOf(picture, { inputs: { ...LOSSY, 'dry-run': 'true' }, run });
    const swap = plan.findIndex(([step]) => step?.kind === 'post-swap');
    expect(plan.slice(swap + 1)).toEqual(planOf(back, { inputs: LOSSY, run }));
  }
  // Whoever carries it out looks again there.
  expect(kindsOf(planOf(picture, { inputs: LOSSY })).at(-1)).toBe('post-swap');
});

test('what visitors put into a build that somebody swapped to them comes back as well, in a dry run, too', () => {
  const inputs = { ...LOSSY, 'keep-files': 'media/', 'dry-run': 'true' };
  const plan = planOf(rows.completed, { inputs, record: { visitorsOnOriginalSince: undefined } });
  expect(kindsOf(plan)).toContain('carry-files');
});

const [ADMIN, SEARCH] = ['shop-rg/admin', 'shop-rg/search'];
const INPUTS = { 'other-apps': 'admin = /release/admin.zip\nsearch = read-only' };
const moved = after(
  [
    ['clone', INPUTS],
    ['read-only', INPUTS],
    ['switch', INPUTS],
  ],
  beside(start(), { [ADMIN]: 'build', [SEARCH]: 'read-only' }),
);
const several = (picture: Picture, differences: Differences = {}) =>
  planOf(picture, { ...differences, inputs: { ...INPUTS, ...LOSSY, ...differences.inputs } });
const who = (plan: Plan, kind: string) =>
  plan.flat().flatMap((step) => (step.kind === kind ? [step.of ?? 'first'] : []));

test('apps that a move has left elsewhere go back before anything else, and that they did is recorded', () => {
  const apart = killed(moved, 'rollback', 'settle-swap', { ...INPUTS, ...LOSSY });
  // The first app is on its live build by now.
  expect(who(several(apart), 'post-swap')).toEqual([SEARCH, ADMIN]);
  const before = {
    ...moved,
    production: start().production,
    slots: {},
    companions: beside(start(), { [ADMIN]: 'build' }).companions ?? {},
  };
  const back = several(before, { record: { movingBack: 'switch', windowOpenedAt: undefined } });
  expect(back).toStrictEqual([[{ kind: 'record', fields: { movingBack: undefined }, because: 'all apps are back' }]]);
  expect(recorded(several(before, { record: { windowOpenedAt: undefined } }))).toEqual([]);
});

test('in the window those go back that "complete" has moved, and no others', () => {
  const completing = after(
    [
      ['deploy', INPUTS],
      ['validate', INPUTS],
    ],
    moved,
  );
  const apart = killed(completing, 'complete', 'settle-swap', INPUTS);
  expect(who(several(apart), 'post-swap')).toEqual([ADMIN]);
  expect(several(completing).flat()[0]).toMatchObject({ kind: 'check-again' });
  expect(several(completing, { record: { movingBack: 'complete' } })).toMatchObject([[{ kind: 'record' }]]);
});

const COPY = slot('zdd-readonly', { ...moved.companions?.[ADMIN]?.production, name: 'zdd-readonly' });

test('visitors of another app where nobody has brought them are told of first', () => {
  const admin = moved.companions?.[ADMIN];
  if (admin === undefined) throw new Error('It moves along.');
  const home = { ...admin, production: start().production, slots: { 'zdd-readonly': COPY } };
  const picture = { ...moved, companions: { ...moved.companions, [ADMIN]: home } };
  expect(stopOf(picture, { inputs: { ...INPUTS, ...LOSSY } })).toMatchObject({ kind: 'drifted' });
});

test('a rollback of several apps has ended when the live build of each runs and was seen healthy', () => {
  const back = after(
    [
      ['deploy', INPUTS],
      ['rollback', { ...INPUTS, ...DATABASE }],
    ],
    moved,
  );
  const mark = (key: string) => back.companions?.[key]?.slots['zdd-readonly']?.markerText ?? '';
  const healthy = (key: string) => ({ [key]: { ...freshRun, started: { 'zdd-readonly': mark(key) } } });
  const left = (companions: typeof freshRun.companions, picture = back) =>
    several(picture, { run: { ...PROVEN(back), ...(companions && { companions }) } }).length;
  expect(left({ ...healthy(ADMIN), ...healthy(SEARCH) })).toBe(0);
  expect(left({ ...healthy(ADMIN) })).toBeGreaterThan(0);
  expect(
    left({ ...healthy(ADMIN), [SEARCH]: { ...freshRun, started: { 'zdd-readonly': 'another' } } }),
  ).toBeGreaterThan(0);
  expect(left(undefined)).toBeGreaterThan(0);
  const search = back.companions?.[SEARCH];
  if (search === undefined) throw new Error('It moves along.');
  const live = slot('zdd-readonly', { ...search.slots['zdd-readonly'], state: 'Stopped' });
  const stopped = { ...search, slots: { ...search.slots, 'zdd-readonly': live } };
  const companions = { ...back.companions, [SEARCH]: stopped };
  expect(left({ ...healthy(ADMIN), ...healthy(SEARCH) }, { ...back, companions })).toBeGreaterThan(0);
});

test('a dry run with several apps shows the whole way back as well, of each app as the run would go it', () => {
  const done = after(
    ['deploy', 'validate', 'complete'].map((phase) => [phase as 'deploy', INPUTS] as const),
    moved,
  );
  const further = (picture: Picture) => killed(picture, 'rollback', 'settle-swap', { ...INPUTS, ...LOSSY });
  const first = further(done);
  const all = further(further(first));
  expect(who(several(first), 'post-swap')).toEqual([SEARCH, ADMIN]);
  const run = several(all);
  expect(who(run, 'start-slot')).toEqual(expect.arrayContaining(['first', ADMIN, SEARCH]));
  const shown = several(done, { inputs: { 'dry-run': 'true' } });
  expect(shown.slice(-run.length)).toEqual(run);
  expect(shown.slice(0, -run.length)).toEqual([...several(done), ...several(first)]);
});
