import { expect, test } from '@jest/globals';
import { rowsOf } from '../../simulator/model/sql/rows.ts';
import type { Database, SqlServer } from '../../simulator/model/sql/state.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import { addNeighbour } from '../../simulator/model/web/neighbour.ts';
import type { RunCommand } from '../../src/ports.ts';
import { begin, LIVE, PASSWORD, production, type Stage, type Trial } from './trial.ts';

const BACK: Stage = ['rollback', { 'rollback-scope': 'code-and-database' }];

test('each clone lies on the server of its original, and says where the record is', async () => {
  const trial = twoServers();
  await trial.through('clone');
  const [record, other] = [cloneOn(trial, 'identity'), cloneOn(trial, 'sql')];
  expect([record.isReadOnly, other.isReadOnly]).toEqual([true, true]);
  expect(record.tags).toMatchObject({ 'zdd-lock': 'held', 'zdd-server': 'identity', 'zdd-databases': 'shop:sql/shop' });
  expect(other.tags).toMatchObject({ 'zdd-app': 'rg/web', 'zdd-record-on': `identity/${record.name}` });
  expect(other.tags['zdd-lock']).toBeUndefined();
});

test('a rollback brings each database back on its own server, with its own content', async () => {
  const trial = twoServers();
  for (const name of ['sql', 'identity']) addRow(trial, name);
  await trial.through('clone', 'read-only', 'switch', 'deploy', BACK, 'validate', 'complete', 'cleanup');
  expect(production(trial)).toMatchObject({ version: '1', reads: 200, writes: 201 });
  for (const name of ['sql', 'identity']) {
    expect(namesOn(trial, name)).toEqual(['shop', 'shop-zdd-<id>-failed']);
    const rows = rowsOf(trial.world, databaseOn(trial, name, 'shop').contentId).map(({ id }) => id);
    expect(rows.filter((id) => id.startsWith('only-'))).toEqual([`only-on-${name}`]);
    expect(rulesOn(trial, name)).toEqual([]);
  }
});

test('after clone nothing but the record has to tell the servers', async () => {
  const trial = twoServers();
  await trial.through(['clone', { databases: 'sql/shop,identity/shop', ...DECLARED }]);
  obscure(trial);
  await trial.through(['read-only', DECLARED], ['switch', DECLARED], 'deploy', 'validate', 'complete', 'cleanup');
  expect(production(trial).version).toBe('2');
  for (const name of ['sql', 'identity']) expect(namesOn(trial, name)).toEqual(['shop']);
});

test('a second look at the same databases may call them with their servers, in any order, and no others', async () => {
  const trial = twoServers();
  await trial.through(['clone', { databases: 'sql/shop,identity/shop' }]);
  await trial.through(['read-only', { databases: 'identity/shop,sql/shop' }]);
  const { failure } = await trial.run('switch', { databases: 'sql/shop' });
  expect(failure).toMatchObject({
    kind: 'bad-input',
    happened: expect.stringContaining('Input databases is "sql/shop"'),
  });
});

test('nobody begins another deployment on one of the databases, wherever the record lies', async () => {
  const shop = twoServers();
  await shop.through('clone');
  const admin = ofAdmin(shop);
  const { failure } = await admin.run('clone', { 'sql-server': 'sql' });
  expect(failure).toMatchObject({ kind: 'refused', happened: expect.stringContaining('of rg/web is open on') });
  expect(failure?.happened).toContain('org/shop/1/1');
});

test('nor where the identity may not read the record', async () => {
  const shop = twoServers();
  await shop.through('clone');
  hideServer(shop, 'identity');
  const { failure } = await ofAdmin(shop).run('clone', { 'sql-server': 'sql' });
  expect(failure).toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining('of rg/web is open on sql/shop'),
  });
});

test('of two that begin in the same moment, on servers that overlap, one goes on', async () => {
  const shop = twoServers();
  const admin = ofAdmin(shop);
  const ends = await Promise.all([shop.run('clone'), admin.run('clone', { 'sql-server': 'sql', ...ELSEWHERE })]);
  const stopped = ends.filter(({ failure }) => failure !== undefined);
  expect(stopped.map(({ failure }) => failure?.kind)).toEqual(['refused']);
  const held = Object.values(shop.world.sql.servers).flatMap((server) =>
    Object.values(server.databases).filter(({ tags }) => tags['zdd-lock'] === 'held'),
  );
  expect(held).toHaveLength(1);
});

test('a clone whose tags nobody can read keeps others away', async () => {
  const shop = twoServers();
  await shop.through('clone');
  cloneOn(shop, 'sql').tags['zdd-record-on'] = 'identity/../x';
  const { failure } = await ofAdmin(shop).run('clone', { 'sql-server': 'sql', ...ELSEWHERE });
  expect(failure).toMatchObject({ kind: 'refused', happened: expect.stringContaining('is open on sql/shop') });
});

test('databases that only have the same name are in nobody’s way', async () => {
  const shop = twoServers();
  await shop.through(['clone', { 'sql-server': 'sql', ...ELSEWHERE }]);
  await ofAdmin(shop).through(['clone', { 'sql-server': 'identity', ...ELSEWHERE }]);
  expect(namesOn(shop, 'sql')).toEqual(['shop', 'shop-zdd-<id>']);
  expect(namesOn(shop, 'identity')).toEqual(['shop', 'shop-zdd-<id>']);
});

test('without the record’s clone the way back goes on from the mirror, on both servers', async () => {
  const trial = twoServers();
  await trial.through('clone', 'read-only', 'switch', 'deploy');
  delete serverOf(trial, 'identity').databases[cloneOn(trial, 'identity').name];
  const { failure } = await trial.run('status');
  expect(failure?.happened).toContain('The clone of shop is gone');
  await trial.through(BACK, 'validate', 'complete', 'cleanup');
  for (const name of ['sql', 'identity']) expect(namesOn(trial, name)).toEqual(['shop', 'shop-zdd-<id>-failed']);
});

test('migrate-command is told each server by its own variables, and a command that names one for all is refused', async () => {
  const seen: Record<string, string | undefined>[] = [];
  const run: RunCommand = async (_, environment) => {
    seen.push(environment);
    return { exitCode: 0 };
  };
  const trial = twoServers({ run });
  const { phases } = await trial.run('preflight', { 'migrate-command': 'sqlcmd -S $ZDD_SQL_SERVER -d $ZDD_DATABASE' });
  const failed = phases[0]?.checks?.filter(({ verdict }) => verdict === 'failed').map(({ found }) => found);
  expect(failed?.join(' ')).toMatch(
    /It names ZDD_DATABASE, which there will not be: there are .*ZDD_DATABASE_IDENTITY/,
  );
  const command = { 'migrate-command': 'sqlcmd -S $ZDD_SQL_SERVER_IDENTITY -d $ZDD_DATABASE_IDENTITY' };
  await trial.through('clone', 'read-only', 'switch', ['deploy', command]);
  expect(seen).toEqual([
    expect.objectContaining({
      ZDD_SQL_SERVER_SQL: 'sql.database.windows.net',
      ZDD_DATABASE_SQL: 'shop',
      ZDD_SQL_SERVER_IDENTITY: 'identity.database.windows.net',
      ZDD_DATABASE_IDENTITY: 'shop',
    }),
  ]);
  expect(Object.keys(seen[0] ?? {})).not.toContain('ZDD_DATABASE');
});

test.each<[string, (trial: Trial) => void, string]>([
  [
    'no Entra administrator',
    (trial) => void delete serverOf(trial, 'identity').entraAdministrator,
    'identity has no Microsoft Entra administrator',
  ],
  ['no rights', (trial) => denyOn(trial, 'identity', 'Microsoft.Sql/servers/databases/write'), 'databases/write'],
  [
    'a lock',
    (trial) => lockServer(trial, 'identity'),
    'Lock keep (CanNotDelete) on servers identity holds everything below it',
  ],
])('preflight looks at every server: %s on one of them', async (_, change, says) => {
  const trial = twoServers();
  change(trial);
  const { phases } = await trial.run('preflight');
  const failed = phases[0]?.checks?.filter(({ verdict }) => verdict === 'failed').map(({ found }) => found);
  expect(failed?.join('\n')).toContain(says);
});

test.each<[Record<string, string>, string]>([
  [{ databases: 'shop' }, 'names shop without its server'],
  [{ 'sql-server': 'sql,identity', databases: 'sql/shop' }, 'sql-server names identity, and no database'],
  [
    { 'sql-access': `Server=sql.database.windows.net;User ID=zddadmin;Password=${PASSWORD}` },
    'sql-access names the server sql.database.windows.net',
  ],
])('%j is refused before anything is done', async (inputs, says) => {
  const { failure } = await twoServers().run('clone', inputs);
  expect(failure).toMatchObject({ kind: 'bad-input', happened: expect.stringContaining(says) });
});

function twoServers(about: Parameters<typeof begin>[1] = {}): Trial {
  return begin({ furtherServers: [{ name: 'identity', databases: ['shop'] }] }, about);
}

/** Production's strings as only App Service can read them, and what the copy has instead. */
function obscure({ world }: Trial): void {
  const { occupant } = slotOf(world, 'web', 'production');
  for (const [name, string] of Object.entries(occupant.connectionStrings)) {
    const twice = `${string.value};Data Source=${/Server=([^;]+)/.exec(string.value)?.[1]}`;
    occupant.connectionStrings[name] = { ...string, value: twice };
  }
}

const DECLARED = {
  'clone-connection-settings': [
    `DefaultConnection=Server=tcp:sql.database.windows.net;Database={{clone-database:sql/shop}};User ID=zddadmin;Password=${PASSWORD}`,
    'DefaultConnection2=Server=tcp:identity.database.windows.net;Database={{clone-database:identity/shop}};User ID=identityadmin;Password=Simulated-identity-2',
  ].join('\n'),
};

/** What is on the other server may be written meanwhile. */
const ELSEWHERE = {
  'clone-connection-settings': 'DefaultConnection={{unchanged}}\nDefaultConnection2={{unchanged}}',
};

/** Another app on the same databases, and its own runs. */
function ofAdmin(shop: Trial): Trial {
  const { world, clock } = shop;
  if (!world.web.sites.admin) addNeighbour(world, { name: 'admin', build: LIVE }, clock.now());
  const { run, ...admin } = begin({}, { world, clock, runId: '2' });
  const own: Trial = {
    ...admin,
    run: (phase, inputs) => run(phase, { 'app-name': 'admin', 'allow-other-writers': 'true', ...inputs }),
    async through(...stages) {
      for (const each of stages) {
        const [phase, inputs] = typeof each === 'string' ? [each, {}] : each;
        const { failure } = await own.run(phase, inputs);
        if (failure) throw new Error(`${phase}: ${failure.happened} ${failure.next}`);
      }
    },
  };
  return own;
}

function serverOf({ world }: Trial, name: string): SqlServer {
  const server = world.sql.servers[name];
  if (server === undefined) throw new Error(`There is no server ${name}.`);
  return server;
}

function databaseOn(trial: Trial, server: string, name: string): Database {
  const database = serverOf(trial, server).databases[name];
  if (database === undefined) throw new Error(`There is no database ${name} on ${server}.`);
  return database;
}

function cloneOn(trial: Trial, server: string): Database {
  const clone = Object.values(serverOf(trial, server).databases).find(({ name }) => /-zdd-\d{8}-\w{5}$/.test(name));
  if (clone === undefined) throw new Error(`There is no clone on ${server}.`);
  return clone;
}

function namesOn(trial: Trial, server: string): readonly string[] {
  const all = Object.values(serverOf(trial, server).databases);
  return all.map(({ name }) => name.replace(/\d{8}-[a-z0-9]{5}/, '<id>')).sort();
}

function rulesOn(trial: Trial, server: string): readonly string[] {
  return Object.keys(serverOf(trial, server).firewallRules).filter((name) => name.startsWith('zdd-'));
}

function addRow(trial: Trial, server: string): void {
  const { contentId } = databaseOn(trial, server, 'shop');
  trial.world.sql.contents[contentId]?.writes.push({ id: `only-on-${server}`, at: trial.clock.now() - 1000, by: '1' });
}

function denyOn({ world }: Trial, server: string, action: string): void {
  const group = `/subscriptions/${world.subscriptionId}/resourceGroups/rg`;
  for (const principal of Object.values(world.principals)) {
    const roles = principal.roles.flatMap((role) => {
      if (role.scope !== group) return [role];
      const others = Object.keys(world.sql.servers).filter((name) => name !== server);
      const without = { ...role, notActions: [...role.notActions, action] };
      const back = others.map((name) => ({
        scope: `${group}/providers/Microsoft.Sql/servers/${name}`,
        actions: [action],
        notActions: [],
      }));
      return [without, ...back];
    });
    principal.roles = roles;
  }
}

function hideServer(trial: Trial, server: string): void {
  denyOn(trial, server, 'Microsoft.Sql/servers/databases/*');
}

function lockServer({ world }: Trial, server: string): void {
  const scope = `/subscriptions/${world.subscriptionId}/resourceGroups/rg/providers/Microsoft.Sql/servers/${server}`;
  world.locks = [...(world.locks ?? []), { name: 'keep', level: 'CanNotDelete', scope }];
}
