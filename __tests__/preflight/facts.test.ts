import { expect, test } from '@jest/globals';
import type { Database } from '../../src/azure/database-shapes.ts';
import type { Check } from '../../src/deployment/check.ts';
import { shell } from '../../src/deployment/commands.ts';
import type { Slot } from '../../src/deployment/observed.ts';
import { Stop } from '../../src/errors.ts';
import { refuseFailed } from '../../src/phases/guard.ts';
import { SqlError } from '../../src/ports.ts';
import { approval } from '../../src/preflight/approval.ts';
import { authentication } from '../../src/preflight/authentication.ts';
import { build } from '../../src/preflight/build.ts';
import { cloneSize } from '../../src/preflight/clone-size.ts';
import { planRoom } from '../../src/preflight/plan-room.ts';
import { sqlAccessChecks } from '../../src/preflight/sql.ts';
import { healthPath, ping, siteNameBindings } from '../../src/preflight/warm-up.ts';
import { webJobs } from '../../src/preflight/webjobs.ts';
import { facts, settings } from './facts.ts';

const lines = (checks: readonly Check[]) =>
  checks.map(({ name, verdict, found, fix }) => [verdict, name, found, fix ?? ''].join(' | '));
const plan = (tier: string, size: string) => ({
  value: {
    id: '/subscriptions/s/resourceGroups/plans/providers/Microsoft.Web/serverfarms/p',
    name: 'p',
    tier,
    size,
    runsWindowsContainers: false,
  },
});

test('the plan needs room for the slots that are missing, and only for these', () => {
  const names = ['a', 'b', 'c', 'd'];
  const room = (of: Parameters<typeof planRoom>[2], used: readonly string[] = [], planSku?: string) =>
    planRoom(settings({ planSku }), facts(), of, { value: used }, ['admin']);
  expect(
    lines([
      room(plan('Standard', 'S1'), names.slice(0, 3)),
      room(plan('Standard', 'S1'), names),
      room(plan('PremiumV3', 'P1v3'), names),
      room(plan('Free', 'F1')),
      room(plan('Quantum', 'Q1')),
      room({ value: null }),
    ]),
  ).toEqual([
    'passed | App Service plan | Plan p (Standard S1) has 5 slots in addition to production, 3 in use; zdd-readonly and zdd-staging will be made. | ',
    'failed | App Service plan | Plan p (Standard S1) has 5 slots in addition to production, 4 in use: there is no room for zdd-readonly and zdd-staging. With plan-sku: P0V3 "read-only" scales it up. | az appservice plan update --resource-group plans --name p --sku P0V3',
    'passed | App Service plan | Plan p (PremiumV3 P1v3) has 20 slots in addition to production, 4 in use; zdd-readonly and zdd-staging will be made. | ',
    'failed | App Service plan | Plan p (Free F1) has 0 slots in addition to production, 0 in use: there is no room for zdd-readonly and zdd-staging. | az appservice plan update --resource-group plans --name p --sku S1',
    'warning | App Service plan | How many slots tier Quantum has is not known here. | az appservice plan update --resource-group plans --name p --sku S1',
    'not-looked-at | App Service plan | The identity may not read the App Service plan. | ',
  ]);
});

test.each([
  ['Basic', 'B2', 'S1', 'failed', 'S1 is smaller than B2', 'plan-sku: S2'],
  ['Basic', 'B2', 'P0V3', 'failed', 'P0V3 is smaller than B2', 'plan-sku: S2'],
  ['Basic', 'B2', 'S2', 'warning', 'from B2 to S2', '--sku S2'],
  ['Basic', 'B3', 'P1V3', 'failed', 'P1V3 is smaller than B3', 'plan-sku: S3'],
  ['Basic', 'B1', 'P0V3', 'warning', 'from B1 to P0V3', '--sku P0V3'],
  ['Free', 'F1', 'S1', 'failed', 'no instances of its own', '--sku S1'],
  ['Shared', 'D1', 'S1', 'failed', 'no instances of its own', '--sku S1'],
  ['Standard', 'S2', 'S2', 'passed', 'will be made', ''],
])('plan-sku: a plan %s %s to %s: %s', (tier, size, planSku, verdict, says, fix) => {
  const check = planRoom(settings({ planSku }), facts(), plan(tier, size), { value: [] }, ['admin']);
  expect(check).toMatchObject({ verdict, found: expect.stringContaining(says) });
  expect(check.fix ?? '').toContain(fix);
});

test('plan-sku names the apps that meet new instances, too, and Windows containers need Premium V3', () => {
  const say = (planSku: string, beside?: readonly string[], runsWindowsContainers = false) => {
    const { value } = plan('Basic', 'B1');
    return planRoom(
      settings({ planSku }),
      facts(),
      { value: { ...value, runsWindowsContainers } },
      { value: [] },
      beside,
    ).found;
  };
  expect(say('S1', ['admin', 'api'])).toContain('those of admin and api');
  expect(say('S1')).toContain('those of whatever else is in the plan');
  expect(say('S1', [])).toContain('those of no other app');
  expect(say('S1', [], true)).toContain('Windows containers, which need Premium V3');
  expect(say('P1V3', [], true)).toContain('from B1 to P1V3');
});

test('healthy is exactly 200, and a redirect says where it leads', () => {
  const path = settings({ healthPath: '/health' });
  const answer = (status: number, headers = {}) => ({ status, headers, text: '', ms: 12 });
  expect(
    lines([
      healthPath(path, 'shop.net', answer(200)),
      healthPath(path, 'shop.net', answer(204)),
      healthPath(path, 'shop.net', answer(302, { location: 'https://login.net/' })),
      healthPath(path, 'shop.net', answer(401)),
      healthPath(path, 'shop.net', answer(403)),
      healthPath(path, 'shop.net', answer(403, { 'x-ms-forbidden-ip': '203.0.113.7' })),
      healthPath(path, 'shop.net', { ...answer(403), text: 'The web app … has blocked your access.' }),
      healthPath(path, 'shop.net', { error: 'ECONNREFUSED', ms: 3 }),
    ]),
  ).toEqual([
    'passed | health path | GET /health answers 200 in 12 ms. | ',
    'failed | health path | GET /health answers 204. Name a path with health-path that answers 200 to anybody, without redirect or login. | curl -i https://shop.net/health',
    'failed | health path | GET /health answers 302 to https://login.net/. Name a path with health-path that answers 200 to anybody, without redirect or login. | curl -i https://shop.net/health',
    'failed | health path | GET /health answers 401. It asks visitors to sign in. Leave the path out of it (excludedPaths of site authentication, or AllowAnonymous in the app), or name one with health-path that answers 200 to anybody: Azure’s own ping before a swap cannot sign in, whatever probe-headers say. | curl -i https://shop.net/health',
    'failed | health path | GET /health answers 403. The app, or what is in front of it, refuses this runner: by its address, its network or a header that it wants. Let the runner’s address in, run on a runner in its network (runs-on), or send the header with probe-headers. | curl -i https://shop.net/health',
    'failed | health path | GET /health answers 403. Access restrictions keep this runner out. | curl -i https://shop.net/health',
    'failed | health path | GET /health answers 403. Access restrictions keep this runner out. | curl -i https://shop.net/health',
    'failed | health path | GET https://shop.net/health got no answer (ECONNREFUSED): the runner must be able to reach the app and its slots. | curl -i https://shop.net/health',
  ]);
});

test('what Azure’s ping before a swap would get is told where it can be seen', () => {
  const warmUp = { path: '/health', statuses: [200, 301, 307, 308] };
  const answer = (status: number, headers = {}) => ({ status, headers, text: '', ms: 12 });
  const [http, https] = ['http://shop.net/health', 'https://shop.net/health'];
  const checks = [
    ping(warmUp, http, answer(200)),
    ping(warmUp, http, answer(307)),
    ping(warmUp, http, answer(302, { location: https })),
    ping(warmUp, https, answer(200)),
    ping(warmUp, https, answer(401)),
    ping(warmUp, http, { error: 'ECONNREFUSED', ms: 3 }),
  ];
  expect(checks.map(({ verdict, fix = '' }) => `${verdict} ${fix}`)).toEqual([
    'passed ',
    'passed ',
    'failed warm-up-statuses: 200,302',
    'passed ',
    'failed health-path: <one that anybody may ask>',
    'not-looked-at ',
  ]);
  expect(checks[3]?.found).toMatch(/cannot be seen from outside.*ASPNETCORE_HTTPS_PORT=-1.*UseHttpsRedirection/s);
});

test('host names are bound anew on Windows only', () => {
  expect(lines(siteNameBindings(facts({ windows: false })))).toEqual([]);
  expect(siteNameBindings(facts())[0]?.verdict).toBe('warning');
});

test('every way of running a build says how it is copied', () => {
  const running = (appSettings: Record<string, string>, linuxFxVersion = '') =>
    facts({ production: { appSettings, travelling: { linuxFxVersion } } });
  const digest = `sha256:${'0'.repeat(64)}`;
  const refused = { why: 'SCM said no.' };
  expect(
    lines([
      build(settings(), running({}), {
        value: { wwwroot: [{ name: 'app.dll', isDirectory: false, size: 1, modified: '' }] },
      }),
      build(settings(), running({}), {
        value: { wwwroot: [{ name: 'hostingstart.html', isDirectory: false, size: 1, modified: '' }] },
      }),
      build(settings(), running({}), refused),
      build(settings({ currentPackage: '/w/live.zip' }), running({}), refused),
      build(settings(), running({ WEBSITE_RUN_FROM_PACKAGE: '1' }), {
        value: { package: { name: '1.zip', exists: true } },
      }),
      build(settings(), running({ WEBSITE_RUN_FROM_PACKAGE: '1' }), {
        value: { package: { name: '1.zip', exists: false } },
      }),
      build(settings(), running({ WEBSITE_RUN_FROM_PACKAGE: 'https://b.net/1.zip' }), { value: {} }),
      build(settings(), running({ WEBSITE_RUN_FROM_PACKAGE: 'https://b.net/1.zip?se=soon' }), { value: {} }),
      build(settings(), running({}, `DOCKER|r.io:5000/shop@${digest}`), { value: {} }),
      build(settings(), running({}, 'DOCKER|r.io:5000/shop'), { value: {} }),
    ]).map((line) => line.replace(/ \| build of production \| /, ': ')),
  ).toEqual([
    'passed: It runs from files in wwwroot, which are copied. | ',
    'failed: SCM shows no files of it in wwwroot. | current-package: <zip file of the running build>',
    'not-looked-at: SCM said no. | current-package: <zip file of the running build>',
    'passed: current-package brings it: /w/live.zip. | ',
    'passed: It runs from package 1.zip, which is copied. | ',
    'failed: It runs from a package (WEBSITE_RUN_FROM_PACKAGE=1), but 1.zip is not in /home/data/SitePackages. | current-package: <zip file of the running build>',
    'passed: It runs from the package at a URL without an expiry; the setting is copied. | ',
    "warning: It runs from a URL whose expiry (soon) is not understood. | az webapp config appsettings set --resource-group rg --name web --settings 'WEBSITE_RUN_FROM_PACKAGE=<URL that stays valid>'",
    `passed: It is the image r.io:5000/shop@${digest}. | `,
    "warning: It is the image r.io:5000/shop, named by a tag, which may mean another image at the next start. | az webapp config container set --resource-group rg --name web --container-image-name 'r.io:5000/shop@sha256:<digest>'",
  ]);
});

test('WebJobs are listed with their schedules; one in a mounted package cannot be stopped one by one', () => {
  const jobs = [
    { name: 'mail', kind: 'continuous', status: 'Running' },
    { name: 'nightly', kind: 'triggered', status: '' },
  ] as const;
  const value = { jobs, schedules: [{ name: 'nightly', schedule: '0 0 3 * * *' }], outside: [] };
  const mounted = facts({ production: { appSettings: { WEBSITE_RUN_FROM_PACKAGE: '1' } } });
  expect(lines(webJobs(facts(), { value }))).toEqual([
    'passed | WebJobs | mail (continuous) and nightly (triggered, 0 0 3 * * *): off in the read-only copy, stopped by "switch", and started with the new build. | ',
  ]);
  expect(webJobs(mounted, { value })).toMatchObject([
    {
      verdict: 'warning',
      fix: 'az webapp config appsettings set --resource-group rg --name web --settings WEBJOBS_STOPPED=1',
    },
  ]);
});

test('a pool takes clones of its own tier while it has room', () => {
  const server = '/subscriptions/s/resourceGroups/data/providers/Microsoft.Sql/servers/sql';
  const pools = [{ id: `${server}/elasticPools/P`, name: 'P', tier: 'Premium', capacity: 250, maxSizeBytes: 0 }];
  const full = Array.from({ length: 100 }, () => ({ elasticPoolId: `${server}/elasticpools/p` }));
  const inPool = settings({ cloneElasticPool: 'p' });
  const [standard, premium] = [facts(), facts({ tier: 'Premium' })];
  const databases = full as unknown as readonly Database[];
  expect([
    ...lines(cloneSize(inPool, premium, { value: { pools, databases: [] } })),
    ...lines(cloneSize(inPool, premium, { value: { pools, databases } })),
    ...lines(cloneSize(inPool, standard, { value: { pools, databases: [] } })),
  ]).toEqual([
    'passed | size of the clones | In pool P (Premium), beside 0 databases. | ',
    'failed | size of the clones | Pool P holds 100 databases, and takes 100 at most at its size (Premium 250): the clone of shop would not fit. | clone-service-objective: <a size outside the pool>',
    'failed | size of the clones | A copy of shop (Standard) cannot be made in pool P (Premium). | clone-elastic-pool: <a pool of the same tier>',
  ]);
});

test('authentication that new slots would lack is said before they are made', () => {
  const production = { name: 'production' } as Slot;
  const seen = (value: boolean | null) => [{ slot: production, enabled: { value } }];
  expect(authentication(facts(), seen(false))[0]?.verdict).toBe('passed');
  expect(authentication(facts(), seen(true))[0]?.verdict).toBe('warning');
  expect(authentication(facts(), seen(null))[0]?.verdict).toBe('not-looked-at');
});

test('somebody is asked when an environment has reviewers; without the list nothing is said', () => {
  const environment = (name: string, reviewed: boolean, selfReview = false) => {
    return { name, reviewed, selfReview, reviewers: [], policy: 'named' as const };
  };
  expect(approval(settings(), null)).toEqual([]);
  expect(lines(approval(settings(), [environment('dev', false), environment('production', true)]))).toEqual([
    'passed | approval | Reviewers are required for production. | ',
  ]);
  expect(lines(approval(settings(), [environment('production', true, true)]))).toEqual([
    'passed | approval | Reviewers are required for production. Whoever starts a run may approve it in production. | ',
  ]);
  expect(lines(approval(settings(), [environment('dev', false)], ['dev (change-control)']))).toEqual([
    'passed | approval | A custom protection rule decides for dev (change-control). | ',
  ]);
  expect(approval(settings(), [environment('dev', false)])).toMatchObject([
    {
      verdict: 'warning',
      fix: expect.stringMatching(/^gh api --method PUT repos\/org\/shop\/environments\/production /),
    },
  ]);
});

test('a phase refuses with the words and the fix of what failed, and is not kept by a warning', () => {
  const warned: Check = { name: 'a', verdict: 'warning', found: 'Odd.', fix: 'Look.' };
  expect(() => refuseFailed('clone', [warned])).not.toThrow();
  const wrong: Check = { name: 'b', verdict: 'failed', found: 'It is full.', fix: 'az do' };
  expect(() => refuseFailed('clone', [warned, wrong])).toThrow('Phase clone cannot continue: It is full. az do');
});

test('names with blanks, quotes and brackets stay one word of the command', () => {
  expect(["it's", '<key>', 'a b', 'plain-1.2_x'].map(shell)).toEqual([`'it'\\''s'`, `'<key>'`, `'a b'`, 'plain-1.2_x']);
});

test.each(['no-such-host', 'certificate', 'tls'] as const)(
  'a login that no phase would get past fails: %s',
  (noConnection) => {
    const cause = new SqlError(0, 'the driver says so', { noConnection });
    const error = new Stop('failed', 'Could not log in.', 'Do this.', { cause });
    const inside = { why: error.happened, error };
    const looks = [{ database: 'shop', objective: 'S0', pooled: false, inside }];
    expect(lines(sqlAccessChecks(settings(), facts(), looks))).toEqual([
      'failed | SQL login | Could not log in. | Do this.',
    ]);
  },
);
