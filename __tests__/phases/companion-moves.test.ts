import { expect, test } from '@jest/globals';
import { driftOf } from '../../src/deployment/drift.ts';
import type { DeploymentRecord, SwapIntent } from '../../src/deployment/record.ts';
import { freshRun, type ThisRun } from '../../src/deployment/this-run.ts';
import { Stop } from '../../src/errors.ts';
import {
  allOrNone,
  backwards,
  companionIntentPlan,
  movedIn,
  watchCompanions,
  withCompanions,
} from '../../src/phases/companion-moves.ts';
import type { Plan } from '../../src/steps/steps.ts';
import { ID } from './observed.ts';
import { beside, type Picture, start } from './picture.ts';
import { type Differences, seen, stopOr } from './seen.ts';
import { after, killed } from './walk.ts';

const [ADMIN, SEARCH] = ['shop-rg/admin', 'shop-rg/search'];
const INPUTS = { 'other-apps': 'admin = /release/admin.zip\nsearch = read-only' };
const ready = after(
  [
    ['clone', INPUTS],
    ['read-only', INPUTS],
  ],
  beside(start(), { [ADMIN]: 'build', [SEARCH]: 'read-only' }),
);
/** The first companion is on its copy, all others are where they were. */
const apart = killed(ready, 'switch', 'settle-swap', INPUTS);
const switched = after([['switch', INPUTS]], ready);

const because = 'it is tried';
const COPY = `${ID}/read-only/1`;
const MAIN: Plan = [
  [{ kind: 'prove-instance', slot: 'zdd-readonly', as: 'read-only-copy', because }],
  [{ kind: 'intend-swap', source: 'zdd-readonly', purpose: 'switch', fields: {}, because }],
  [{ kind: 'post-swap', source: 'zdd-readonly', because }],
];

const look = (picture: Picture, differences: Differences = {}) =>
  seen(picture, 'switch', { ...differences, inputs: INPUTS }).observed;
const of = (key: string, run: Partial<ThisRun>) => ({ run: { companions: { [key]: { ...freshRun, ...run } } } });
const who = (plan: Plan, kind: string) =>
  plan
    .flat()
    .filter((step) => step.kind === kind)
    .map((step) => step.of ?? 'first');
const moving = (picture: Picture, differences: Differences = {}) =>
  withCompanions(look(picture, differences), 'switch', MAIN, because);

/** Where the last of the one kind and the first of the other stand. */
function before(plan: Plan, first: string, then: string): boolean {
  const kinds = plan.flat().map(({ kind }) => kind as string);
  return kinds.lastIndexOf(first) < kinds.indexOf(then);
}

test('all are proven before any is moved; then they move one by one, the first app last', () => {
  const plan = moving(ready);
  expect(who(plan, 'prove-instance')).toEqual([ADMIN, SEARCH, 'first']);
  expect(before(plan, 'prove-instance', 'intend-swap')).toBe(true);
  for (const kind of ['intend-swap', 'post-swap']) expect(who(plan, kind)).toEqual([ADMIN, SEARCH, 'first']);
  expect(plan.flat().some((step) => step.kind === 'prove-instance' && step.tolerated)).toBe(false);
});

test('one that is proven already moves no sooner', () => {
  const plan = moving(ready, of(ADMIN, { proven: { 'zdd-readonly': COPY } }));
  expect(who(plan, 'prove-instance')).toEqual([SEARCH, 'first']);
  expect(before(plan, 'prove-instance', 'intend-swap')).toBe(true);
  expect(who(plan, 'post-swap')).toEqual([ADMIN, SEARCH, 'first']);
});

test('where one has moved the others follow, and a proof that fails does not end the run there', () => {
  expect(movedIn(look(apart), 'switch').map(({ key }) => key)).toEqual([ADMIN]);
  expect(movedIn(look(ready), 'switch')).toEqual([]);
  const plan = moving(apart);
  expect(who(plan, 'post-swap')).toEqual([SEARCH, 'first']);
  const proofs = plan.flat().filter((step) => step.kind === 'prove-instance');
  expect(proofs.map((step) => 'tolerated' in step && step.tolerated)).toEqual([true, true]);
});

test('without others the plan of the first app is the plan', () => {
  expect(withCompanions({ ...look(ready), companions: [] }, 'switch', MAIN, because)).toEqual(MAIN);
});

const ILL = new Stop('failed', 'It answered 500.', 'Look at its log.');

test.each<[string, Differences]>([
  ['the first app', { run: { notProven: { slot: 'zdd-readonly', stop: ILL } } }],
  ['another app', of(SEARCH, { notProven: { slot: 'zdd-readonly', stop: ILL } })],
])('who could not be proven keeps all from moving: %s', (_what, differences) => {
  expect(stopOr(() => moving(ready, differences))).toBe(ILL);
});

test.each<[string, string]>([
  ['another deployment', `20250101-aaaaa/read-only/1`],
  ['another role', `${ID}/new/1`],
  ['nobody knows what', ''],
])('a slot of another app that holds %s is not brought to visitors', (_what, marker) => {
  const admin = ready.companions?.[ADMIN];
  const copy = admin?.slots['zdd-readonly'];
  if (admin === undefined || copy === undefined) throw new Error('It has a copy.');
  const [deploymentId = '', role] = marker.split('/');
  const held = {
    ...copy,
    marker: marker === '' ? undefined : ({ deploymentId, role, attempt: 1 } as typeof copy.marker),
    markerText: marker,
  };
  const picture = {
    ...ready,
    companions: { ...ready.companions, [ADMIN]: { ...admin, slots: { ...admin.slots, 'zdd-readonly': held } } },
  };
  expect(stopOr(() => moving(picture))).toMatchObject({
    kind: 'refused',
    next: expect.stringMatching(/^Run "read-only"/),
  });
});

const fails = () => {
  throw ILL;
};
const all = (picture: Picture, plan: () => Plan, differences: Differences = {}) =>
  stopOr(() => allOrNone(look(picture, differences), 'switch', plan));
const BACK = { record: { movingBack: 'switch' } } as const;

test('what keeps the rest from moving sends back who has moved, and is recorded first, with why', () => {
  const plan = all(apart, fails);
  if (!Array.isArray(plan)) throw plan;
  expect(plan[0]).toMatchObject([{ kind: 'record', fields: { movingBack: 'switch' } }]);
  expect(plan.flat()[0]?.because).toContain('It answered 500');
  expect(who(plan, 'post-swap')).toEqual([ADMIN]);
  expect(plan.flat().find(({ kind }) => kind === 'intend-swap')).toMatchObject({ purpose: 'undo', of: ADMIN });
});

test('with nobody moved it is said at once, and what is no stop is a defect and hides behind nothing', () => {
  expect(all(ready, fails)).toBe(ILL);
  const defect = () => {
    throw new TypeError('a defect');
  };
  expect(() => all(apart, defect)).toThrow('a defect');
});

test('a way back that was begun is gone to its end, whatever could be done by now, and is recorded once', () => {
  const plan = all(apart, () => MAIN, BACK);
  if (!Array.isArray(plan)) throw plan;
  expect(who(plan, 'record')).toEqual([]);
  expect(who(plan, 'post-swap')).toEqual([ADMIN]);
});

test('once all are back the run that brought them ends red, and a later one begins anew', () => {
  const settled = { number: 2, outcome: 'happened' } as const;
  expect(all(ready, () => MAIN, { ...BACK, ...of(ADMIN, { settled }) })).toMatchObject({ kind: 'failed' });
  expect(all(ready, fails, { ...BACK, ...of(ADMIN, { settled }) })).toBe(ILL);
  const plan = all(ready, () => MAIN, { ...BACK, ...of(ADMIN, {}) });
  if (!Array.isArray(plan)) throw plan;
  expect(plan[0]).toMatchObject([{ kind: 'record', fields: { movingBack: undefined } }]);
  expect(plan[0]?.[0]).toHaveProperty('fields.movingBack');
  expect(plan.slice(1)).toEqual(MAIN);
});

const INTENT: SwapIntent = {
  number: 2,
  purpose: 'undo',
  source: 'zdd-readonly',
  sourceMarker: '',
  productionMarker: COPY,
  swapStatusBefore: '',
  at: '2026-01-31T14:00:00.000Z',
};

test('while a swap is open nothing is sent back: its plan comes first', () => {
  expect(all(apart, () => MAIN, { record: { ...BACK.record, intent: INTENT } })).toEqual(MAIN);
});

test('an open swap of another app is settled as its own; of one that nobody could look at it is said', () => {
  const plan = (record: Partial<DeploymentRecord>) => stopOr(() => companionIntentPlan(look(apart, { record })));
  expect(plan({ intent: INTENT, swapApp: ADMIN })).toMatchObject([[{ kind: 'settle-swap', of: ADMIN }]]);
  expect(plan({ intent: INTENT, swapApp: undefined })).toBeUndefined();
  expect(plan({ intent: undefined, swapApp: ADMIN })).toBeUndefined();
  expect(plan({ intent: INTENT, swapApp: 'shop-rg/gone' })).toMatchObject({ kind: 'drifted' });
});

/** Both companions have moved, the first app has not. */
const both = { ...switched, production: ready.production, slots: ready.slots };

test('who swapped the first app back by hand is told to bring the others back before "cleanup"', () => {
  const { companions = {} } = ready;
  const next = (picture: Picture) => driftOf(look(picture))?.next;
  expect(next(both)).toContain('or run "switch", which brings the other apps back, too, then "cleanup" if');
  expect(next({ ...both, companions })).toContain('or run "cleanup" if');
});

test('the last one that moved goes back first, each proven, and started where it is stopped', () => {
  const plan = backwards(look(both), 'switch');
  expect(who(plan, 'post-swap')).toEqual([SEARCH, ADMIN]);
  expect(who(plan, 'start-slot')).toEqual([SEARCH, ADMIN]);
  const kinds = plan.filter((batch) => batch.some((step) => step.of === SEARCH)).flatMap((batch) => batch[0]?.kind);
  expect(kinds).toEqual(['start-slot', 'prove-instance', 'intend-swap', 'post-swap']);
  const running = backwards(look(apart), 'switch');
  expect(who(running, 'start-slot')).toEqual([]);
  expect(who(running, 'prove-instance')).toEqual([ADMIN]);
});

const REFUSED = { code: 'Conflict', message: 'Not now.', requestId: '', status: 409 };
const gaveUp = (unswapped: number): Partial<ThisRun> => ({
  unswapped,
  settled: { number: 2, outcome: 'did-not-happen' },
  posted: { number: 2, ended: REFUSED },
});

test('one that cannot go back keeps none of the others, and is told of when it is alone', () => {
  const notProven = { slot: 'zdd-readonly', stop: ILL };
  expect(who(backwards(look(both, of(SEARCH, { notProven })), 'switch'), 'post-swap')).toEqual([ADMIN]);
  expect(stopOr(() => backwards(look(apart, of(ADMIN, { notProven })), 'switch'))).toBe(ILL);
  const elsewhere = of(ADMIN, { notProven: { ...notProven, slot: 'zdd-staging' } });
  expect(who(backwards(look(apart, elsewhere), 'switch'), 'post-swap')).toEqual([ADMIN]);
});

test('a swap back that Azure gives up is sent anew, three times', () => {
  const tried = (unswapped: number) => stopOr(() => backwards(look(apart, of(ADMIN, gaveUp(unswapped))), 'switch'));
  for (const unswapped of [0, 1, 2]) expect(tried(unswapped)).toBeInstanceOf(Array);
  expect(tried(3)).toMatchObject({ kind: 'failed', happened: expect.stringContaining('Not now.') });
});

test('each is watched by itself until it is known, for this purpose, of what it serves now', () => {
  const watch = { kind: 'watch-production', seconds: 10, purpose: 'after-switch', because } as const;
  const watched = (differences: Differences) =>
    watchCompanions(look(switched, differences), watch).map((step) => step.of);
  const known = { purpose: 'after-switch', marker: COPY, healthy: true, why: '' } as const;
  expect(watched({})).toEqual([ADMIN, SEARCH]);
  expect(watched(of(ADMIN, { watched: known }))).toEqual([SEARCH]);
  expect(watched(of(ADMIN, { watched: { ...known, healthy: false } }))).toEqual([SEARCH]);
  expect(watched(of(ADMIN, { watched: { ...known, purpose: 'soak' } }))).toEqual([ADMIN, SEARCH]);
  expect(watched(of(ADMIN, { watched: { ...known, marker: 'another' } }))).toEqual([ADMIN, SEARCH]);
});
