import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { type Build, buildFiles, buildIn } from '../../simulator/model/app/build.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { request } from '../../simulator/model/model.ts';
import { viewOf } from '../../simulator/model/web/content.ts';
import { addSlot } from '../../simulator/model/web/create.ts';
import { restart } from '../../simulator/model/web/instances.ts';
import { PRODUCTION, slotOf } from '../../simulator/model/web/lookup.ts';
import { addNeighbour } from '../../simulator/model/web/neighbour.ts';
import type { Slot } from '../../simulator/model/web/state.ts';
import type { Ports } from '../../src/ports.ts';
import { sharedThrough } from './shared.ts';
import { begin, databaseLines, LIVE, production, type Trial } from './trial.ts';
import { deploy, open, type Zoo } from './zoo.ts';

const folder = mkdtempSync(join(tmpdir(), 'zdd-several-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ADMIN: Build = { ...LIVE, name: 'admin', version: '7' };
const zip = join(folder, 'admin.zip');
writeFileSync(zip, zipSync(buildFiles({ ...ADMIN, version: '8', schema: '2' }), { mtime: '2020-01-01' }));

/** An administration that comes with a build of its own, and a search that only reads and runs on any schema. */
const BESIDE: Zoo = {
  arrange({ world }) {
    addNeighbour(world, { name: 'admin', build: ADMIN }, EPOCH);
    addNeighbour(world, { name: 'search', build: { name: 'search', version: '5' } }, EPOCH);
  },
};
const OTHERS = { 'other-apps': `admin = ${zip}\nsearch = read-only` };
/** The world after these phases. */
const playedTo = sharedThrough(() => open(BESIDE), OTHERS);

test('all apps are on their copies in the window, and on their builds after it', async () => {
  const seen: string[] = [];
  const look = (_parts: unknown, trial: Trial) => void seen.push(all(trial));
  const { ended, trial } = await deploy({
    ...BESIDE,
    inputs: OTHERS,
    before: { switch: look, deploy: look, complete: look, cleanup: look },
  });
  expect(ended).toBe('deployed');
  expect(seen).toEqual([
    'web 1 shop; admin 7 shop; search 5 shop',
    'web 1 shop-zdd; admin 7 shop-zdd; search 5 shop-zdd',
    'web 1 shop-zdd; admin 7 shop-zdd; search 5 shop-zdd',
    'web 2 shop; admin 8 shop; search 5 shop',
  ]);
  expect(all(trial)).toBe('web 2 shop; admin 8 shop; search 5 shop');
  expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 2']);
  expect(production(trial)).toEqual({ version: '2', reads: 200, writes: 201 });
});

test.each([
  ['code-and-database, before "complete"', [], { 'rollback-scope': 'code-and-database' }],
  [
    'code-and-database, after "complete"',
    ['validate', 'complete'],
    { 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true' },
  ],
])('a rollback of %s brings all back', async (_what, more, inputs) => {
  const trial = await playedTo('clone', 'read-only', 'switch', 'deploy', ...more);
  const given = (phase: string, own = {}) => [phase, { ...OTHERS, ...own }] as const;
  await trial.through(given('rollback', inputs));
  expect(all(trial)).toBe('web 1 shop-zdd; admin 7 shop-zdd; search 5 shop-zdd');
  await trial.through(given('validate'), given('complete'), given('cleanup'));
  expect(all(trial)).toBe('web 1 shop; admin 7 shop; search 5 shop');
  expect(databaseLines(trial)).toContain('shop READ_WRITE schema 1');
});

test('when many apps have to go back, the phase has the time for it, and says why', async () => {
  const names = ['admin', 'auth', 'realtime'];
  const trial = open({
    arrange({ world }) {
      for (const name of names) addNeighbour(world, { name, build: { ...ADMIN, name } }, EPOCH);
      // Its driver says nothing of its process, so nobody finds it before.
      addNeighbour(world, { name: 'stranger', build: { ...ADMIN, name: 'stranger', driver: 'tiberius' } }, EPOCH);
    },
  });
  const given = { 'other-apps': names.map((name) => `${name} = ${zip}`).join('\n') };
  await trial.through(['clone', given], ['read-only', given]);
  const { failure } = await trial.run('switch', given);
  expect(failure?.happened).toMatch(/^Database shop is not quiet after 1 min 0 s/);
  expect(all(trial)).toBe('web 1 shop; admin 7 shop; auth 7 shop; realtime 7 shop; stranger 7 shop');
});

test.each<[string, (slot: Slot, staging: Slot) => void, RegExp]>([
  [
    'a slot of its own that swaps by itself',
    (_, staging) => {
      staging.fixedConfig = { autoSwapSlotName: 'production' };
    },
    /rg\/admin: other slots: rg\/admin: Slot staging swaps with production by itself/,
  ],
  [
    'a PostgreSQL beside',
    (slot) => {
      const value = 'Server=pg-a.postgres.database.azure.com;Database=d;Port=5432;User Id=u;Password=Hidden-4711';
      slot.occupant.connectionStrings.Data = { value, type: 'PostgreSQL' };
    },
    /rg\/admin: databases outside the deployment: rg\/admin: Data leads to PostgreSQL/,
  ],
])('preflight asks of an app that moves along as of the first: %s', async (_, change, says) => {
  const { ended } = await deploy({
    inputs: OTHERS,
    arrange(parts) {
      BESIDE.arrange?.(parts);
      const admin = slotOf(parts.world, 'admin', PRODUCTION);
      const site = parts.world.web.sites.admin;
      if (site) change(admin, addSlot(parts.world, site, 'staging', EPOCH));
    },
  });
  expect(ended).toMatch(says);
});

test('preflight asks for the rights on an app of another group that moves along', async () => {
  const { ended } = await deploy({
    arrange({ world }) {
      addNeighbour(world, { name: 'admin', resourceGroup: 'back', build: ADMIN }, EPOCH);
      const [deployer] = Object.values(world.principals);
      const notActions = ['Microsoft.Web/sites/slots/slotsswap/action'];
      const scope = `/subscriptions/${world.subscriptionId}/resourceGroups/back`;
      deployer?.roles.push({ scope, actions: ['Microsoft.Web/*', 'Microsoft.Resources/*'], notActions });
    },
    inputs: { 'other-apps': 'back/admin = read-only' },
  });
  expect(ended).toMatch(/back\/admin: permissions on the app: .*Not granted: Microsoft.Web\/sites\/slots\/slotsswap/);
});

const MOVES = [
  [
    'switch',
    ['clone', 'read-only'],
    'web 1 shop; admin 7 shop; search 5 shop',
    'web 1 shop-zdd; admin 7 shop-zdd; search 5 shop-zdd',
  ],
  [
    'complete',
    ['clone', 'read-only', 'switch', 'deploy', 'validate'],
    'web 1 shop-zdd; admin 7 shop-zdd; search 5 shop-zdd',
    'web 2 shop; admin 8 shop; search 5 shop',
  ],
] as const;

describe.each(MOVES)('%s', (move, before, home, there) => {
  test.each(['admin', 'search', 'web'])('when Azure refuses the swap of %s, nobody is moved', async (app) => {
    const trial = await playedTo(...before);
    const { failure } = await within(trial, refusing(app)).run(move, OTHERS);
    expect(failure?.happened).toContain('Cannot swap');
    expect(all(trial)).toBe(home);
    await trial.through([move, OTHERS]);
    expect(all(trial)).toBe(there);
  });

  test.each([1, 2, 3])('killed after swap %i, the next run ends it', async (swaps) => {
    const trial = await playedTo(...before);
    const { failure } = await within(trial, dyingAfter(swaps)).run(move, OTHERS);
    expect(failure).toBeDefined();
    await trial.clock.sleep(600_000);
    await trial.through([move, OTHERS]);
    expect(all(trial)).toBe(there);
  });
});

describe('on the way back', () => {
  const IN_WINDOW = ['clone', 'read-only', 'switch'];

  test('a swap that Azure gives up is sent anew, with a proof of its own, until all apps are on one side', async () => {
    const trial = await playedTo(...IN_WINDOW);
    const { failure } = await within(trial, refusing('admin', 2)).run('rollback', OTHERS);
    expect(failure).toBeUndefined();
    expect(all(trial)).toBe('web 1 shop; admin 7 shop; search 5 shop');
  });

  test('an app that cannot go back keeps none of the others, and the next run ends it', async () => {
    const trial = await playedTo(...IN_WINDOW);
    const { failure } = await within(trial, refusing('search')).run('rollback', OTHERS);
    expect(failure?.happened).toContain('Cannot swap');
    expect(all(trial)).toBe('web 1 shop; admin 7 shop; search 5 shop-zdd');
    await trial.through(['rollback', OTHERS]);
    expect(all(trial)).toBe('web 1 shop; admin 7 shop; search 5 shop');
  });

  test('an app whose live build does not start keeps none of the others either', async () => {
    const trial = await playedTo(...IN_WINDOW);
    const ill = within(trial, unhealthy(slotOf(trial.world, 'search', 'zdd-readonly').host));
    const { failure } = await ill.run('rollback', OTHERS);
    expect(failure?.happened).toContain('zdd-readonly');
    expect(all(trial)).toBe('web 1 shop; admin 7 shop; search 5 shop-zdd');
    await trial.through(['rollback', OTHERS]);
    expect(all(trial)).toBe('web 1 shop; admin 7 shop; search 5 shop');
  });
});

test.each([[['settings', 'connectionStrings']], [['connectionStrings']]] as const)(
  'settings written over those of the copy of another app (%j) are told as what they are, with the one way on',
  async (parts) => {
    const trial = await playedTo('clone', 'read-only', 'switch', 'deploy', 'validate');
    const template = structuredClone(slotOf(open(BESIDE).world, 'admin', PRODUCTION).occupant);
    const given = (phase: string) => [phase, OTHERS] as const;
    const slot = slotOf(trial.world, 'admin', PRODUCTION);
    for (const part of parts) Object.assign(slot.occupant, { [part]: structuredClone(template[part]) });
    restart(trial.world, slot, trial.clock.now());
    await trial.clock.sleep(120_000);
    for (const phase of ['status', 'deploy', 'validate', 'complete', 'rollback']) {
      const { failure, result } = await trial.run(phase, OTHERS);
      expect([phase, failure?.happened]).toEqual([
        phase,
        expect.stringMatching(/read-only copy in production of rg\/admin/),
      ]);
      expect([phase, failure?.next]).toEqual([phase, expect.stringContaining('run "switch"')]);
      expect([phase, result?.nextPhases]).toEqual([phase, expect.arrayContaining(['switch'])]);
    }
    await trial.through(given('switch'));
    expect(all(trial)).toBe('web 1 shop-zdd; admin 7 shop-zdd; search 5 shop-zdd');
    await trial.through(...['deploy', 'validate', 'complete', 'cleanup'].map(given));
    expect(all(trial)).toBe('web 2 shop; admin 8 shop; search 5 shop');
  },
);

test('visitors of another app who were swapped off their copy by hand are told of, and nobody is moved', async () => {
  const trial = await playedTo('clone', 'read-only', 'switch', 'deploy', 'validate');
  const [one, other] = [PRODUCTION, 'zdd-readonly'].map((name) => slotOf(trial.world, 'admin', name));
  if (!one || !other) throw new Error('There are both.');
  [one.occupant, other.occupant] = [other.occupant, one.occupant];
  for (const phase of ['status', 'complete']) {
    const { failure } = await trial.run(phase, OTHERS);
    expect([phase, failure?.happened]).toEqual([phase, expect.stringContaining('Visitors of rg/admin')]);
    expect(failure?.next).toContain(
      'az webapp deployment slot swap --resource-group rg --name admin --slot zdd-readonly',
    );
  }
  expect(all(trial)).toContain('web 1 shop-zdd');
});

test('a new build of one app that fails when visitors come is withdrawn with those of all', async () => {
  const sick = join(folder, 'sick.zip');
  const build = { ...ADMIN, version: '8', schema: '2', unhealthyForVisitors: true };
  writeFileSync(sick, zipSync(buildFiles(build), { mtime: '2020-01-01' }));
  const inputs = { 'other-apps': `admin = ${sick}\nsearch = read-only` };
  const trial = open(BESIDE);
  await trial.through(
    ...['clone', 'read-only', 'switch', 'deploy', 'validate'].map((phase) => [phase, inputs] as const),
  );
  const { failure } = await trial.run('complete', inputs);
  expect(failure?.happened).toMatch(/^The candidate of rg\/admin became unhealthy during the soak/);
  expect(all(trial)).toBe('web 1 shop-zdd; admin 7 shop-zdd; search 5 shop-zdd');
  await trial.through(['rollback', { ...inputs, 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true' }]);
  await trial.through(['validate', inputs], ['complete', inputs]);
  expect(all(trial)).toBe('web 1 shop; admin 7 shop; search 5 shop');
});

test('status tells of all apps, and of one that is elsewhere than the first', async () => {
  const trial = await playedTo('clone', 'read-only');
  await within(trial, dyingAfter(1)).run('switch', OTHERS);
  await trial.clock.sleep(600_000);
  const { whereabouts, headline } = await trial.run('status');
  expect(whereabouts.filter(({ visitors }) => visitors).map(({ slot, holds }) => `${slot}: ${holds}`)).toEqual([
    'production: live build',
    'rg/admin: production: read-only copy',
    'rg/search: production: live build',
  ]);
  expect(headline).toMatch(
    /^🟡 .* Visitors of rg\/admin are on the read-only copy: the move of all apps has not ended\. Somebody must act /u,
  );
  const { failure } = await trial.run('cleanup', OTHERS);
  expect(failure?.happened).toContain('a move of all apps has not ended');
});

/** The same world with something between the action and Azure. */
function within({ world, clock }: Trial, around: (ports: Ports) => Ports): Trial {
  return begin({}, { world, clock, around });
}

function refusing(app: string, times = Number.POSITIVE_INFINITY): (ports: Ports) => Ports {
  let left = times;
  const error = { error: { code: 'BadRequest', message: 'Cannot swap: the slot is not running.' } };
  const answer = { status: 400, headers: {}, body: new TextEncoder().encode(JSON.stringify(error)) };
  return (ports) => ({
    ...ports,
    send: async (request, signal) =>
      new RegExp(`/sites/${app}/.*slotsswap`).test(request.url) && left-- > 0 ? answer : ports.send(request, signal),
  });
}

function unhealthy(host: string): (ports: Ports) => Ports {
  const answer = { status: 503, headers: {}, body: new Uint8Array() };
  return (ports) => ({
    ...ports,
    send: async (request, signal) => (request.url.includes(`//${host}/`) ? answer : ports.send(request, signal)),
  });
}

/** The runner is gone right after its so many-eth swap was sent. */
function dyingAfter(swaps: number): (ports: Ports) => Ports {
  let sent = 0;
  return (ports) => ({
    ...ports,
    async send(request, signal) {
      if (sent >= swaps) throw new Error('The runner is gone.');
      const answer = await ports.send(request, signal);
      if (/slotsswap\?/.test(request.url)) sent++;
      return answer;
    },
  });
}

/** Each app: what its visitors get, and on which database. */
function all({ world, clock }: Trial): string {
  return Object.values(world.web.sites)
    .map(({ name }) => {
      const slot = slotOf(world, name, PRODUCTION);
      const { instance, connectionStrings, contentId } = slot.occupant;
      const version = buildIn(viewOf(world, instance?.contentId ?? contentId))?.version;
      const database = /Database=([^;]+)/.exec(connectionStrings.DefaultConnection?.value ?? '')?.[1] ?? 'none';
      const url = `https://${slot.host}/health`;
      const { status } = request(world, { method: 'GET', url, headers: {}, from: '198.51.100.1' }, clock.now());
      return `${name} ${version} ${database.replace(/-zdd-.*/, '-zdd')}${status === 200 ? '' : ` ${status}`}`;
    })
    .join('; ');
}

test('WebJobs of an app that moves along would stay stopped, so preflight refuses them and says what serves', async () => {
  const job = { 'App_Data/jobs/continuous/mailer/run.cmd': new TextEncoder().encode('run') };
  const trial = begin();
  addNeighbour(trial.world, { name: 'admin', build: ADMIN, files: job }, EPOCH);
  const { phases, failure } = await trial.run('preflight', { 'other-apps': `admin = ${zip}` });
  expect(failure?.kind).toBe('refused');
  expect(phases[0]?.checks?.filter(({ name }) => name.endsWith('admin: WebJobs'))).toEqual([
    expect.objectContaining({
      verdict: 'failed',
      found: expect.stringContaining('WebJobs mailer run in this app'),
      fix: 'Stop them until the deployment has ended, or give other-apps: admin = stop.',
    }),
  ]);
  const stopped = await trial.run('preflight', { 'other-apps': 'admin = stop' });
  expect(stopped.phases[0]?.checks?.some(({ found }) => found.includes('mailer run in this app'))).toBe(false);
});
