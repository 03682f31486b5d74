import { expect, test } from '@jest/globals';
import { freshRun, type ThisRun } from '../../src/deployment/this-run.ts';
import { Stop } from '../../src/errors.ts';
import { companionCandidates, companionLiveBuilds, stopLiveBuilds } from '../../src/phases/companion-builds.ts';
import type { Plan } from '../../src/steps/steps.ts';
import { slot } from './observed.ts';
import { beside, type Picture, start } from './picture.ts';
import { type Differences, seen, stopOr } from './seen.ts';
import { after } from './walk.ts';

const [ADMIN, SEARCH] = ['shop-rg/admin', 'shop-rg/search'];
const INPUTS = { 'other-apps': 'admin = /release/admin.zip\nsearch = read-only' };
const switched = after(
  (['clone', 'read-only', 'switch'] as const).map((phase) => [phase, INPUTS] as const),
  beside(start(), { [ADMIN]: 'build', [SEARCH]: 'read-only' }),
);
const deployed = after([['deploy', INPUTS]], switched);

const looked = (picture: Picture, differences: Differences = {}) =>
  seen(picture, 'deploy', { ...differences, inputs: INPUTS });
const candidates = (picture: Picture, isMigrating = false, differences: Differences = {}) => {
  const { known, observed, record } = looked(picture, differences);
  return companionCandidates(known, observed, record.attempt, isMigrating);
};
const of = (plan: Plan, key: string) => plan.flat().flatMap((step) => (step.of === key ? [step] : []));
const kinds = (plan: Plan, key: string) => of(plan, key).map(({ kind }) => kind as string);
const run = (key: string, known: Partial<ThisRun>) => ({ run: { companions: { [key]: { ...freshRun, ...known } } } });

/** "read-only" brings it into the staging slot beforehand; somebody has deleted that. */
function withoutBuild(): Picture {
  const admin = switched.companions?.[ADMIN];
  if (admin === undefined) throw new Error('It moves along.');
  const { 'zdd-staging': _, ...slots } = admin.slots;
  return { ...switched, companions: { ...switched.companions, [ADMIN]: { ...admin, slots } } };
}

const STARTS = ['write-settings', 'start-slot', 'prove-instance'];

test('a new build is put where it cannot reach an original, and gets what leads there in its turn', () => {
  const { before, after: then } = candidates(withoutBuild());
  expect(kinds(before, ADMIN)).toContain('upload-build');
  expect(kinds(candidates(switched).before, ADMIN)).toEqual([]);
  for (const step of of(before, ADMIN))
    if (step.kind === 'write-settings') expect(step.settings.connectionStrings).toEqual({});
  expect(kinds(before, ADMIN)).not.toContain('start-slot');
  expect(kinds(then, ADMIN)).toEqual(STARTS);
  const [write] = of(then, ADMIN);
  expect(write).toMatchObject({ slot: 'zdd-staging', once: false });
  expect(JSON.stringify(write)).toContain('Database=shop;');
});

test('an app without a build gets its live build again, with its marker in one write, whose settings nobody else has', () => {
  const { before, after: then } = candidates(switched);
  expect(kinds(before, SEARCH)).toEqual([]);
  expect(kinds(then, SEARCH)).toEqual(STARTS);
  expect(of(then, SEARCH)[0]).toMatchObject({ slot: 'zdd-readonly', once: true });
});

test('what runs with its settings is only proven, once a run; where a migration comes first it stops and starts anew', () => {
  const { companions = {} } = deployed;
  for (const [key, name] of [
    [ADMIN, 'zdd-staging'],
    [SEARCH, 'zdd-readonly'],
  ] as const) {
    expect(kinds(candidates(deployed).before, key)).toEqual([]);
    expect(kinds(candidates(deployed).after, key)).toEqual(['prove-instance']);
    const marker = companions[key]?.slots[name]?.markerText ?? '';
    const started = (text: string) => run(key, { started: { [name]: text } });
    expect(kinds(candidates(deployed, false, started(marker)).after, key)).toEqual([]);
    expect(kinds(candidates(deployed, false, started('another')).after, key)).toEqual(['prove-instance']);
    expect(kinds(candidates(deployed, true).before, key)).toContain('stop-slot');
  }
  expect(kinds(candidates(deployed, true).after, ADMIN)).toEqual(STARTS);
});

test('a new build that misses a part of what a swap carries is prepared anew', () => {
  const admin = deployed.companions?.[ADMIN];
  if (admin === undefined) throw new Error('It moves along.');
  const staging = slot('zdd-staging', { ...admin.slots['zdd-staging'], travelling: { nodeVersion: '18' } });
  const companions = {
    ...deployed.companions,
    [ADMIN]: { ...admin, slots: { ...admin.slots, 'zdd-staging': staging } },
  };
  expect(kinds(candidates({ ...deployed, companions }).before, ADMIN)).toContain('match-config');
});

test('a live build that still runs stops before, its WebJobs first and once a run', () => {
  const search = switched.companions?.[SEARCH];
  if (search === undefined) throw new Error('It moves along.');
  const live = slot('zdd-readonly', { ...search.slots['zdd-readonly'], state: 'Running' });
  const companions = {
    ...switched.companions,
    [SEARCH]: { ...search, slots: { ...search.slots, 'zdd-readonly': live } },
  };
  const picture = { ...switched, companions };
  const stops = ['stop-webjobs', 'stop-slot'];
  expect(kinds(candidates(picture).before, SEARCH)).toEqual(stops);
  expect(kinds(stopLiveBuilds(looked(picture).observed, 'it must'), SEARCH)).toEqual(stops);
  const done = run(SEARCH, { done: [{ kind: 'stop-webjobs', subject: 'zdd-readonly' }] });
  expect(kinds(stopLiveBuilds(looked(picture, done).observed, 'it must'), SEARCH)).toEqual(['stop-slot']);
  expect(stopLiveBuilds(looked(switched).observed, 'it must')).toEqual([]);
  const gone = { ...switched.companions, [SEARCH]: { ...search, slots: {} } };
  expect(stopLiveBuilds(looked({ ...switched, companions: gone }).observed, 'it must')).toEqual([]);
});

test('an app whose build is neither given nor there is refused, and one that is there goes on', () => {
  const without = (picture: Picture) => {
    const { known, observed } = looked(picture);
    const companions = observed.companions.map((each) => ({ ...each, look: { ...each.look, newBuild: null } }));
    return stopOr(() => companionCandidates(known, { ...observed, companions }, 1, false));
  };
  expect(without(withoutBuild())).toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining('gives no build of admin'),
  });
  expect(without(deployed)).not.toBeInstanceOf(Stop);
});

test('what did not start is said, of the app whose slot it is', () => {
  const stop = new Stop('failed', 'It answered 500.', 'Look at its log.');
  expect(stopOr(() => candidates(switched, false, run(ADMIN, { didNotStart: { slot: 'zdd-staging', stop } })))).toBe(
    stop,
  );
  expect(stopOr(() => candidates(switched, false, run(ADMIN, { didNotStart: { slot: 'other', stop } })))).not.toBe(
    stop,
  );
});

test('in a rollback every app has its live build again', () => {
  const { known, observed } = looked(deployed);
  const then = companionLiveBuilds(known, observed, 2);
  for (const key of [ADMIN, SEARCH]) {
    expect(kinds(then, key).at(-1)).toBe('prove-instance');
    expect(of(then, key)[0]).toMatchObject({ slot: 'zdd-readonly', once: true });
  }
});
