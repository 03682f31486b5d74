import { expect, test } from '@jest/globals';
import { addDatabase, addServer } from '../../simulator/model/sql/create.ts';
import { setSchema } from '../../simulator/model/sql/rows.ts';
import type { SqlServer } from '../../simulator/model/sql/state.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import type { HttpResponse, Ports } from '../../src/ports.ts';
import { begin, databaseLines, databases, PASSWORD, production, type Stage, type Trial } from './trial.ts';

/** What `clone` is told, and no later phase. */
const NAMED = { 'sql-server': 'sql', databases: 'shop' };

const LATER: readonly Stage[] = ['read-only', 'switch', 'deploy', 'validate', 'complete', 'cleanup'];

const BACK: readonly Stage[] = [
  'read-only',
  'switch',
  'deploy',
  ['rollback', { 'rollback-scope': 'code-and-database' }],
  'validate',
  'complete',
  'cleanup',
];

const worlds: Readonly<Record<string, (trial: Trial) => void>> = {
  'names two servers': nameTwoServers,
  'names the server in words of its own': obscureConnectionString,
  'names another server, and its own in words of its own': (trial) => {
    nameTwoServers(trial);
    obscureConnectionString(trial);
  },
};

/** What is not found by parsing: the read-only copy is told where its clone is. */
const CLONE_CONNECTION = {
  'clone-connection-settings': `DefaultConnection=Server=tcp:sql.database.windows.net;Database={{clone-database}};User ID=zddadmin;Password=${PASSWORD}`,
};

test.each(Object.keys(worlds))(
  'production %s: after clone the whole way goes without sql-server',
  async (world) => {
    const trial = begin();
    worlds[world]?.(trial);
    await trial.through(...onlyCloneKnows(LATER, world));
    expect(production(trial).version).toBe('2');
    expect(databaseLines(trial).filter((line) => line.includes('-zdd-'))).toEqual([]);
  },
  60_000,
);

test.each(Object.keys(worlds))(
  'production %s: rollback is not asked for the server either',
  async (world) => {
    const trial = begin();
    worlds[world]?.(trial);
    await trial.through(...onlyCloneKnows(BACK, world));
    expect(production(trial).version).toBe('1');
    expect(databaseLines(trial).filter((line) => line.includes('-zdd-'))).toEqual([
      'shop-zdd-<id>-failed READ_WRITE schema 2',
    ]);
  },
  60_000,
);

test.each([
  [['read-only', 'switch', 'deploy', 'validate', 'rollback', 'validate']],
  [['read-only', 'switch', 'deploy', ['rollback', { 'rollback-scope': 'code-and-database' }], 'validate']],
  [['read-only', 'cleanup']],
] as const)(
  'production keeps its connection string in a key vault: after clone %j goes without sql-server',
  async (stages) => {
    const trial = begin();
    hideConnectionString(trial);
    await trial.through(...onlyCloneKnows(stages));
  },
);

test('status tells the whole state, and nothing of it could not be looked at', async () => {
  const trial = begin();
  hideConnectionString(trial);
  await trial.through(['clone', { ...NAMED, ...CLONE_CONNECTION }]);
  const { failure, result, warnings } = await trial.run('status');
  expect(failure).toBeUndefined();
  expect(result).toMatchObject({ state: 'cloned', nextPhases: ['read-only', 'cleanup'] });
  expect(warnings).toEqual([]);
});

test('tags that were copied to another server are no record there', async () => {
  const trial = begin();
  nameTwoServers(trial);
  await trial.through(['clone', NAMED]);
  const clone = databases(trial).find(({ name }) => name.startsWith('shop-zdd-'));
  const elsewhere = addDatabase(trial.world, server(trial, 'reports'), { name: clone?.name ?? '' }, trial.clock.now());
  elsewhere.tags = structuredClone(clone?.tags ?? {});
  await trial.through('read-only');
});

test('a record of before the server was recorded is found all the same', async () => {
  const trial = begin();
  nameTwoServers(trial);
  await trial.through(['clone', NAMED]);
  for (const { tags } of databases(trial)) delete tags['zdd-server'];
  await trial.through('read-only', 'switch');
});

test('a server on which nothing may be read is passed over', async () => {
  const trial = begin();
  nameTwoServers(trial);
  await trial.through(['clone', NAMED]);
  const group = `/subscriptions/${trial.world.subscriptionId}/resourceGroups/rg`;
  const onDatabases = ['Microsoft.Sql/servers/databases/*'];
  for (const principal of Object.values(trial.world.principals)) {
    const atGroup = principal.roles.find(({ scope }) => scope === group);
    atGroup?.notActions.push(...onDatabases);
    const scope = `${group}/providers/Microsoft.Sql/servers/sql`;
    principal.roles.push({ scope, actions: onDatabases, notActions: [] });
  }
  await trial.through('read-only');
});

test('a server in another subscription is found by its record, whatever production names', async () => {
  const trial = begin({}, { around: inAnotherSubscription });
  nameTwoServers(trial);
  await trial.through(['clone', { ...NAMED, 'sql-server': OTHER_SERVER }], 'read-only', 'switch', 'deploy', 'validate');
  await trial.through('complete', 'cleanup');
  expect(databaseLines(trial).filter((line) => line.includes('-zdd-'))).toEqual([]);
});

test('before a deployment is open a server that nobody may see has to be left out', async () => {
  const trial = begin();
  nameTwoServers(trial);
  delete trial.world.sql.servers.reports;
  const { failure } = await trial.run('clone');
  expect(failure).toMatchObject({
    kind: 'bad-input',
    happened: expect.stringContaining('may see no server reports.database.windows.net'),
    next: expect.stringContaining('sql-server'),
  });
});

const OTHER = '11111111-1111-1111-1111-111111111111';
const OTHER_SERVER = `/subscriptions/${OTHER}/resourceGroups/rg/providers/Microsoft.Sql/servers/sql`;

/** The model has one subscription: all that belongs to SQL servers is shown in another one, and nothing of it where the app is. */
function inAnotherSubscription(ports: Ports): Ports {
  const own = '00000000-0000-0000-0000-000000000000';
  const shown = (text: string) =>
    text.replaceAll(/\/subscriptions\/0{8}-[0-]*\/(?=.*\/Microsoft\.Sql\/)/gi, `/subscriptions/${OTHER}/`);
  return {
    ...ports,
    async send(asked, signal) {
      const url = new URL(asked.url);
      const isOfServers = /\/Microsoft\.Sql\//i.test(url.pathname);
      if (url.pathname === '/subscriptions')
        return json({ value: [{ subscriptionId: own }, { subscriptionId: OTHER }] });
      if (isOfServers && url.pathname.includes(own)) {
        return url.pathname.endsWith('/servers')
          ? json({ value: [] })
          : { ...json({ error: { code: 'ResourceNotFound', message: 'not here' } }), status: 404 };
      }
      const answer = await ports.send({ ...asked, url: asked.url.replace(OTHER, own) }, signal);
      if (!isOfServers) return answer;
      const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, shown(value)]));
      const body = new TextEncoder().encode(
        new TextDecoder().decode(answer.body).replaceAll(`/subscriptions/${own}/`, `/subscriptions/${OTHER}/`),
      );
      return { ...answer, headers, body };
    },
  };
}

function json(body: unknown): HttpResponse {
  return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(body)) };
}

/** Production's reports come from a database on a server of their own. */
function nameTwoServers(trial: Trial): void {
  const { world, clock } = trial;
  const { resourceGroup, administratorLogin, administratorPassword } = server(trial, 'sql');
  const reports = addServer(world, { name: 'reports', resourceGroup, administratorLogin, administratorPassword });
  const { contentId } = addDatabase(world, reports, { name: 'reports' }, clock.now());
  setSchema(world, contentId, '1', clock.now());
  configurationOf(trial).connectionStrings.Reports = {
    type: 'SQLAzure',
    value: `Server=tcp:reports.database.windows.net;Database=reports;User ID=zddadmin;Password=${PASSWORD}`,
  };
}

function hideConnectionString(trial: Trial): void {
  configurationOf(trial).connectionStrings.DefaultConnection = {
    type: 'SQLAzure',
    value: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/db/)',
  };
}

/** `Server` and `Data Source` are the same: drivers do not agree on which one counts. */
function obscureConnectionString(trial: Trial): void {
  const strings = configurationOf(trial).connectionStrings;
  const { value = '' } = strings.DefaultConnection ?? {};
  strings.DefaultConnection = { type: 'SQLAzure', value: `${value};Data Source=tcp:sql.database.windows.net` };
}

/** `clone` and the stages after it, of which only `clone` is told the server. */
function onlyCloneKnows(stages: readonly Stage[], world = ''): readonly Stage[] {
  const inputs = world === 'names two servers' ? {} : CLONE_CONNECTION;
  const later = stages.map((stage): Stage => {
    const [phase, own] = typeof stage === 'string' ? [stage, {}] : stage;
    return [phase, { ...own, ...inputs }];
  });
  return [['clone', { ...NAMED, ...inputs }], ...later];
}

function configurationOf({ world }: Trial) {
  return slotOf(world, 'web', 'production').occupant;
}

function server({ world }: Trial, name: string): SqlServer {
  const found = Object.values(world.sql.servers).find((each) => each.name === name);
  if (!found) throw new Error(`no server ${name}`);
  return found;
}
