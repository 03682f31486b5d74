import { expect, test } from '@jest/globals';
import { checkCandidate } from '../../src/apply/validation.ts';
import type { Check } from '../../src/deployment/check.ts';
import type { Companion, Observed, Slot } from '../../src/deployment/observed.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { CLONE, connectionTo, database, ID, observed, slot } from '../phases/observed.ts';
import { type Stage, stage } from './scene.ts';
import { recordOf, type Site } from './sketch.ts';

const STAGING = 'zdd-staging';
const CANDIDATE = 'shop-zdd-staging.azurewebsites.net';
const PRODUCTION = 'shop-production.azurewebsites.net';
const STEP = { kind: 'check-candidate', slot: STAGING, because: 'reviewers decide' } as const;

interface Given {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly site?: Site;
  readonly candidate?: Partial<Slot>;
  readonly record?: Partial<DeploymentRecord>;
  readonly differences?: Partial<Observed>;
}

const [PAIR] = observed().databases;
const pairs = (names: readonly string[]) =>
  names.flatMap((name) =>
    PAIR === undefined
      ? []
      : [{ ...PAIR, name, original: database(name), clone: database(CLONE.replace('shop', name)) }],
  );
const SQL = { shop: { readOnly: false, schemaVersion: '2' }, [CLONE]: { readOnly: true, schemaVersion: '1' } };

async function checked({ inputs, site = () => 200, candidate, record, differences }: Given = {}) {
  const there: Stage = await stage(inputs);
  const clone = there.add(CLONE);
  there.answering(({ url, method }) => {
    const at = new URL(url);
    if (!at.host.startsWith('shop-') && !at.host.startsWith('till')) return undefined;
    const answered = site(at, 0, method);
    if (answered === undefined) throw new Error('no route');
    const { status, text = '', headers = {} } = typeof answered === 'number' ? { status: answered } : answered;
    return { status, headers, body: new TextEncoder().encode(text) };
  });
  const scene = there.scene({
    databases: pairs(['shop']),
    stagingSlot: slot(STAGING, candidate),
    record: recordOf({ candidate: { role: 'new', attempt: 1, slot: STAGING }, ...record }),
    sql: SQL,
    ...differences,
  });
  const change = await checkCandidate(scene, STEP);
  const report = change.report ?? [];
  return { change, report, clone, names: report.map(({ name }) => name), of: (name: string) => find(report, name) };
}

function find(report: readonly Check[], name: string): Check | undefined {
  return report.find((each) => each.name === name);
}

test('all that a reviewer wants to know is looked at, and the verdict is recorded by whom it is of', async () => {
  const { names, change, clone } = await checked({
    inputs: { 'health-path': '/health', 'smoke-paths': '/tea, /health' },
  });
  expect(names).toEqual([
    'GET /health',
    'GET /tea',
    'Database shop takes writes',
    'Settings lead to shop, not to its clone',
    'Schema version of shop',
  ]);
  expect(change.report?.every(({ verdict }) => verdict === 'passed')).toBe(true);
  expect(change.verdictGiven?.result).toBe('passed');
  expect(clone.tags['zdd-verdict']).toContain(change.verdictGiven?.of);
  expect(clone.tags['zdd-verdict']).toContain('passed');
  expect(change.review?.databases.map(({ name }) => name)).toEqual(['shop']);
  expect(change.versions).toEqual({});
});

test('one check that failed fails the candidate, and binds the verdict to that', async () => {
  const site: Site = ({ host, pathname }) => (host === CANDIDATE && pathname === '/tea' ? 404 : 200);
  const passed = await checked({ inputs: { 'smoke-paths': '/tea' } });
  const { of, change } = await checked({ inputs: { 'smoke-paths': '/tea' }, site });
  expect(of('GET /tea')).toEqual({ name: 'GET /tea', verdict: 'failed', found: 'answered 404' });
  expect(of('GET /')).toEqual({ name: 'GET /', verdict: 'passed', found: 'answered as it should' });
  expect(change.verdictGiven?.result).toBe('failed');
  expect(change.verdictGiven?.of).not.toBe(passed.change.verdictGiven?.of);
});

const versions =
  (here: string | undefined, there = here): Site =>
  ({ host, pathname }) => {
    const text = host === CANDIDATE ? here : there;
    return pathname !== '/version' ? 200 : text === undefined ? 404 : { status: 200, text };
  };
const EXPECTED = { 'expected-version': '2.0' };

test.each<[string | undefined, Check['verdict'], string]>([
  ['2.0', 'passed', '2.0'],
  ['1.0', 'failed', 'is "1.0", expected "2.0"'],
  [undefined, 'failed', 'is not there, expected "2.0"'],
])('the version that it says is the one that was expected: %s', async (version, verdict, found) => {
  const { of } = await checked({ inputs: EXPECTED, site: versions(version) });
  expect(of('Version at /version')).toEqual({ name: 'Version at /version', verdict, found });
  expect((await checked({ site: versions(version) })).names).not.toContain('Version at /version');
});

const LIVE = { candidate: { role: 'live', attempt: 1, slot: STAGING } } as const;

test('after a rollback production is the yardstick: each path is answered as there, whatever that is', async () => {
  const site: Site = ({ host, pathname }) =>
    pathname === '/same'
      ? 404
      : pathname === '/tea' && host === CANDIDATE
        ? 302
        : pathname === '/gone'
          ? undefined
          : 200;
  const inputs = { 'smoke-paths': '/same, /tea, /gone', 'write-probes': 'POST /cart -> 204', ...EXPECTED };
  const { of, names } = await checked({ inputs, site, record: LIVE });
  expect(of('GET /same as production')).toMatchObject({ verdict: 'passed', found: 'answered 404, production 404' });
  expect(of('GET /tea as production')).toMatchObject({ verdict: 'failed', found: 'answered 302, production 200' });
  expect(of('GET / as production')?.verdict).toBe('passed');
  expect(of('GET /gone as production')).toMatchObject({
    verdict: 'passed',
    found: expect.stringContaining('no route'),
  });
  // Neither the version nor the writes of the new build are asked of the old one.
  for (const name of ['Version at /version', 'POST /cart writes']) expect(names).not.toContain(name);
});

test.each<[string | undefined, string | undefined, Check['verdict'], string]>([
  ['1.0', '1.0', 'passed', '1.0'],
  ['2.0', '1.0', 'failed', 'is "2.0", production\'s is "1.0"'],
  [undefined, undefined, 'passed', 'none is shown by either'],
])('after a rollback it says the version that production says: %s, %s', async (here, there, verdict, found) => {
  const { of } = await checked({ inputs: EXPECTED, site: versions(here, there), record: LIVE });
  expect(of('Version as production')).toEqual({ name: 'Version as production', verdict, found });
  const without = await checked({ inputs: {}, site: versions(here, there), record: LIVE });
  expect(without.of('Version as production')).toBeUndefined();
});

test('a production that is ill or has lost its database is no yardstick, and fails nobody', async () => {
  const site: Site = ({ host }) => (host === PRODUCTION ? 503 : 200);
  const sql = { ...SQL, shop: { readOnly: false, schemaVersion: '1' } };
  const ill = await checked({ site, record: LIVE, differences: { sql } });
  expect(ill.of('Answers as production')).toMatchObject({
    verdict: 'not-looked-at',
    found: 'production answered 503 and can no longer serve as the reference',
  });
  expect(ill.names.some((name) => name.endsWith('as production') && name.startsWith('GET'))).toBe(false);
  expect(ill.change.verdictGiven?.result).toBe('passed');
});

test('requests that write are answered as they should', async () => {
  const inputs = { 'write-probes': 'POST /cart -> 204\nPUT /note -> 200' };
  const site: Site = ({ pathname }, _second, method) => (method === 'POST' ? 503 : pathname === '/note' ? 200 : 200);
  const { of } = await checked({ inputs, site });
  expect(of('POST /cart writes')).toMatchObject({
    verdict: 'failed',
    found: expect.stringContaining('503 instead of 204'),
  });
  expect(of('PUT /note writes')).toEqual({
    name: 'PUT /note writes',
    verdict: 'passed',
    found: 'answered as it should',
  });
});

test('a candidate that is the build of production is a mistake, unless that is meant', async () => {
  const build = { appSettings: { ZDD_BUILD: 'abc' } };
  const given = { candidate: build, differences: { production: slot('production', build) } };
  expect((await checked(given)).of('Another build than before')).toEqual({
    name: 'Another build than before',
    verdict: 'failed',
    found: 'is the build that production runs already (abc)',
  });
  const meant = await checked({ ...given, inputs: { 'same-build': 'true' } });
  expect(meant.of('Another build than before')).toMatchObject({
    verdict: 'passed',
    found: expect.stringContaining('as same-build says'),
  });
  expect((await checked({ ...given, record: LIVE })).of('Another build than before')).toBeUndefined();
  const other = { ...given, candidate: { appSettings: { ZDD_BUILD: 'def' } } };
  expect((await checked(other)).of('Another build than before')).toBeUndefined();
  // A package that both fetch themselves is known by its address.
  const fetched = { appSettings: { WEBSITE_RUN_FROM_PACKAGE: 'https://builds.example/shop.zip' } };
  const known = await checked({ candidate: fetched, differences: { production: slot('production', fetched) } });
  expect(known.of('Another build than before')?.found).toBe('is the build that production runs already (the same)');
  // In the window the live build is in the slot that the copy came from.
  const window = {
    readonlySlot: slot('zdd-readonly', build),
    production: slot('production', { appSettings: { ZDD_INSTANCE: `${ID}/read-only/0` } }),
  };
  const open = { windowOpenedAt: '2026-01-31T14:00:00Z' };
  const inWindow = await checked({ candidate: build, differences: window, record: open });
  expect(inWindow.of('Another build than before')?.verdict).toBe('failed');
});

test.each<[string, Partial<Observed>, Check['verdict']]>([
  ['READ_WRITE', {}, 'passed'],
  ['READ_ONLY or unreachable', { sql: { shop: { readOnly: true } } }, 'failed'],
  ['READ_ONLY or unreachable', { sql: {} }, 'failed'],
  ['READ_ONLY or unreachable', { databases: pairs(['shop']).map((pair) => ({ ...pair, original: null })) }, 'failed'],
])('each original takes writes: %s', async (found, differences, verdict) => {
  expect((await checked({ differences })).of('Database shop takes writes')).toMatchObject({ verdict, found });
});

test('no setting leads to a clone, by whatever name and in whatever case', async () => {
  const name = 'Settings lead to shop, not to its clone';
  const astray = await checked({ candidate: { connectionStrings: connectionTo(CLONE.toUpperCase()) } });
  expect(astray.of(name)).toEqual({ name, verdict: 'failed', found: `a setting names ${CLONE}` });
  const large = { databases: pairs(['shop']).map((pair) => ({ ...pair, name: 'Shop' })) };
  const other = await checked({ candidate: { connectionStrings: connectionTo(CLONE) }, differences: large });
  expect(other.of('Settings lead to Shop, not to its clone')?.verdict).toBe('failed');
  const both = { databases: pairs(['shop', 'stock']), sql: { ...SQL, stock: { readOnly: false } } };
  const half = await checked({
    candidate: { connectionStrings: connectionTo('shop', CLONE.replace('shop', 'stock')) },
    differences: both,
  });
  expect(half.of(name)?.verdict).toBe('passed');
  expect(half.of('Settings lead to stock, not to its clone')?.verdict).toBe('failed');
});

test.each<[string, Partial<DeploymentRecord>, Record<string, string>, string, Check['verdict'] | undefined]>([
  ['of the new build may be another one', {}, {}, '2', 'passed'],
  ['of the live build must be the one before', LIVE, {}, '2', 'failed'],
  ['of the live build, which is the one before', LIVE, {}, '1', 'passed'],
  ['of the live build that need not be', LIVE, { 'ignore-schema': 'true' }, '2', 'passed'],
])('a schema version %s', async (_what, record, inputs, after, verdict) => {
  const sql = { ...SQL, shop: { readOnly: false, schemaVersion: after } };
  const { of } = await checked({ record, inputs, differences: { sql } });
  expect(of('Schema version of shop')?.verdict).toBe(verdict);
  expect(of('Schema version of shop')?.found).toBe(after === '1' ? '1' : '2, was 1');
});

test('where a schema version is not known on both sides nothing is said of it', async () => {
  for (const sql of [{ shop: SQL.shop }, { [CLONE]: SQL[CLONE] ?? { readOnly: true }, shop: { readOnly: false } }])
    expect((await checked({ differences: { sql } })).of('Schema version of shop')).toBeUndefined();
});

test('what an app says of itself is told as far as anybody reads it', async () => {
  const { of } = await checked({ inputs: EXPECTED, site: versions('x'.repeat(5000)) });
  expect(of('Version at /version')?.found.length).toBeLessThan(260);
});

test('candidates of apps that move along are looked at with their own settings, each under its name', async () => {
  const till = (stagingSlot: Slot | null): Companion => ({
    key: 'shop-rg/till',
    does: 'build',
    look: {
      ...observed(),
      production: slot('production', { host: 'till' }),
      stagingSlot,
      readonlySlot: null,
      newBuild: null,
      liveImage: null,
    },
  });
  const site: Site = ({ host }) => (host === 'till-staging' ? 503 : 200);
  const seen = await checked({ site, differences: { companions: [till(slot(STAGING, { host: 'till-staging' }))] } });
  expect(seen.of('shop-rg/till: GET /')?.verdict).toBe('failed');
  expect(seen.of('shop-rg/till: Database shop takes writes')?.verdict).toBe('passed');
  expect(seen.change.verdictGiven?.result).toBe('failed');
  const none = await checked({ differences: { companions: [till(null)] } });
  expect(none.of('shop-rg/till: candidate')).toMatchObject({ verdict: 'failed', found: 'its slot does not exist' });
});
