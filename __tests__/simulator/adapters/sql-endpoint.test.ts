import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { ClientSecretCredential } from '@azure/identity';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { Connection, type ConnectionConfiguration, Request } from 'tedious';
import { type Simulator, startSimulator } from '../../../simulator/adapters/simulator.ts';
import { tinyFiles } from './tiny-app.ts';

type Authentication = NonNullable<ConnectionConfiguration['authentication']>;

const RUNNER = '203.0.113.7';
const SEED = `CREATE TABLE Orders (Id int NOT NULL PRIMARY KEY, At datetime2 NOT NULL);
INSERT INTO Orders (Id, At) VALUES (1, SYSUTCDATETIME());`;
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({
    timeScale: 60,
    package: zipSync(tinyFiles()),
    seedSql: SEED,
    callers: { '127.0.0.1': RUNNER },
  });
});

afterAll(async () => {
  expect(simulator.unmodelled).toEqual([]);
  await simulator.stop();
});

test('the firewall refuses a runner whose address no rule lets in, and names that address', async () => {
  await expect(query(password(), 'SELECT 1 AS one')).rejects.toThrow(
    `Client with IP address '${RUNNER}' is not allowed`,
  );
});

test('apps come from an address of Azure: the port in their environment lets them in without a rule', async () => {
  const port = await portInEnvironment();
  expect(port).not.toBe(simulator.ready.sqlPort);
  expect(await query(password(), 'SELECT COUNT(*) AS orders FROM Orders', port)).toEqual([[1]]);
});

test('a password and a token for Azure SQL sign in; another token does not', async () => {
  letRunnerIn();
  expect(await query(password(), 'SELECT Id FROM Orders')).toEqual([[1]]);
  expect(await query(token(await accessToken('https://database.windows.net')), 'SELECT DB_NAME() AS name')).toEqual([
    ['shop'],
  ]);
  const forArm = token(await accessToken('https://management.azure.com'));
  await expect(query(forArm, 'SELECT 1 AS one')).rejects.toThrow('Login failed');
});

test('the server tells simulated time', async () => {
  letRunnerIn();
  const [[told]] = (await query(password(), 'SELECT SYSUTCDATETIME() AS now')) as [[Date]];
  expect(Math.abs(told.getTime() - simulator.now())).toBeLessThan(60_000);
  expect(simulator.now() - Date.now()).toBeGreaterThan(1_000);
});

test('a killed session loses its connection', async () => {
  letRunnerIn();
  const connection = await connect(password(), simulator.ready.sqlPort);
  const ended = new Promise<void>((resolve) => connection.once('end', () => resolve()));
  simulator.change(({ sql }) => {
    for (const id of Object.keys(sql.sessions)) delete sql.sessions[Number(id)];
  });
  await ended;
});

function letRunnerIn(): void {
  simulator.change(({ sql }) => {
    const server = sql.servers[simulator.ready.sqlServer];
    if (server) {
      server.firewallRules.runner = { name: 'runner', startIpAddress: RUNNER, endIpAddress: RUNNER, effectiveAt: 0 };
    }
  });
}

function password(): Authentication {
  return { type: 'default', options: { userName: simulator.ready.sqlUser, password: simulator.ready.sqlPassword } };
}

function token(value: string): Authentication {
  return { type: 'azure-active-directory-access-token', options: { token: value } };
}

async function accessToken(resource: string): Promise<string> {
  const { ready } = simulator;
  const credential = new ClientSecretCredential(ready.tenantId, ready.clientId, ready.clientSecret, {
    authorityHost: ready.authority,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: readFileSync(ready.caFile) },
  });
  return (await credential.getToken(`${resource}/.default`)).token;
}

/** The tiny app shows the connection string that it was given. */
function portInEnvironment(): Promise<number> {
  const ca = readFileSync(simulator.ready.caFile);
  return new Promise((resolve, reject) => {
    get(simulator.ready.productionUrl, { ca, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(Number(/localhost,(\d+);/.exec(JSON.parse(text).database)?.[1])));
    }).once('error', reject);
  });
}

async function query(authentication: Authentication, sql: string, port = simulator.ready.sqlPort): Promise<unknown[]> {
  const connection = await connect(authentication, port);
  try {
    return await new Promise((resolve, reject) => {
      const rows: unknown[] = [];
      const request = new Request(sql, (error) => (error ? reject(error) : resolve(rows)));
      request.on('row', (columns: { value: unknown }[]) => rows.push(columns.map(({ value }) => value)));
      connection.execSql(request);
    });
  } finally {
    connection.close();
  }
}

function connect(authentication: Authentication, port: number): Promise<Connection> {
  const ca = readFileSync(simulator.ready.caFile, 'utf8');
  const connection = new Connection({
    server: 'localhost',
    authentication,
    options: { port, database: 'shop', encrypt: true, cryptoCredentialsDetails: { ca } },
  });
  connection.on('error', () => {});
  return new Promise((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve(connection))));
}
