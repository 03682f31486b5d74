import { expect, test } from '@jest/globals';
import { type Build, buildFiles, type Kind } from '../../simulator/model/app/build.ts';
import { addContent, WWWROOT } from '../../simulator/model/web/content.ts';
import { restart } from '../../simulator/model/web/instances.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import type { Ports } from '../../src/ports.ts';
import type { Inputs } from '../in-process/trial.ts';
import { deploy, newBuild, partsOf } from '../in-process/zoo.ts';

test.each<[string, Kind]>([
  ['is plain', {}],
  ['takes a minute to start', { startMs: 60_000 }],
  ['compresses its answers', { answers: 'compressed' }],
  ['never ends its answers', { answers: 'endless' }],
  ['answers one request in a hundred with 502', { failsOneIn: 100 }],
  ['works in the background on its database', { works: { everyMs: 60_000, on: 'database' } }],
])('an app that %s is deployed to the end', async (_, kind) => {
  const { ended, visitors } = await deploy({ kind });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});

test('an app that asks to sign in everywhere but where it is probed is deployed to the end', async () => {
  const { ended } = await deploy({ kind: { asksToSignIn: { except: ['/health', '/order'] } } });
  expect(ended).toBe('deployed');
});

test('an app with several names is deployed to the end also where nobody answers this runner under them', async () => {
  const names = ['www.shop.example', 'shop.example', '*.shop.example'];
  const asked = new Set<string>();
  const around = (ports: Ports): Ports => ({
    ...ports,
    send: (request, signal) => {
      const { hostname } = new URL(request.url);
      if (!names.includes(hostname)) return ports.send(request, signal);
      asked.add(`${request.method} ${hostname}`);
      throw new Error('no such host');
    },
  });
  const { ended, visitors, trial } = await deploy({
    around,
    arrange: ({ production }) => {
      production.customHosts = names;
    },
  });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  expect(partsOf(trial.world).production.customHosts).toEqual(names);
  // For the report for reviewers, which nothing hangs on.
  expect([...asked].sort()).toEqual(['GET shop.example', 'GET www.shop.example']);
  const { result } = await trial.run('status');
  expect(result?.productionUrl).toBe('https://web.azurewebsites.net');
});

test.each<[string, Kind, RegExp]>([
  ['asks to sign in everywhere', { asksToSignIn: { except: [] } }, /health-path|sign/i],
  ['answers only its own network', { letsInOnly: ['198.51.'] }, /403/],
])('an app that %s is deployed, or preflight says why not', async (_, kind, words) => {
  const { ended } = await deploy({ kind });
  if (ended !== 'deployed') expect(ended).toMatch(new RegExp(`^refused by preflight: .*(${words.source})`, 'is'));
});

test.each<[string, Kind]>([
  ['takes writes elsewhere', { writesElsewhere: true }],
  ['needs to write', { needsToWrite: true }],
])('a copy that %s is never sent visitors', async (_, kind) => {
  const { ended } = await deploy({ kind });
  expect(ended).toMatch(/^(failed in read-only|refused by preflight)/);
});

test.each<[string, object]>([
  ['redirects http to https by itself', {}],
  ['does so while HTTPS Only is on', { httpsOnly: true }],
])('an app that %s is deployed to the end', async (_, properties) => {
  const { ended, visitors } = await deploy({
    kind: { redirectsToHttps: true },
    arrange: ({ production }) => {
      production.properties = { ...production.properties, ...properties };
    },
  });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});

test('the statuses that the owner lets pass are kept', async () => {
  const appSettings = { WEBSITE_SWAP_WARMUP_PING_PATH: '/health', WEBSITE_SWAP_WARMUP_PING_STATUSES: '200,307' };
  const { ended, trial } = await deploy({ kind: { redirectsToHttps: true }, options: { appSettings } });
  const { settings } = partsOf(trial.world).production.occupant;
  expect([ended, settings.WEBSITE_SWAP_WARMUP_PING_STATUSES]).toEqual(['deployed', '200,307']);
});

test('a swap that Azure gives up because of the ping names the likely causes, and what to write', async () => {
  const { ended, visitors } = await deploy({
    kind: { redirectsToHttps: true },
    inputs: { 'warm-up-statuses': '200' },
    arrange: ({ production }) => {
      production.properties = { ...production.properties, httpsOnly: true };
    },
  });
  expect(ended).toMatch(/^failed in switch: .*warm-up-statuses.*ASPNETCORE_HTTPS_PORT.*sign in.*AllowedHosts.*start/s);
  expect(visitors).toBe('1 200 201');
});

test('a warm-up of its own may be given where the health path asks to sign in or for a header', async () => {
  const own = 'WEBSITE_SWAP_WARMUP_PING_PATH=/alive';
  const { ended } = await deploy({
    inputs: { 'readonly-settings': `SHOP_READ_ONLY=true\n${own}`, 'app-settings': own },
    kind: { asksToSignIn: { except: ['/alive', '/health', '/order'] } },
  });
  expect(ended).toBe('deployed');
});

test('a health path with a query is refused: the ping of a swap encodes it', async () => {
  const refused = deploy({ inputs: { 'health-path': '/health?full=1' } });
  await expect(refused).rejects.toThrow(/Input health-path is "\/health\?full=1".*%3F.*smoke-paths/s);
});

test('an app whose driver names neither host nor process is deployed, and it is said what could not be told', async () => {
  const { ended, visitors, said } = await deploy({ kind: { driver: 'tiberius' } });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  expect(said).toContain('tiberius names neither host nor process');
});

test.each<[string, Kind, string]>([
  ['connects for an instant', { sessions: 'for-an-instant' }, '2 200 201'],
  ['asks no database', { sessions: 'none' }, '2 200 405'],
])('an app that %s is deployed to the end, with a warning', async (_, kind, seen) => {
  const { ended, visitors, said } = await deploy({ kind });
  expect([ended, visitors]).toEqual(['deployed', seen]);
  expect(said).toContain('Nobody was seen at work in shop');
});

test('an app that holds its connections is seen at work', async () => {
  expect((await deploy()).said).not.toContain('Nobody was seen at work');
});

test('sessions of Azure itself are nobody’s', async () => {
  const { ended, visitors } = await deploy({ variants: ['azure-looks-in'] });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});

const WRITES = { 'write-probes': 'POST /order -> 201' };

test('an app that visitors can write to again is deployed to the end', async () => {
  const { ended, said } = await deploy({ inputs: WRITES });
  expect(ended).toBe('deployed');
  expect(said).not.toContain('nobody has tried');
});

test.each<[string, Partial<Build>, Inputs]>([
  ['refuses writes however it is configured', { alwaysReadOnly: true }, {}],
  ['has its read-only switch on', {}, { 'app-settings': 'SHOP_READ_ONLY=true' }],
])('a new build that %s is found by validate, or it is said that nobody tried', async (_, next, inputs) => {
  const tried = await deploy({ next, inputs: { ...inputs, ...WRITES } });
  expect(tried.ended).toMatch(/^failed in validate/);
  expect(tried.said).toContain('POST /order writes: POST /order answered 503 instead of 201');
  const untried = await deploy({ next, inputs });
  expect([untried.ended, untried.visitors]).toEqual(['deployed', '2 200 503']);
  expect(untried.said).toContain('nobody has tried whether visitors can write again');
});

test('a build that is read-only in production only is found by complete, and visitors go back to the copy', async () => {
  const { ended, visitors } = await deploy({
    inputs: WRITES,
    before: {
      complete: ({ world, site }, { clock }) => {
        const slot = slotOf(world, site.name, 'zdd-staging');
        const files = buildFiles({ ...newBuild({}), alwaysReadOnly: true });
        const inside = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [WWWROOT + path, bytes]));
        slot.occupant.contentId = addContent(world, inside, Object.keys(files), clock.now());
        restart(world, slot, clock.now());
      },
    },
  });
  expect(ended).toMatch(/^failed in complete: .*POST \/order answered 503 instead of 201.*sent back/s);
  expect(visitors).toBe('1 200 503');
});

test.each([
  ['SHOP_READ_ONLY=true', 'readonly-settings set SHOP_READ_ONLY; that one of them keeps the copy from'],
  ['', 'nothing turns off the background work of the copy'],
])(
  'an app that works elsewhere in the background runs beside the live build with a word of warning: %s',
  async (settings, words) => {
    const inputs = { 'readonly-settings': settings, 'read-only-probes': '' };
    const { said } = await deploy({ kind: { works: { everyMs: 60_000, on: 'elsewhere' } }, inputs });
    expect(said).toContain(words);
  },
);
