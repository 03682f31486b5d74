import { expect, test } from '@jest/globals';
import {
  firewallRuleName,
  mayOpenRules,
  type OpenedRule,
  type SqlAccessOptions,
  type SqlServer,
  sqlAccess,
} from '../../src/azure/sql-access.ts';
import { type SqlConnection, SqlError, type SqlTarget } from '../../src/ports.ts';
import { answer, answersInTurn, bench } from './support.ts';

const server = {
  id: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/srv',
  name: 'srv',
  hostName: 'srv.database.windows.net',
  names: ['srv', 'srv.database.windows.net'],
  minimalTlsVersion: '1.2',
  location: 'westeurope',
  publicNetworkAccess: 'Enabled',
  privateEndpoint: false,
  opensRules: true,
};
const connection: SqlConnection = { query: async () => [], close: async () => undefined };
const refusedFrom = (address: string) =>
  new SqlError(
    40615,
    `Cannot open server 'srv' requested by the login. Client with IP address '${address}' is not allowed to access the server.`,
  );

/** Access to a server that answers logins in this order, the last one for ever. */
async function access(
  logins: (SqlError | 'in')[],
  { login, ...differences }: Partial<Pick<SqlAccessOptions, 'login'> & SqlServer> = {},
  before: Parameters<typeof answersInTurn> = [],
) {
  const rule = answer(201, {});
  const send = answersInTurn(...before, rule, rule, rule, rule);
  const { arm, clock, log } = await bench(send);
  const targets: SqlTarget[] = [];
  const opening: OpenedRule[] = [];
  const sql = sqlAccess({
    arm,
    clock,
    log,
    place: (name) => ({ server: { ...server, ...differences }, name }),
    login,
    sql: {
      async connect(target) {
        targets.push(target);
        const outcome = logins[Math.min(targets.length, logins.length) - 1];
        if (outcome instanceof SqlError) throw outcome;
        return connection;
      },
    },
    programName: 'zdd-action',
    ruleName: () => `zdd-d-1-1-${opening.length}`,
    onOpening: (opened) => {
      // Remembered before it exists: a run killed in between must still close it.
      expect(send.sent).toHaveLength(opening.length);
      opening.push(opened);
    },
  });
  return { sql, targets, opening, send, clock };
}

test('a login must carry a token for databases and our program name', async () => {
  const { sql, targets, send } = await access(['in'], { port: 4000 });
  expect(await sql.open('shop', true)).toBe(connection);
  expect(targets).toEqual([
    {
      host: 'srv.database.windows.net',
      port: 4000,
      database: 'shop',
      programName: 'zdd-action',
      login: { kind: 'token', token: 'the-token' },
    },
  ]);
  expect(send.sent).toEqual([]);
});

test('a server that asks for TLS 1.3 must be spoken to in TDS 8, and no other', async () => {
  const { sql, targets } = await access(['in'], { minimalTlsVersion: '1.3' });
  await sql.open('shop', true);
  expect(targets).toMatchObject([{ encrypt: 'strict' }]);
});

test('a refused address, and only it, must be let in once, and shut out at the end', async () => {
  const { sql, opening, send } = await access([refusedFrom('203.0.113.7'), refusedFrom('203.0.113.7'), 'in']);
  await sql.open('shop', true);
  expect(opening).toEqual([{ serverId: server.id, name: 'zdd-d-1-1-0' }]);
  expect(send.sent).toHaveLength(1);
  expect(send.sent[0]).toMatchObject({
    method: 'PUT',
    url: `https://management.azure.com${server.id}/firewallRules/zdd-d-1-1-0?api-version=2023-08-01`,
    body: JSON.stringify({ properties: { startIpAddress: '203.0.113.7', endIpAddress: '203.0.113.7' } }),
  });
  await sql.closeFirewall();
  await sql.closeFirewall();
  expect(send.sent.map(({ method }) => method)).toEqual(['PUT', 'DELETE']);
});

test('a runner behind several addresses must be let in from each', async () => {
  const { sql, opening, send } = await access([refusedFrom('203.0.113.7'), refusedFrom('203.0.113.8'), 'in']);
  await sql.open('shop', true);
  expect(opening).toHaveLength(2);
  await sql.closeFirewall();
  expect(send.sent.filter(({ method }) => method === 'DELETE')).toHaveLength(2);
});

test('a phase that only reads must open nothing', async () => {
  const { sql, opening, send } = await access([refusedFrom('203.0.113.7')]);
  await expect(sql.open('shop', false)).rejects.toMatchObject({
    azure: { code: 'SQL 40615' },
    next: expect.stringContaining('opens no firewall rule'),
  });
  expect([...opening, ...send.sent]).toEqual([]);
});

test('where no rule may be opened, none is, and the message says what to do', async () => {
  const { sql, opening, send } = await access([refusedFrom('203.0.113.7')], { opensRules: false });
  await expect(sql.open('shop', true)).rejects.toMatchObject({
    next: expect.stringContaining('set open-firewall: true'),
  });
  expect([...opening, ...send.sent]).toEqual([]);
});

test.each([
  [undefined, false, true],
  [undefined, true, false],
  [true, true, true],
  [false, false, false],
])('with open-firewall %s and a private endpoint %s, rules are opened: %s', (openFirewall, privateEndpoint, opens) => {
  expect(mayOpenRules({ openFirewall }, { privateEndpoint })).toBe(opens);
});

test.each([
  [
    'is busy',
    answer(409, { error: { code: 'ConflictingDatabaseOperation', message: 'An operation is in progress.' } }),
  ],
  ['has trouble', answer(503, {})],
  ['does not answer', new Error('read ECONNRESET')],
])('where Azure %s for a moment, the rule is put again', async (_what, weather) => {
  const { sql, opening, send } = await access([refusedFrom('203.0.113.7'), 'in'], {}, [weather]);
  expect(await sql.open('shop', true)).toBe(connection);
  expect([opening.length, send.sent.map(({ method }) => method)]).toEqual([1, ['PUT', 'PUT']]);
});

test('a firewall that never opens must end the wait after five minutes', async () => {
  const { sql, clock } = await access([refusedFrom('203.0.113.7')]);
  const startedAt = clock.now();
  await expect(sql.open('shop', true)).rejects.toThrow('not allowed to access the server');
  expect(clock.now() - startedAt).toBeGreaterThanOrEqual(300_000);
  expect(clock.now() - startedAt).toBeLessThan(330_000);
});

test('a paused database must be woken', async () => {
  const paused = new SqlError(40613, "Database 'shop' on server 'srv' is not currently available.");
  const { sql, targets } = await access([paused, paused, 'in']);
  expect(await sql.open('shop', true)).toBe(connection);
  expect(targets).toHaveLength(3);
});

test.each([
  [new SqlError(18456, "Login failed for user '<token-identified principal>'."), {}, 'CREATE USER'],
  [new SqlError(18456, "Login failed for user 'me'."), { login: { user: 'me', password: 'x' } }, 'input sql-access'],
  [new SqlError(0, 'getaddrinfo ENOTFOUND', { noConnection: 'no-such-host' }), {}, 'private DNS zone'],
  [new SqlError(0, 'altnames', { noConnection: 'certificate' }), {}, 'NODE_EXTRA_CA_CERTS'],
  [new SqlError(0, 'protocol version', { noConnection: 'tls' }), {}, 'minimal TLS version'],
  [new SqlError(47072, 'Login failed with invalid TLS version.'), {}, 'minimal TLS version'],
  [new SqlError(47073, 'Deny Public Network Access is set to Yes.'), {}, 'private endpoint'],
])('a login that cannot get better must fail at once and say what to do: %s', async (error, more, advice) => {
  const { sql, targets } = await access([error], more);
  await expect(sql.open('shop', true)).rejects.toMatchObject({ next: expect.stringContaining(advice) });
  expect(targets).toHaveLength(1);
});

test('a rule must be named so that no other job has it', () => {
  expect(firewallRuleName('20260101-ab12c', '77', 2, 'x9')).toBe('zdd-20260101-ab12c-77-2-x9');
  expect(firewallRuleName('', '', 1, 'x9')).toBe('zdd-none-local-1-x9');
});

test('a host that hangs up is asked for a minute and no longer, and it is said where to look', async () => {
  const { sql, clock } = await access([new SqlError([], 'Connection lost - socket hang up')]);
  const startedAt = clock.now();
  await expect(sql.open('shop', true)).rejects.toMatchObject({
    next: expect.stringMatching(/ports 1433 and 11000 to 11999.*a proxy, also one that takes nothing below TLS 1\.3/),
  });
  expect(clock.now() - startedAt).toBeLessThan(75_000);
});
