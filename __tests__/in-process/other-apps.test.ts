import { expect, test } from '@jest/globals';
import type { Build } from '../../simulator/model/app/build.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { PRODUCTION, slotOf } from '../../simulator/model/web/lookup.ts';
import { addNeighbour, type Neighbour } from '../../simulator/model/web/neighbour.ts';
import type { Trial } from './trial.ts';
import { deploy, open, type Parts, type Zoo } from './zoo.ts';

const EDITORS: Build = { name: 'admin', version: '7', writesOnStart: true };
/** Its own timer wakes it once a minute, and it writes. */
const TIMER: Build = { name: 'stock', version: '3', works: { everyMs: 60_000, on: 'database' } };
const JOB = { 'App_Data/jobs/continuous/mailer/run.cmd': new TextEncoder().encode('run') };

const ADMIN: Neighbour = { name: 'admin', build: EDITORS };
const STOCK: Neighbour = { name: 'stock', kind: 'functionapp', build: TIMER };
const JOBS: Neighbour = { name: 'jobs', resourceGroup: 'back', build: { name: 'jobs', version: '1' }, files: JOB };
const ALL = { 'other-apps': 'admin = stop\nstock = stop\nback/jobs = stop' };

test('an editors’ app, a Function app and a host of WebJobs stop for the window, and run again after it', async () => {
  const window: string[] = [];
  const { ended, visitors, said, trial } = await deploy({
    ...beside(ADMIN, STOCK, JOBS),
    inputs: ALL,
    before: {
      deploy: (_parts, each) => void window.push(states(each)),
      complete: (_parts, each) => void window.push(states(each)),
    },
  });
  expect(ended).toBe('deployed');
  expect(visitors).toBe('2 200 201');
  expect(window).toEqual(Array(2).fill('admin Stopped, stock Stopped, jobs Stopped; 0 jobs'));
  expect(states(trial)).toBe('admin Running, stock Running, jobs Running; 1 jobs');
  expect(said).toContain('App rg/admin is stopped for as long as the originals must be quiet.');
});

test('preflight finds those that nobody named, and tells how to name them', async () => {
  const { ended } = await deploy({ ...beside(ADMIN, STOCK), inputs: { 'other-apps': 'admin = stop' } });
  expect(ended).toMatch(/^refused by preflight: failed other apps: Function app rg\/stock works on the originals, too/);
  expect(ended).toContain('other-apps: stock = stop');
  expect(ended).not.toContain('rg/admin works');
});

test('a name that is no app’s is refused by preflight, and by "clone"', async () => {
  const { ended, trial } = await deploy({ inputs: { 'other-apps': 'admni = stop' } });
  expect(ended).toContain('Input other-apps names rg/admni, and there is no such app.');
  const { failure } = await trial.run('clone', { 'other-apps': 'admni = stop' });
  expect(failure?.happened).toContain('there is no such app');
});

test.each([
  ['a rollback', ['switch', 'deploy', ['rollback', { 'rollback-scope': 'code-and-database' }]]],
  ['a rollback before "deploy"', ['switch', ['rollback', {}]]],
  [
    'a rollback after "complete"',
    [
      'switch',
      'deploy',
      'validate',
      'complete',
      ['rollback', { 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true' }],
    ],
  ],
] as const)('%s starts them again', async (_what, phases) => {
  const trial = open(beside(ADMIN, STOCK));
  const inputs = { 'other-apps': 'admin = stop\nstock = stop', 'read-only-probes': 'POST /order -> 503' };
  await trial.through(
    ...['clone', 'read-only', ...phases].map((each) => {
      const [phase, more] = typeof each === 'string' ? [each, {}] : each;
      return [phase, { ...inputs, ...more }] as const;
    }),
  );
  expect(states(trial)).toContain('admin Running, stock Running');
});

test('an app that does not start again ends "complete" red with visitors on the new build; run again it is started', async () => {
  const { ended, visitors, trial } = await deploy({
    ...beside(ADMIN),
    inputs: { 'other-apps': 'admin = stop' },
    before: {
      complete({ world }) {
        world.locks = [{ name: 'frozen', level: 'ReadOnly', scope: adminId(world.subscriptionId) }];
      },
    },
  });
  expect(ended).toMatch(/^failed in complete: .*start app admin/);
  expect(visitors).toBe('2 200 201');
  trial.world.locks = [];
  await trial.through(['complete', {}]);
  expect(states(trial)).toContain('admin Running');
});

function adminId(subscription: string): string {
  return `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Web/sites/admin`;
}

function beside(...neighbours: readonly Neighbour[]): Zoo {
  return {
    arrange(parts) {
      for (const each of neighbours) addNeighbour(parts.world, each, EPOCH);
      permit(parts);
    },
  };
}

/** What their owners grant: the role of the app says nothing of other groups. */
function permit({ world }: Parts): void {
  const [deployer] = Object.values(world.principals);
  const actions = ['Microsoft.Web/sites/*'];
  deployer?.roles.push({
    scope: `/subscriptions/${world.subscriptionId}/resourceGroups/back`,
    actions,
    notActions: [],
  });
}

/** The other apps of the world, and how many of their WebJobs run. */
function states({ world }: Trial): string {
  const [, ...others] = Object.values(world.web.sites);
  const shown = others.map(({ name }) => `${name} ${slotOf(world, name, PRODUCTION).state}`);
  return `${shown.join(', ')}; ${Object.keys(world.web.jobs).length} jobs`;
}
