import { expect, test } from '@jest/globals';
import { summaryOf } from '../../src/summary/summary.ts';
import { begin, databases, packageOf, type Stage, type Trial } from './trial.ts';

const VERSION = { 'version-source': 'json /version /version' };
const WAY: readonly Stage[] = ['clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'cleanup'];
const BACK: readonly Stage[] = [
  ...WAY.slice(0, 4),
  ['rollback', { 'rollback-scope': 'code-and-database' }],
  ...WAY.slice(4),
];

test.each([
  ['a deployment', WAY],
  ['a rollback', BACK],
])('what the next swap would make of it is what it makes of it: %s', async (_name, way) => {
  const trial = begin();
  let promised = 0;
  for (const stage of way) {
    const [swap] = (await trial.run('status')).nextSwaps ?? [];
    await trial.through(stage);
    if (swap === undefined || swap.by !== stage) continue;
    const [production] = (await trial.run('status')).whereabouts;
    expect([production?.holds, production?.databases]).toEqual([swap.holds, swap.databases]);
    expect(swap.refused).toEqual([]);
    promised++;
  }
  expect(promised).toBe(2);
});

test('status says first who is where and whether somebody must act, at every station', async () => {
  const trial = begin();
  const said: string[] = [];
  for (const stage of [undefined, ...WAY]) {
    if (stage !== undefined) await trial.through(stage);
    said.push((await trial.run('status')).headline.replace(/^.*?\)[^.]*\. /u, '').replace(/\d{8}-\w{5}/, '<id>'));
  }
  expect(said).toEqual([
    'No deployment is open, and nobody has to act.',
    'Nobody has to act: visitors notice nothing of deployment <id>.',
    'Nobody has to act: visitors notice nothing of deployment <id>.',
    'Somebody must act unless the run that began deployment <id> goes on: the new build is not there yet.',
    'Somebody must act unless the run that began deployment <id> goes on: nothing was validated yet.',
    'Somebody must approve or reject the candidate.',
    'Nobody has to act; "cleanup" ends the deployment.',
    'No deployment is open, and nobody has to act.',
  ]);
});

test('status tells who began it, with a link, what it costs, and what was left over by whom ever', async () => {
  const trial = begin();
  await trial.through('clone');
  left(trial, 'shop-zdd-20250101-aaaaa');
  const page = summaryOf(await trial.run('status'));
  expect(page).toContain('by ada in run [org/shop/1/1](https://github.com/org/shop/actions/runs/1/attempts/1)');
  expect(page).toMatch(/\| Copies \| `shop-zdd-\d{8}-\w{5}` \(S1\) \|/);
  expect(page).toMatch(/\| Left over \| `shop-zdd-20250101-aaaaa`, there since .* no deployment that is open made it/);
  // Two of S1.
  expect(page).toMatch(/\| Cost \| about 1\.94 US dollars a day .* an estimate by list prices of 2021/);
  const open = (await trial.run('preflight')).phases.flatMap(({ checks = [] }) => checks);
  expect(open.find(({ name }) => name === 'other deployments')).toMatchObject({
    verdict: 'passed',
    found: expect.stringMatching(/No deployment that is open made shop-zdd-20250101-aaaaa, which costs as before/),
  });
  await trial.through('cleanup');
  const after = summaryOf(await trial.run('status'));
  expect(after).toContain('Left over');
  expect(after).not.toContain('| Copies |');
});

test('the versions that visitors and reviewers see stand beside each other', async () => {
  const trial = begin();
  await trial.through(...WAY.slice(0, 4));
  const { whereabouts } = await trial.run('validate', VERSION);
  expect(whereabouts.map(({ slot, version }) => [slot, version])).toEqual([
    ['production', '1'],
    ['zdd-readonly', undefined],
    ['zdd-staging', '2'],
  ]);
  // A page is no version.
  expect((await trial.run('status')).whereabouts.every(({ version }) => version === undefined)).toBe(true);
});

test('the timeline has a bar for each stretch, on one scale, and none that ends after now', async () => {
  const trial = begin();
  await trial.through(...WAY.slice(0, 6));
  const { timeline = '' } = await trial.run('status');
  const bars = [...timeline.matchAll(/^\S+ +(.*?) +([·█]+) {2}/gm)].map(([, what, bar = '']) => [what, bar] as const);
  expect(bars.map(([what]) => what)).toEqual([
    'copying the databases',
    'preparing the copy',
    'waiting for the switch',
    'visitors on the copy',
    'watching after the move',
    'waiting for cleanup',
  ]);
  for (const [, bar] of bars) expect(bar).toMatch(/^(?=.{40}$)·*█+·*$/);
});

test('each red end of a deployment that broke can be followed from its page', async () => {
  const trial = begin();
  await trial.through(...WAY.slice(0, 3));
  const report = await trial.run('deploy', { package: packageOf('sick'), 'health-timeout': '60' });
  const page = summaryOf(report);
  expect(page).toContain('**Again:** *Re-run failed jobs* in [this run]');
  expect(page).toContain('```sh\naz webapp log tail --resource-group rg --name web --slot zdd-staging\n```');
  expect(page).toMatch(/```yaml\nphase: rollback\ndeployment-id: \S+\nrollback-scope: auto\n```/);
});

test('a dry run names the settings that change, without their values, says how long it takes, and what a clone costs', async () => {
  const trial = begin();
  const planned = { 'dry-run': 'true', 'app-settings': 'API_KEY=Very-Secret-0815' };
  expect(summaryOf(await trial.run('clone', planned))).toMatch(
    /Expected: about 1 min 40 s, .* The clones cost about 0\.97 US dollars a day/,
  );
  await trial.through(...WAY.slice(0, 3));
  const page = summaryOf(await trial.run('deploy', planned));
  expect(page).toMatch(/Write .* to slot zdd-staging.* Against now: .*\+API_KEY,.*databases none -> shop\./);
  expect(page).toContain('Visitors are read-only from "switch" to "complete": about');
  expect(page).not.toContain('Very-Secret');
});

/** A clone of a deployment that nobody knows any more. */
function left({ world }: Trial, name: string): void {
  const [server] = Object.values(world.sql.servers);
  const [original] = databases({ world } as Trial);
  if (!server || !original) throw new Error('The world has a database.');
  server.databases[name.toLowerCase()] = { ...structuredClone(original), name, databaseId: 'left-over', tags: {} };
}
