import { expect, test } from '@jest/globals';
import { advanceSql, nextSqlEventAt } from '../../../../simulator/model/sql/advance.ts';
import { contentStatement } from '../../../../simulator/model/sql/content-statement.ts';
import { isSessionOpen, login, logout, statement } from '../../../../simulator/model/sql/sessions.ts';
import { arm, ask, copyBody, open, RUNNER, START, shop, tryOpen } from './shop.ts';

test('the firewall refuses the runner with the text that names its address, until a rule lets it in', () => {
  const { world } = shop();
  expect(tryOpen(world, START, { from: RUNNER })).toMatchObject({
    number: 40615,
    message: expect.stringContaining(
      `Client with IP address '${RUNNER}' is not allowed to access the server.  To enable access, use the Azure Management Portal`,
    ),
  });
  expect(
    arm(world, START, 'PUT', '/firewallRules/mine', { properties: { startIpAddress: RUNNER, endIpAddress: RUNNER } })
      .status,
  ).toBe(201);
  expect(tryOpen(world, START + 1000, { from: RUNNER })).toMatchObject({ number: 40615 });
  open(world, START + 2000, { from: RUNNER });
  expect(arm(world, START, 'DELETE', '/firewallRules/mine').status).toBe(200);
  expect(arm(world, START, 'DELETE', '/firewallRules/mine').status).toBe(204);
  expect(tryOpen(world, START + 3000, { from: RUNNER })).toMatchObject({ number: 40615 });
});

test.each([
  [{ clientId: 'stranger' }, 18456],
  [{ clientId: undefined, user: 'app', password: 'wrong' }, 18456],
  [{ database: 'nope', clientId: undefined, user: 'admin123', password: 'p' }, 4060],
  [{ host: 'elsewhere.database.windows.net' }, 40532],
])('a login as %j is refused with %d', (who, number) => {
  const { clientId, ...rest } = { clientId: 'deployer', ...who };
  const request = {
    host: 'srv.database.windows.net',
    database: 'shop',
    from: '10.0.0.1',
    hostName: 'h',
    programName: 'p',
    hostProcessId: 1,
    ...rest,
  };
  expect(login(shop().world, clientId === undefined ? request : { ...request, clientId }, START)).toMatchObject({
    number,
  });
});

test('sessions show who is there; without VIEW DATABASE STATE one sees only oneself', () => {
  const { world } = shop();
  const mine = open(world, START);
  const { clientId: _none, ...app } = {
    clientId: undefined,
    user: 'app',
    password: 'a',
    programName: 'shop-app',
    hostName: 'rd01',
    hostProcessId: 7,
  };
  const request = { host: 'srv', database: 'shop', from: '10.0.0.1', ...app };
  const other = login(world, request, START);
  const theirs = other.kind === 'session' ? other.sessionId : -1;
  const query =
    'SELECT session_id, program_name, host_name, host_process_id FROM sys.dm_exec_sessions WHERE is_user_process = 1 AND database_id = DB_ID() AND session_id <> @@SPID';
  expect(ask(world, START, mine, query)).toEqual([
    { session_id: theirs, program_name: 'shop-app', host_name: 'rd01', host_process_id: 7 },
  ]);
  expect(ask(world, START, theirs, query)).toEqual([]);
  const asked = "SELECT HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', @permission) AS held";
  expect(
    [mine, theirs].map((id) => ask(world, START, id, asked, { permission: 'VIEW DATABASE STATE' })[0]?.held),
  ).toEqual([1, 0]);
  logout(world, theirs, START);
  expect(ask(world, START, mine, query)).toEqual([]);
});

test.each([
  ['SELECT COUNT(*) AS n FROM sys.dm_exec_sessions', [{ n: 2 }]],
  [
    'SELECT s.program_name AS p, c.client_net_address AS a FROM sys.dm_exec_sessions AS s LEFT JOIN sys.dm_exec_connections c ON c.session_id = s.session_id WHERE s.is_user_process = 1',
    [{ p: 'test', a: '20.50.2.1' }],
  ],
  ['SELECT name FROM sys.databases ORDER BY name DESC', [{ name: 'shop' }, { name: 'master' }]],
  ["SELECT TOP (1) [name] FROM sys.databases WHERE name LIKE 's%' AND name NOT IN ('x', 'y')", [{ name: 'shop' }]],
  ["SELECT DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS u", [{ u: 'READ_WRITE' }]],
  ['SELECT CONVERT(varchar(33), SYSUTCDATETIME(), 126) AS now', [{ now: '2026-11-02T09:00:00.0000000' }]],
  [
    'SELECT program_name, COUNT(*) AS n FROM sys.dm_exec_sessions WHERE is_user_process = 1 GROUP BY program_name',
    [{ program_name: 'test', n: 1 }],
  ],
  ["SELECT CASE WHEN IS_MEMBER('db_owner') = 1 THEN 'yes' ELSE 'no' END AS owner", [{ owner: 'yes' }]],
  ["SELECT COUNT(*) AS users FROM sys.database_principals WHERE name = 'deployer'", [{ users: 1 }]],
])('%s', (query, rows) => {
  const { world } = shop();
  expect(ask(world, START, open(world, START), query)).toEqual(rows);
});

test('READ_ONLY: refused while others are in, or ends them; writes are refused with 3906', () => {
  const { world, database } = shop();
  const mine = open(world, START);
  const other = open(world, START);
  expect(() => ask(world, START, mine, 'ALTER DATABASE [shop] SET READ_ONLY WITH NO_WAIT')).toThrow('5070');
  expect(() => ask(world, START, mine, 'alter database [shop] set read_only')).toThrow('does not model');
  ask(world, START, mine, 'ALTER DATABASE CURRENT SET READ_ONLY WITH ROLLBACK AFTER 5 SECONDS');
  expect(isSessionOpen(world, other)).toBe(false);
  expect(statement(world, other, 'SELECT 1', {}, START)).toMatchObject({ number: 596 });
  expect(ask(world, START, mine, 'SELECT is_read_only FROM sys.databases WHERE name = DB_NAME()')).toEqual([
    { is_read_only: true },
  ]);
  const write = statement(world, mine, 'INSERT INTO writes VALUES (@id)', { id: 'w' }, START);
  expect(write).toEqual({ kind: 'content', contentId: database.contentId, readOnly: true });
  expect(
    contentStatement(world, database.contentId, 'INSERT INTO writes VALUES (@id)', { id: 'w' }, 'me', START),
  ).toMatchObject({
    number: 3906,
    message: 'Failed to update database "shop" because the database is read-only.',
  });
});

test('READ_ONLY needs ALTER, and its statement stands alone', () => {
  const { world } = shop({
    users: [{ name: 'deployer', clientId: 'deployer', roles: ['db_datareader'], permissions: [] }],
  });
  const session = open(world, START);
  expect(() => ask(world, START, session, 'ALTER DATABASE shop SET READ_ONLY WITH NO_WAIT')).toThrow('5011');
  expect(() => ask(world, START, session, 'SET NOCOUNT ON; ALTER DATABASE shop SET READ_ONLY WITH NO_WAIT')).toThrow(
    '40530',
  );
  world.sql.injected.push('alter-5061');
  const owner = shop();
  owner.world.sql.injected.push('alter-5061');
  expect(() =>
    ask(owner.world, START, open(owner.world, START), 'ALTER DATABASE shop SET READ_ONLY WITH NO_WAIT'),
  ).toThrow('5061');
});

const TAKE =
  "DECLARE @result int; EXEC @result = sp_getapplock @Resource = @resource, @LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = 0; SELECT @result AS result";
const MODE = "SELECT APPLOCK_MODE(N'public', @resource, N'Session') AS mode";

test('an application lock is one session’s, and free when that session ends', () => {
  const { world } = shop();
  const [first, second] = [open(world, START), open(world, START)];
  const resource = { resource: 'zdd:1' };
  expect(ask(world, START, first, TAKE, resource)).toEqual([{ result: 0 }]);
  expect(ask(world, START, second, TAKE, resource)).toEqual([{ result: -1 }]);
  expect(ask(world, START, first, MODE, resource)).toEqual([{ mode: 'Exclusive' }]);
  expect(ask(world, START, second, MODE, resource)).toEqual([{ mode: 'NoLock' }]);
  ask(world, START, second, `KILL ${first}`);
  expect(ask(world, START, second, TAKE, resource)).toEqual([{ result: 0 }]);
  ask(world, START, second, "EXEC sp_releaseapplock @Resource = @resource, @LockOwner = N'Session'", resource);
  expect(() =>
    ask(world, START, second, "EXEC sp_releaseapplock @Resource = @resource, @LockOwner = N'Session'", resource),
  ).toThrow('1223');
});

test('a global temporary table is one session’s, even in a READ_ONLY database, and goes when that session ends', () => {
  const { world } = shop();
  const [first, second] = [open(world, START), open(world, START)];
  const make = 'CREATE TABLE [##zdd:1] ([held] bit NOT NULL)';
  ask(world, START, first, make);
  expect(() => ask(world, START, second, make)).toThrow('2714');
  logout(world, first, START);
  ask(world, START, second, make);
});

test('variant: application locks are refused on a READ_ONLY database', () => {
  const { world } = shop({ isReadOnly: true });
  const session = open(world, START);
  expect(ask(world, START, session, TAKE, { resource: 'r' })).toEqual([{ result: 0 }]);
  world.variants['applock-refused-read-only'] = true;
  expect(() => ask(world, START, session, TAKE, { resource: 'r' })).toThrow('3906');
});

test('dropping a database ends its sessions', () => {
  const { world } = shop();
  const session = open(world, START);
  arm(world, START, 'DELETE', '/databases/shop');
  expect(isSessionOpen(world, session)).toBe(false);
  expect(tryOpen(world, START + 1)).toMatchObject({ number: 4060 });
});

test('a serverless database pauses without sessions and resumes at a login, which is refused at first', () => {
  const { world, database } = shop({ autoPauseDelay: 60 });
  logout(world, open(world, START), START);
  expect(nextSqlEventAt(world)).toBe(START + 3_600_000);
  advanceSql(world, START + 3_600_000);
  expect(database.status).toBe('Paused');
  const later = START + 4_000_000;
  expect(tryOpen(world, later)).toMatchObject({ number: 40613 });
  expect(arm(world, later + 1000, 'GET', '/databases/shop').body.properties.status).toBe('Resuming');
  open(world, later + 45_000);
});

test('what is about the server and not known fails loudly', () => {
  const { world } = shop();
  const session = open(world, START);
  for (const unknown of [
    'SELECT * FROM sys.dm_os_wait_stats',
    'ALTER DATABASE shop MODIFY NAME = x',
    "SELECT DATABASEPROPERTYEX('shop', 'Version')",
  ]) {
    expect(() => statement(world, session, unknown, {}, START)).toThrow('does not model');
  }
});

test('a statement about the server costs little', () => {
  const { world } = shop();
  const session = open(world, START);
  for (let count = 0; count < 200; count += 1) open(world, START);
  const query = 'SELECT is_read_only FROM sys.databases WHERE name = DB_NAME()';
  ask(world, START, session, query);
  const started = performance.now();
  for (let round = 0; round < 1000; round += 1) statement(world, session, query, {}, START);
  expect((performance.now() - started) / 1000).toBeLessThan(0.5); // ms; 0.02 on an idle machine
});

test('users, their roles and permissions are made as the set-up says, and a copy carries them', () => {
  const { world } = shop();
  Object.assign(world.principals, {
    slot: { clientId: 'slot-id', name: 'app/slots/zdd', objectId: 'o', federated: [], roles: [] },
  });
  const owner = open(world, START);
  expect(tryOpen(world, START, { clientId: 'slot-id' })).toMatchObject({ number: 18456 });
  ask(
    world,
    START,
    owner,
    'CREATE USER [app/slots/zdd] FROM EXTERNAL PROVIDER; ALTER ROLE db_datareader ADD MEMBER [app/slots/zdd]; GRANT VIEW DATABASE STATE TO [app/slots/zdd]',
  );
  const slot = open(world, START, { clientId: 'slot-id' });
  expect(
    ask(
      world,
      START,
      slot,
      "SELECT IS_MEMBER('db_datareader') AS r, IS_MEMBER('db_owner') AS o, COUNT(*) AS n FROM sys.dm_exec_sessions WHERE is_user_process = 1",
    ),
  ).toEqual([{ r: 1, o: 0, n: 2 }]);
  expect(() => ask(world, START, slot, 'DROP USER deployer')).toThrow('15247');
  expect(() => ask(world, START, owner, 'CREATE USER nobody FROM EXTERNAL PROVIDER')).toThrow('33130');
  arm(world, START, 'PUT', '/databases/clone', copyBody());
  open(world, START + 80_000, { clientId: 'slot-id', database: 'clone' });
});
