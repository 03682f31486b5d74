import { expect, test } from '@jest/globals';
import { advance } from '../../simulator/model/model.ts';
import { outputsOf } from '../../src/summary/outputs.ts';
import { type RunReport, summaryOf } from '../../src/summary/summary.ts';
import { azure, begin, databases, type Trial } from './trial.ts';

const WINDOW = ['clone', 'read-only', 'switch'];
const READER = { actions: ['*/read'], notActions: [] };
const READER_WITHOUT_SQL = { actions: ['*/read'], notActions: ['Microsoft.Sql/*'] };
const NOTHING = { actions: [], notActions: [] };
const GROUP = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg';
const ASSIGN = `az role assignment create --assignee '<client id>' --role 'Zero-downtime deployer' --scope ${GROUP}`;

/** From now on the identity may do this at the resource group, and nothing else. */
function narrow({ world }: Trial, grant: { actions: readonly string[]; notActions: readonly string[] }): void {
  for (const principal of Object.values(world.principals)) {
    principal.roles = [{ scope: GROUP, actions: [...grant.actions], notActions: [...grant.notActions] }];
  }
}

/** Production's connection string as a reference that only App Service can read. */
function hideConnectionString({ world }: Trial): void {
  const production = Object.values(world.web.sites)[0]?.slots.production;
  if (!production) throw new Error('The world has no production slot.');
  const strings = production.occupant.connectionStrings;
  for (const name of Object.keys(strings)) {
    strings[name] = { type: 'SQLAzure', value: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/db/)' };
  }
}

function deleteClone({ world }: Trial): void {
  for (const server of Object.values(world.sql.servers)) {
    const clone = Object.keys(server.databases).find((name) => name.includes('-zdd-'));
    if (clone) delete server.databases[clone];
  }
}

function failing(report: RunReport): Record<string, string | undefined> {
  const checks = report.phases[0]?.checks ?? [];
  return Object.fromEntries(checks.filter(({ verdict }) => verdict === 'failed').map(({ name, fix }) => [name, fix]));
}

/** With ids and instants by their kind: they differ from day to day, not from run to run. */
function told(report: RunReport): string {
  return summaryOf(report)
    .replaceAll(/\d{8}-[a-z0-9]{5}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>');
}

test('the Reader role sees the slots, the last swap and the record; what is served it does not guess', async () => {
  const trial = begin();
  await trial.through(...WINDOW);
  narrow(trial, READER);
  const before = azure(trial);
  const report = await trial.run('status');
  expect(report.failure).toBeUndefined();
  const text = told(report);
  expect(text).toContain(
    'Could not be looked at: settings of production, zdd-readonly, zdd-staging. So it is not known which build is served there, on which database. The identity is not granted Microsoft.Web/sites/config/list/action.',
  );
  expect(text).toContain('By the record of deployment <id> visitors have been on the read-only copy since <instant>.');
  expect(text).toContain('The last swap of the app was of zdd-readonly into Production, at <instant>.');
  expect(text).toContain('| **could not be looked at** | running | could not be looked at |');
  expect(text).toContain('That depends on what could not be looked at.');
  expect(outputsOf(report.result ?? { changed: false, nextPhases: [], cloneDatabases: {} })).toMatchObject({
    'deployment-id': expect.stringMatching(/^\d{8}-/),
    'clone-database': expect.stringMatching(/^shop-zdd-/),
    'rollback-point': expect.any(String),
    'read-only-seconds': expect.any(String),
    changed: 'false',
  });
  expect(report.result).toMatchObject({ state: undefined, nextPhases: [] });
  expect(azure(trial)).toEqual(before);
});

test('before anything has begun the Reader role sees that nothing has, when told the server', async () => {
  const trial = begin();
  narrow(trial, READER);
  const { failure, result } = await trial.run('status', { 'sql-server': 'sql', databases: 'shop' });
  expect(failure).toBeUndefined();
  expect(result).toMatchObject({ state: 'none', nextPhases: ['preflight', 'clone'] });
});

test('of a deployment that another run began it says that it is open, not that there is none', async () => {
  const first = begin();
  await first.through(...WINDOW);
  narrow(first, READER);
  const report = await begin({}, { world: first.world, clock: first.clock, runId: '2' }).run('status');
  expect(report.result?.state).toBeUndefined();
  expect(told(report)).toContain('Deployment <id> of rg/web is open; ada began it in run org/shop/1/1.');
});

test('without SQL neither databases nor record are known, and nothing is made up of it', async () => {
  const trial = begin();
  await trial.through(...WINDOW);
  narrow(trial, { actions: ['*'], notActions: ['Microsoft.Sql/*'] });
  const report = await trial.run('status');
  expect(report.failure).toBeUndefined();
  const text = told(report);
  expect(text).toContain('Could not be looked at: SQL server. So it is not known which databases there are');
  expect(text).toContain('| **read-only copy of deployment <id>** | running | &rarr; shop-zdd-<id> |');
  expect(report.result).toMatchObject({ state: undefined, cloneDatabases: {} });
});

test('a clone that was lost is told to the Reader role, too', async () => {
  const trial = begin();
  await trial.through(...WINDOW);
  deleteClone(trial);
  narrow(trial, READER);
  const { failure, headline, result } = await trial.run('status');
  expect(headline).toBe('⚪ Production is running; what it serves could not be looked at.');
  expect(failure).toMatchObject({
    kind: 'drifted',
    happened: expect.stringMatching(/^The clone of shop is gone; /),
    next: expect.stringContaining('Run "rollback"'),
  });
  expect(result?.rollbackPoint).toBeDefined();
});

test('an original that somebody renamed, too', async () => {
  const trial = begin();
  await trial.through(...WINDOW);
  const shop = databases(trial).find(({ name }) => name === 'shop');
  for (const server of Object.values(trial.world.sql.servers)) {
    if (!shop) continue;
    delete server.databases.shop;
    server.databases.old = Object.assign(shop, { name: 'old' });
  }
  narrow(trial, READER);
  const { failure } = await trial.run('status');
  expect(failure).toMatchObject({ kind: 'drifted', happened: 'Database shop is now named old.' });
});

test('without the app there is nothing to tell but that', async () => {
  const trial = begin();
  narrow(trial, NOTHING);
  const report = await trial.run('status');
  expect(report.failure?.happened).toMatch(/^Could not read app web: Azure answered 403/);
  expect(report).toMatchObject({ result: undefined, whereabouts: [], notes: [], warnings: [] });
});

test.each([
  ['the record is seen', READER, /^Visitors have been on the read-only copy for \d+ minutes/],
  ['the record is not seen', READER_WITHOUT_SQL, /^How long visitors have been read-only .* could not be looked at/],
])('a watchdog barks when %s', async (_what, grant, said) => {
  const trial = begin();
  await trial.through(...WINDOW);
  narrow(trial, grant);
  await trial.clock.sleep(10 * 60_000);
  const { failure } = await trial.run('status', { 'max-read-only-minutes': '5' });
  expect(failure?.happened).toMatch(said);
});

test.each([
  [
    'no role',
    NOTHING,
    ['app web', 'SQL server', 'permissions on the app', 'permissions on the SQL servers in resource group rg'],
  ],
  [
    'the Reader role',
    READER,
    [
      'SQL server',
      'settings of production',
      'permissions on the app',
      'permissions on the App Service plan',
      'permissions on the SQL servers in resource group rg',
    ],
  ],
  [
    'everything but SQL',
    { actions: ['*'], notActions: ['Microsoft.Sql/*'] },
    ['SQL server', 'permissions on the SQL servers in resource group rg'],
  ],
])('preflight with %s ends with its table', async (_role, grant, names) => {
  const trial = begin();
  narrow(trial, grant);
  const before = azure(trial);
  const report = await trial.run('preflight');
  expect(report.failure?.kind).toBe('refused');
  expect(Object.keys(failing(report))).toEqual(names);
  expect(failing(report)[names.at(-1) ?? '']).toBe(ASSIGN);
  expect(azure(trial)).toEqual(before);
});

test('preflight of an app whose server no connection string names looks at the app all the same', async () => {
  const trial = begin();
  hideConnectionString(trial);
  const report = await trial.run('preflight');
  expect(failing(report)).toEqual({
    'SQL server': 'Name the server with input sql-server, and the databases with input databases.',
  });
  const passed = report.phases[0]?.checks?.filter(({ verdict }) => verdict === 'passed').map(({ name }) => name);
  expect(passed).toEqual(expect.arrayContaining(['App Service plan', 'health path', 'build of production']));
});

test.each(['clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'rollback', 'cleanup'])(
  '%s stops at the first part that it cannot see, also as a dry run',
  async (phase) => {
    const trial = begin();
    await trial.through(...WINDOW);
    // What the window did not wait for arrives: the record follows its journal to the databases.
    await trial.clock.sleep(60_000);
    advance(trial.world, trial.clock.now());
    const before = azure(trial);
    for (const grant of [READER, READER_WITHOUT_SQL, { actions: ['*'], notActions: ['Microsoft.Sql/*'] }]) {
      narrow(trial, grant);
      for (const dryRun of ['false', 'true']) {
        const { failure, result } = await trial.run(phase, { 'dry-run': dryRun });
        expect(failure?.happened).toMatch(/^Could not |^There is no SQL server/);
        expect(result).toBeUndefined();
      }
    }
    expect(azure(trial)).toEqual(before);
    expect(databases(trial)).toHaveLength(2);
  },
);

test('an app that does not exist is an error for all', async () => {
  const trial = begin();
  narrow(trial, READER);
  for (const phase of ['status', 'preflight']) {
    const { failure } = await trial.run(phase, { 'app-name': 'wbe' });
    expect(failure).toMatchObject({ kind: 'bad-input', happened: 'There is no app wbe in resource group rg.' });
  }
});
