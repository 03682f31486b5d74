import { expect, test } from '@jest/globals';
import { disarmedSettings, liveBuildSettings } from '../../src/deployment/instances.ts';
import type { Slot } from '../../src/deployment/observed.ts';
import { freshRun } from '../../src/deployment/this-run.ts';
import { Stop } from '../../src/errors.ts';
import { liveBuild, stopBuilds } from '../../src/phases/rollback-builds.ts';
import type { Plan } from '../../src/steps/steps.ts';
import { CLONE, companion, connectionTo, otherApp, slot } from './observed.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';

const LIVE = slot('zdd-readonly', rows.deployed.slots['zdd-readonly']);
const NEW = slot('zdd-staging', rows.deployed.slots['zdd-staging']);
const running = (of: Slot) => slot(of.name, { ...of, state: 'Running' });
const kindsOf = (plan: Plan) => plan.map((batch) => batch.map(({ kind }) => kind).join('+'));

function stops(differences: Differences = {}, live = LIVE, moving = true): Plan {
  const { known, observed, record } = seen(rows.deployed, 'rollback', differences);
  return stopBuilds(known, observed, record, live, 2, moving);
}

test('the new build stops and loses what leads to the originals; then the originals get quiet', () => {
  const { known, observed } = seen(rows.deployed, 'rollback');
  const [stop, write, quiet, ...more] = stops();
  expect(stop).toMatchObject([{ kind: 'stop-slot', slot: NEW.name }]);
  const settings = disarmedSettings(known, observed, 'new', NEW.build);
  expect(write).toMatchObject([{ kind: 'write-settings', slot: NEW.name, settings, once: false }]);
  expect(quiet).toMatchObject([{ kind: 'await-quiet', databases: ['shop'], setReadOnly: false }]);
  expect(more).toEqual([]);
  // Seen stopped and disarmed, it is left alone.
  const stagingSlot = slot(NEW.name, { ...NEW, ...settings, state: 'Stopped' });
  expect(kindsOf(stops({ look: { stagingSlot } }))).toEqual(['await-quiet']);
});

test('before "deploy" has begun there is no build that may write', () => {
  expect(stops({ record: { deployBegun: undefined } })).toEqual([]);
});

test('what is not the new build of this deployment is neither stopped nor written', () => {
  const stagingSlot = slot(NEW.name, { ...NEW, appSettings: {} });
  expect(kindsOf(stops({ look: { stagingSlot } }))).toEqual(['await-quiet']);
  expect(kindsOf(stops({ look: { stagingSlot: null } }))).toEqual(['await-quiet']);
});

test('the live build stops only where its database is taken away, its WebJobs first and once a run', () => {
  const look = { stagingSlot: null, readonlySlot: running(LIVE) };
  expect(kindsOf(stops({ look }, running(LIVE)))).toEqual(['stop-webjobs', 'stop-slot', 'await-quiet']);
  const done = [{ kind: 'stop-webjobs', subject: LIVE.name }];
  expect(kindsOf(stops({ look, run: { done } }, running(LIVE)))).toEqual(['stop-slot', 'await-quiet']);
  expect(kindsOf(stops({ look }, running(LIVE), false))).toEqual([]);
});

const ADMIN = 'shop-rg/admin';

test('quiet is waited for until it was reached: in this run, before names changed hands, or before the live build came back', () => {
  const apps = { otherApps: [otherApp(ADMIN, 'Running')] };
  const none = { stagingSlot: null, ...apps };
  expect(kindsOf(stops({ look: none }))).toEqual(['record', 'stop-app', 'await-quiet']);
  const done = [{ kind: 'await-quiet', subject: '' }];
  expect(stops({ look: none, run: { done } })).toEqual([]);
  const databases = seen(rows.deployed, 'rollback').observed.databases.map((pair) => ({ ...pair, underName: null }));
  expect(stops({ look: { ...none, databases } })).toEqual([]);
  expect(stops({ look: none }, running(LIVE), false)).toEqual([]);
  // The live build that is stopped still has not come back.
  expect(kindsOf(stops({ look: none }, LIVE, false))).toEqual(['record', 'stop-app', 'await-quiet']);
  // Whoever is stopped now may be connected still. Other apps are stopped already.
  expect(kindsOf(stops({ look: apps, run: { done } }))).toEqual(['stop-slot', 'write-settings', 'await-quiet']);
});

const SEARCH = 'shop-rg/search';
/** One with a new build, and one whose live build is the candidate: both run. */
const BESIDE = [
  companion(ADMIN, 'build', { readonlySlot: LIVE, stagingSlot: running(NEW) }),
  companion(SEARCH, 'read-only', { readonlySlot: running(LIVE) }),
];
const kindsFor = (plan: Plan, key: string) =>
  plan.flat().flatMap(({ of, kind }) => (of === key ? [kind as string] : []));

test('builds of other apps stop as well before the databases are quiet: new ones always, live ones until it was reached', () => {
  const look = { stagingSlot: null, companions: BESIDE };
  for (const [live, moving] of [
    [LIVE, true],
    [LIVE, false],
    [running(LIVE), true],
  ] as const) {
    const plan = stops({ look }, live, moving);
    expect(kindsFor(plan, ADMIN)).toEqual(['stop-slot', 'write-settings']);
    expect(kindsFor(plan, SEARCH)).toEqual(['stop-webjobs', 'stop-slot']);
    expect(kindsOf(plan).at(-1)).toBe('await-quiet');
  }
  const done = [{ kind: 'await-quiet', subject: '' }];
  const databases = seen(rows.deployed, 'rollback').observed.databases.map((pair) => ({ ...pair, underName: null }));
  for (const plan of [
    stops({ look, run: { done } }),
    stops({ look: { ...look, databases } }),
    stops({ look }, running(LIVE), false),
  ]) {
    expect(kindsFor(plan, ADMIN)).toEqual(['stop-slot', 'write-settings']);
    expect(kindsFor(plan, SEARCH)).toEqual([]);
    // Who stops now may be connected still.
    expect(kindsOf(plan).at(-1)).toBe('await-quiet');
  }
});

function comesBack(differences: Differences = {}, live = LIVE): Plan {
  const { known, observed, record } = seen(rows.deployed, 'rollback', differences);
  return liveBuild(known, observed, record, live, 'code', 2);
}

const WANTED = (() => {
  const { known, observed } = seen(rows.deployed, 'rollback');
  return liveBuildSettings(known, observed, LIVE, 2);
})();
const ARMED = slot(LIVE.name, { ...LIVE, ...WANTED });
const OPEN = { shop: { readOnly: false, schemaVersion: '1' } };

test('the live build opens its databases, gets its marker in one write, starts, and is a candidate once it is healthy', () => {
  const sql = { shop: { readOnly: true, schemaVersion: '1' } };
  const [opens, write, starts, jobs, proof, records, ...more] = comesBack({ look: { sql } });
  expect(opens).toMatchObject([{ kind: 'set-read-write', database: 'shop' }]);
  // It has the only copy of these settings: they are never written a second time.
  expect(write).toMatchObject([{ kind: 'write-settings', slot: LIVE.name, settings: WANTED, once: true }]);
  expect(starts).toMatchObject([{ kind: 'start-slot', slot: LIVE.name }]);
  expect(jobs).toMatchObject([{ kind: 'start-webjobs', slot: LIVE.name, jobs: ['stock'] }]);
  expect(proof).toMatchObject([{ kind: 'prove-instance', slot: LIVE.name, as: 'started' }]);
  expect(records).toStrictEqual([
    {
      kind: 'record',
      fields: {
        candidate: { role: 'live', attempt: 2, slot: LIVE.name },
        rollbackUnderWay: undefined,
        stoppedJobs: undefined,
      },
      because: expect.any(String),
    },
  ]);
  expect(more).toEqual([]);
});

test('what is open already is not opened, and what nobody could see is', () => {
  expect(kindsOf(comesBack({ look: { sql: OPEN } }))).not.toContain('set-read-write');
  expect(kindsOf(comesBack({ look: { sql: {} } }))).toContain('set-read-write');
});

test('it is started unless it runs with its marker, and proven unless this run has seen just that healthy', () => {
  const steps = (live: Slot, marker = ARMED.markerText) =>
    kindsOf(comesBack({ look: { sql: OPEN }, run: { started: { [LIVE.name]: marker } } }, live));
  expect(steps(running(ARMED))).toEqual(['start-webjobs', 'record']);
  expect(steps(running(ARMED), 'another')).toEqual(['start-webjobs', 'prove-instance', 'record']);
  expect(steps(ARMED)).toContain('start-slot');
  const written = ['write-settings', 'start-slot', 'start-webjobs', 'prove-instance', 'record'];
  expect(steps(running(LIVE))).toEqual(written);
  expect(steps(running(LIVE), '')).toEqual(written);
});

test('other apps that were stopped start when it is back, and the record forgets them', () => {
  const look = { sql: OPEN, otherApps: [otherApp(ADMIN, 'Stopped')] };
  const plan = comesBack({ look, record: { stoppedApps: [ADMIN] } });
  expect(kindsOf(plan).slice(-2)).toEqual(['start-app', 'record']);
  expect(plan.at(-1)?.[0]).toHaveProperty('fields.stoppedApps', undefined);
});

test('those of other apps come back once the first one is healthy, and before it is a candidate', () => {
  const plan = comesBack({ look: { sql: OPEN, companions: BESIDE } });
  const at = (kind: string, key?: string) =>
    plan.findIndex((batch) => batch.some((step) => step.kind === kind && step.of === key));
  for (const key of [ADMIN, SEARCH]) {
    expect(kindsFor(plan, key)).toEqual(['write-settings', 'start-slot', 'prove-instance']);
    expect(at('write-settings', key)).toBeGreaterThan(at('prove-instance'));
    expect(at('prove-instance', key)).toBeLessThan(at('record'));
  }
});

const IMAGE = 'registry.io/team/shop';
const PINNED = `${IMAGE}@sha256:${'a'.repeat(64)}`;

function ofImages(state: 'Running' | 'Stopped', differences: Differences = {}): Plan {
  const live = slot(LIVE.name, { ...LIVE, travelling: { linuxFxVersion: `DOCKER|${IMAGE}:1` }, state });
  const { production } = rows.deployed;
  const copy = slot('production', {
    ...production,
    travelling: { linuxFxVersion: `DOCKER|${PINNED}` },
    appSettings: { ...production.appSettings, ZDD_BUILD: `${IMAGE}:1@sha256:${'a'.repeat(64)}` },
    connectionStrings: connectionTo(CLONE),
  });
  const { look } = differences;
  return comesBack({ ...differences, look: { sql: OPEN, production: copy, readonlySlot: live, ...look } }, live);
}

test('an image is started by the digest that visitors left, asked for once and never while it runs', () => {
  const [first] = ofImages('Stopped');
  expect(first).toMatchObject([
    { kind: 'match-config', slot: LIVE.name, properties: { linuxFxVersion: `DOCKER|${PINNED}` } },
  ]);
  expect(kindsOf(ofImages('Running'))).not.toContain('match-config');
  const done = [{ kind: 'match-config', subject: LIVE.name }];
  expect(kindsOf(ofImages('Stopped', { run: { done } }))).not.toContain('match-config');
  expect(kindsOf(comesBack())).not.toContain('match-config');
});

const ILL = new Stop('failed', 'It answered 500.', 'Look at its log.', {
  azure: { code: 'Conflict', message: 'Not now.', requestId: 'r', status: 409 },
});
const didNotStart = { slot: LIVE.name, stop: ILL };

test('one that does not come up is no candidate, and stops with its WebJobs and with what was started beside it', () => {
  const candidate = { role: 'live', attempt: 2, slot: LIVE.name } as const;
  const look = { otherApps: [otherApp(ADMIN, 'Running')] };
  const plan = comesBack({ run: { didNotStart }, record: { candidate }, look }, running(ARMED));
  expect(kindsOf(plan)).toEqual(['record', 'stop-app', 'record', 'stop-webjobs', 'stop-slot']);
  expect(plan[2]).toStrictEqual([
    {
      kind: 'record',
      fields: {
        rollbackUnderWay: { scope: 'code', attempt: 2, databases: 'settled' },
        candidate: undefined,
        verdict: undefined,
      },
      because: expect.any(String),
    },
  ]);
  const none = { record: { candidate: undefined } };
  const done = [{ kind: 'stop-webjobs', subject: LIVE.name }];
  expect(kindsOf(comesBack({ run: { didNotStart, done }, ...none }, running(ARMED)))).toEqual(['stop-slot']);
  expect(kindsOf(comesBack({ run: { didNotStart }, ...none }, ARMED))).toEqual(['stop-webjobs']);
});

test.each([
  ['the first app', { didNotStart }],
  ['another app', { companions: { [SEARCH]: { ...freshRun, didNotStart } } }],
])('where the live build of %s does not come up those of all apps stop, and then it is said why', (_what, run) => {
  const look = { sql: OPEN, companions: BESIDE };
  const plan = comesBack({ run, look, record: { candidate: undefined } }, running(ARMED));
  const stopping = ['stop-webjobs', 'stop-slot'];
  expect(plan.flat().flatMap(({ of, kind }) => (of === undefined ? [kind as string] : []))).toEqual(stopping);
  expect([ADMIN, SEARCH].map((key) => kindsFor(plan, key))).toEqual([[], stopping]);
  const companions = BESIDE.map(({ key, does, look: { stagingSlot } }) =>
    companion(key, does, { readonlySlot: LIVE, stagingSlot }),
  );
  const done = [{ kind: 'stop-webjobs', subject: LIVE.name }];
  const stopped = { run: { ...run, done }, look: { ...look, companions }, record: { candidate: undefined } };
  expect(stopOr(() => comesBack(stopped, ARMED))).toMatchObject({
    happened: ILL.happened,
    next: expect.stringMatching(/Then run "rollback" again; or run "deploy"/),
  });
});

test('then it is said why, with what else may be run, and in Azure’s words', () => {
  const done = [{ kind: 'stop-webjobs', subject: LIVE.name }];
  const record = { candidate: undefined };
  expect(stopOr(() => comesBack({ run: { didNotStart, done }, record }, ARMED))).toMatchObject({
    kind: 'failed',
    happened: ILL.happened,
    next: expect.stringMatching(/^Look at its log\. Then run "rollback" again; or run "deploy"/),
    azure: ILL.azure,
    cause: ILL,
  });
  // What did not start somewhere else says nothing of it.
  expect(kindsOf(comesBack({ run: { didNotStart: { ...didNotStart, slot: NEW.name } } }))).toContain('start-slot');
});
