import { expect, test } from '@jest/globals';
import type { Observed } from '../../src/deployment/observed.ts';
import { letIn } from '../../src/deployment/untouched.ts';
import { Stop } from '../../src/errors.ts';
import { bringBack, mustBringBack } from '../../src/phases/bring-back.ts';
import { sendBack } from '../../src/phases/send-back.ts';
import { companion, database, ID, slot } from './observed.ts';
import { beside, type Picture, start } from './picture.ts';
import { swapped } from './picture-changes.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';
import { after, killed, run } from './walk.ts';

const OPENED = '2026-01-31T14:00:00.000Z';
const LIMIT = { 'max-read-only-minutes': '30', 'on-window-exceeded': 'rollback' };
const LATE = { now: '2026-01-31T14:31:00.000Z' };
const open = (more: Differences = {}): Differences => ({
  ...more,
  inputs: { ...LIMIT, ...more.inputs },
  record: { windowOpenedAt: OPENED, ...more.record },
  look: { ...LATE, ...more.look },
});

test.each<[string, Picture, Differences, boolean]>([
  ['the window is too long', rows.switched, open(), true],
  ['it is in time', rows.switched, open({ look: { now: '2026-01-31T14:30:00.000Z' } }), false],
  ['nobody has said so', rows.switched, open({ inputs: { 'on-window-exceeded': 'fail' } }), false],
  ['no window is open', rows.ready, open(), false],
])('whether visitors are brought back by themselves: %s', (_what, picture, differences, must) => {
  const { known, observed } = seen(picture, 'status', differences);
  expect(mustBringBack(known, observed)).toBe(must);
});

function outcome(picture: Picture, differences: Differences = {}): string {
  const { known, observed } = seen(picture, 'rollback', open(differences));
  const found = stopOr(() => bringBack.plan(known, observed).flat());
  return Array.isArray(found)
    ? found.map(({ kind }) => kind).join(' ')
    : `${found.kind}: ${found.happened} / ${found.next}`;
}

test('they are brought back where nothing was changed, and nowhere else', () => {
  expect(outcome(rows.switched)).toMatch(/start-slot .*intend-swap post-swap$/);
  // The mirror knows another time of the window: it is brought up to date, and that is all.
  expect(outcome(rows.completed)).toBe('record');
  expect(outcome(rows.ready, { record: { windowOpenedAt: undefined } })).toBe('');
  expect(outcome(rows.deployed)).toMatch(
    /^refused: Visitors have been .* longer than .* may have changed the databases\. \/ Run "rollback"/,
  );
  expect(outcome(rows.validated)).toMatch(/^refused: .* \/ Approve or reject the job/);
  expect(outcome(rows.switched, { record: { mode: 'read-write' } })).toMatch(
    /^refused: .*what they wrote meanwhile would be lost/,
  );
});

test('with a candidate in production nobody is brought back, and what is not seen wholly brings nobody back', () => {
  const candidate = { record: { completedAt: undefined, visitorsOnOriginalSince: undefined } };
  const { known, observed } = seen(rows.completed, 'rollback', open(candidate));
  expect(
    bringBack
      .plan(known, observed)
      .flat()
      .map(({ kind }) => kind),
  ).not.toContain('post-swap');
  const partial = { unseen: [{ stop: new Stop('failed', 'It answered 503.', 'Run it again.') }] };
  expect(mustBringBack(known, { ...partial, now: LATE.now } as unknown as Parameters<typeof mustBringBack>[1])).toBe(
    false,
  );
});

test('a swap that is open is found out about first', () => {
  const { observed } = seen(rows.switched, 'rollback');
  const intent = {
    ...{ number: 2, source: 'zdd-readonly', sourceMarker: '', productionMarker: '', swapStatusBefore: '' },
    ...{ purpose: 'undo' as const, at: observed.now },
  };
  expect(outcome(rows.switched, { record: { intent } })).toBe('settle-swap');
});

test('who has been brought back before the limit is told without it', () => {
  expect(outcome(rows.deployed, { look: { now: '2026-01-31T14:10:00.000Z' } })).toMatch(
    /^refused: They were not brought back by themselves: /,
  );
});

const ADMIN = 'shop-rg/admin';
const INPUTS = { 'other-apps': 'admin = read-only' };
const BOTH = after(
  (['clone', 'read-only', 'switch'] as const).map((phase) => [phase, INPUTS] as const),
  beside(start(), { [ADMIN]: 'read-only' }),
);

test('with several apps it is recorded first that all go back, once, and the first app goes first', () => {
  const steps = (record: Differences['record'] = {}) => {
    const { known, observed } = seen(BOTH, 'rollback', open({ inputs: INPUTS, ...(record && { record }) }));
    const told = bringBack.plan(known, observed).flat();
    return told.flatMap((step) => (step.kind === 'record' && 'movingBack' in step.fields ? [step.fields] : []));
  };
  expect(steps()).toEqual([{ movingBack: 'switch' }]);
  expect(steps({ movingBack: 'switch' })).toEqual([]);
  expect(outcome(rows.switched)).not.toMatch(/^record record/);
});

test('apps that are on their way back are brought to its end, whatever the time', () => {
  const must = (picture: Picture, movingBack?: 'switch' | 'complete') => {
    const { known, observed } = seen(picture, 'status', {
      inputs: { ...LIMIT, ...INPUTS },
      record: { windowOpenedAt: undefined, movingBack },
    });
    return mustBringBack(known, observed);
  };
  const first = { ...BOTH, production: start().production, slots: {} };
  expect(must(first, 'switch')).toBe(true);
  expect([must(first), must(first, 'complete')]).toEqual([false, false]);
  const home = beside(first, { [ADMIN]: 'read-only' });
  expect(must(home, 'switch')).toBe(false);
});

test('a swap by hand, and settings written over those of the copy, are told and not made worse', () => {
  const { ZDD_INSTANCE: _, ...appSettings } = rows.switched.production.appSettings;
  const production = slot('production', { ...rows.switched.production, appSettings });
  expect(
    outcome(rows.switched, { look: { production }, record: { windowOpenedAt: production.swapStatus?.at } }),
  ).toMatch(/^drifted: /);
  const running = {
    ...rows.switched,
    slots: {
      ...rows.switched.slots,
      'zdd-readonly': slot('zdd-readonly', { ...rows.switched.slots['zdd-readonly'], state: 'Running' }),
    },
  };
  expect(outcome(swapped(running, 'zdd-readonly'))).toMatch(/^drifted: /);
});

test('where a template has written over the copy of another app it is told, and nobody is swapped', () => {
  const admin = BOTH.companions?.[ADMIN];
  if (admin === undefined) throw new Error('It moves along.');
  const { ZDD_INSTANCE: _, ...appSettings } = admin.production.appSettings;
  const over = { ...admin, production: slot('production', { ...admin.production, appSettings }) };
  expect(outcome({ ...BOTH, companions: { [ADMIN]: over } }, { inputs: INPUTS })).toMatch(/^drifted: Somebody/);
});

test.each<[string, Differences, Partial<Parameters<typeof slot>[1]>, boolean]>([
  ['as "switch" left it', {}, {}, true],
  ['visitors may write on the copy', { record: { mode: 'read-write' } }, {}, false],
  ['there is a candidate', { record: { candidate: { role: 'new', attempt: 1, slot: 'zdd-staging' } } }, {}, false],
  [
    'a rollback is under way',
    { record: { rollbackUnderWay: { scope: 'code', attempt: 1, databases: 'settled' } } },
    {},
    false,
  ],
  ['the live build was a candidate', {}, { appSettings: { ZDD_INSTANCE: `${ID}/live/1` } }, false],
  ['deploy has begun, and the originals are closed', { record: { deployBegun: 'attempt 1', attempt: 1 } }, {}, true],
  [
    'deploy has begun, and an original is open',
    { record: { deployBegun: 'attempt 1', attempt: 1 }, look: { sql: { shop: { readOnly: false } } } },
    {},
    false,
  ],
  [
    'somebody has closed the originals again that deploy had opened',
    { record: { deployBegun: letIn(1), attempt: 1 } },
    {},
    false,
  ],
  [
    'deploy has begun, and nobody knows',
    { record: { deployBegun: 'attempt 1', attempt: 1 }, look: { sql: {} } },
    {},
    false,
  ],
  ['nobody has begun, and an original is open', { look: { sql: { shop: { readOnly: false } } } }, {}, true],
])('the short way back: %s', (_what, differences, live, isShort) => {
  const { observed, record } = seen(rows.switched, 'rollback', differences);
  const slotOfLive = slot('zdd-readonly', { ...rows.switched.slots['zdd-readonly'], ...live });
  expect(sendBack(observed, record, slotOfLive) !== undefined).toBe(isShort);
});

test('one original that is open among others that are closed is enough', () => {
  const { observed, record } = seen(rows.switched, 'rollback', { record: { deployBegun: 'attempt 1', attempt: 1 } });
  const [first] = observed.databases;
  if (first === undefined) throw new Error('It has a database.');
  const databases = [first, { ...first, original: database('catalog') }];
  const live = rows.switched.slots['zdd-readonly'] ?? slot('none');
  const isShort = (readOnly: boolean) => {
    const sql = { shop: { readOnly: true }, catalog: { readOnly } };
    return sendBack({ ...observed, databases, sql } as Observed, record, live) !== undefined;
  };
  expect([isShort(true), isShort(false)]).toEqual([true, false]);
});

const marked = (marker: string) => slot('zdd-any', { appSettings: { ZDD_INSTANCE: `${ID}/${marker}` } });
const [WAITS, WRITES] = [{ stagingSlot: marked('new/0') }, { stagingSlot: marked('new/1') }];

test.each<[string, ReturnType<typeof companion>[], boolean]>([
  ['its new build is disarmed', [companion(ADMIN, 'build', WAITS)], true],
  ['its new build is armed', [companion(ADMIN, 'build', WRITES)], false],
  [
    'that of the last of several is armed',
    [companion('a/b', 'build', WAITS), companion(ADMIN, 'build', WRITES)],
    false,
  ],
  ['its new build is nowhere', [companion(ADMIN, 'build')], false],
  ['it gets no new build, whatever is there', [companion(ADMIN, 'read-only', WRITES)], true],
  ['it gets no new build, and nothing is there', [companion(ADMIN, 'read-only')], true],
  [
    'its live build is the one that visitors left',
    [companion(ADMIN, 'read-only', { readonlySlot: slot('zdd-readonly') })],
    true,
  ],
  ['its live build was a candidate', [companion(ADMIN, 'read-only', { readonlySlot: marked('live/1') })], false],
  [
    'its live build was a candidate, and it gets a new one',
    [companion(ADMIN, 'build', { ...WAITS, readonlySlot: marked('live/1') })],
    false,
  ],
])('the short way back with another app, the originals being closed: %s', (_what, companions, isShort) => {
  const { observed, record } = seen(rows.switched, 'rollback', {
    record: { deployBegun: 'attempt 1', attempt: 1 },
    look: { companions },
  });
  const live = rows.switched.slots['zdd-readonly'] ?? slot('none');
  expect(sendBack(observed, record, live) !== undefined).toBe(isShort);
});

test('where "deploy" has come to the live build of another app alone, all live builds become candidates, once', () => {
  const begun = killed(BOTH, 'deploy', 'set-read-write', INPUTS);
  const { companions = {} } = after([['deploy', INPUTS]], BOTH);
  // Whoever is alarmed by a deploy that failed closes them again.
  const databases = begun.databases.map((held) => ({ ...held, isReadOnly: true }));
  const { picture, stop } = run({ ...begun, companions, databases }, 'rollback', INPUTS);
  expect(stop).toBeUndefined();
  for (const { production, slots } of [picture, picture.companions?.[ADMIN]].flatMap((app) => app ?? [])) {
    expect(production.marker?.role).toBe('read-only');
    expect(slots['zdd-readonly']).toMatchObject({ state: 'Running', markerText: `${ID}/live/2` });
  }
});

test('before anything is started what would be untrue then is forgotten, and only that', () => {
  const fields = (differences: Differences) => {
    const { observed, record } = seen(rows.switched, 'rollback', differences);
    const live = rows.switched.slots['zdd-readonly'] ?? slot('none');
    const [step] = (sendBack(observed as Observed, record, live) ?? []).flat();
    return step?.kind === 'record' ? Object.keys(step.fields).toSorted() : step?.kind;
  };
  expect(fields({})).toEqual(['rollbackPoint']);
  expect(
    fields({ record: { deployBegun: 'attempt 1', attempt: 1, fingerprint: 'x', migrated: 0, afterStart: 0 } }),
  ).toEqual(['afterStart', 'deployBegun', 'fingerprint', 'migrated', 'rollbackPoint']);
  expect(fields({ record: { verdict: { of: 'x', result: 'failed', by: 'ada' } } })).toEqual([
    'rollbackPoint',
    'verdict',
  ]);
  expect(fields({ record: { rollbackPoint: undefined } })).toBe('set-read-write');
});
