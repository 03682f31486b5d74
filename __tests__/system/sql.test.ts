import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Certificates, makeCertificates } from '../../simulator/adapters/certificates.ts';
import { cannotOpen } from '../../simulator/model/sql/faults.ts';
import type { TdsHandler, TdsLogin, TdsOutcome, TdsValue } from '../../simulator/tds/handler-contract.ts';
import { startTds, type TdsServer } from '../../simulator/tds/server.ts';
import { SqlError } from '../../src/ports.ts';
import { noConnection } from '../../src/system/no-connection.ts';
import { sql } from '../../src/system/sql.ts';

const logins: TdsLogin[] = [];
const statements: { sql: string; parameters: Record<string, TdsValue> }[] = [];

/** Lets everybody into `shop`, answers each SELECT with one row, and refuses where it is told to. */
const handler: TdsHandler = {
  async login(request) {
    logins.push(request);
    if (request.database === 'closed') {
      const message =
        "Cannot open server 'srv' requested by the login. Client with IP address '203.0.113.7' is not allowed";
      return { kind: 'fault', number: 40615, class: 14, state: 1, message };
    }
    if (request.database === 'gone') return cannotOpen('gone');
    return { kind: 'session', sessionId: 51, database: request.database, server: 'srv' };
  },
  async statement(_session, statement, parameters) {
    const values = Object.entries(parameters ?? {}).map(([name, { value }]) => [name, value] as const);
    statements.push({ sql: statement, parameters: Object.fromEntries(values) });
    if (statement === 'REFUSE') {
      const message = 'Failed to update database "shop" because the database is read-only.';
      const second = { kind: 'fault', number: 3621, class: 16, state: 1, message: 'It has been terminated.' } as const;
      return { parts: [{ kind: 'fault', number: 3906, class: 16, state: 1, message }, second], openTransactions: 0 };
    }
    // The driver's own settings right after login.
    if (!statement.startsWith('SELECT')) return { parts: [], openTransactions: 0 };
    return outcome({
      kind: 'rows',
      columns: [
        { name: 'said', type: 'nvarchar' },
        { name: 'flag', type: 'bit' },
        { name: 'none', type: 'int' },
        { name: 'bytes', type: 'varbinary' },
      ],
      rows: [[statement, true, null, new Uint8Array([1, 255])]],
    });
  },
  reset: () => undefined,
  logout: () => undefined,
};

function outcome(part: TdsOutcome['parts'][number]): TdsOutcome {
  return { parts: [part], openTransactions: 0 };
}

let certificates: Certificates;
let server: TdsServer;
let directory = '';
beforeAll(async () => {
  certificates = await makeCertificates();
  server = await startTds({ tls: certificates, handler });
  directory = mkdtempSync(join(tmpdir(), 'sql-'));
  writeFileSync(join(directory, 'ca.pem'), certificates.ca);
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

/** What {@link ./ask-server.ts} prints, with or without trust in the server's authority. */
async function asked(database: string, trusted: boolean, host = 'localhost', encrypt = ''): Promise<unknown> {
  const script = fileURLToPath(new URL('./ask-server.ts', import.meta.url));
  const env = { PATH: process.env.PATH, ...(trusted ? { NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem') } : {}) };
  const printed = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [script, String(server.port), database, host, encrypt], { env }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });
  return JSON.parse(printed);
}

test('statements must reach the server typed, one after the other, and come back as rows or as its error', async () => {
  const row = { said: 'SELECT everything', flag: true, none: null, bytes: '0x01ff' };
  expect(await asked('shop', true)).toEqual({
    row,
    refused: {
      numbers: [3906, 3621],
      message: 'Failed to update database "shop" because the database is read-only.; It has been terminated.',
    },
    both: [[{ ...row, said: 'SELECT first' }], [{ ...row, said: 'SELECT second' }]],
    closed: { numbers: [0], message: 'The connection to the database was closed.' },
  });
  expect(logins.at(-1)).toMatchObject({ database: 'shop', programName: 'zdd-action', token: 'the-token' });
  expect(statements.find(({ sql: said }) => said === 'SELECT everything')?.parameters).toEqual({
    text: "O'Neil ü",
    whole: 7,
    broken: 1.5,
    large: 9_007_199_254_740_993n,
    yes: true,
    when: new Date('2026-01-02T03:04:05.678Z'),
    nothing: null,
  });
});

test('a refused login must carry the number of the server, which the driver leaves out', async () => {
  expect(await asked('closed', true)).toEqual({
    numbers: [40615],
    message: expect.stringContaining("IP address '203.0.113.7'"),
  });
});

test('every error of one answer must be told: a database that is not there comes with a login that failed', async () => {
  expect(await asked('gone', true)).toMatchObject({ numbers: [4060, 18456] });
});

test('a server whose certificate nobody vouches for must not get a login', async () => {
  const before = logins.length;
  expect(await asked('shop', false)).toMatchObject({ numbers: [0], message: expect.stringMatching(/certificate/i) });
  expect(logins).toHaveLength(before);
});

/** 127.0.0.1 as old resolvers read it: a name that the certificate does not carry. */
const ANOTHER_NAME = '127.1';

test.each(['', 'strict'])(
  'a certificate that is of another name, or of nobody, is no weather (encrypt: %s)',
  async (encrypt) => {
    expect(await asked('shop', true, ANOTHER_NAME, encrypt)).toMatchObject({
      numbers: [0],
      noConnection: 'certificate',
    });
    expect(await asked('shop', false, 'localhost', encrypt)).toMatchObject({
      numbers: [0],
      noConnection: 'certificate',
    });
  },
);

test('a server that asks for TLS 1.3 gets it by TDS 8, and by nothing else', async () => {
  expect(await asked('shop', true, 'localhost', 'strict')).toMatchObject({ refused: { numbers: [3906, 3621] } });
  expect(logins.at(-1)).toMatchObject({ tls: '1.3', token: 'the-token' });
  await asked('shop', true);
  expect(logins.at(-1)).toMatchObject({ tls: '1.2' });
});

test.each([
  [{ code: 'ENOTFOUND' }, 'no-such-host'],
  [{ code: 'EAI_AGAIN' }, undefined],
  [{ code: 'ECONNREFUSED' }, undefined],
  [{ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' }, 'tls'],
] as const)('what %j below the error of the driver means', (below, expected) => {
  const part = Object.assign(new Error('below'), below);
  const socket = Object.assign(new Error('Failed to connect', { cause: part }), { code: 'ESOCKET' });
  expect(noConnection(socket)).toBe(expected);
  expect(noConnection(new AggregateError([part]))).toBe(expected);
});

test('a server that cannot be reached must be an error of the connection, not of SQL Server', async () => {
  const silent = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const login = { kind: 'password', user: 'me', password: 'x' } as const;
  const target = { host: '127.0.0.1', port, database: 'shop', programName: 'zdd-action', login };
  const failure: unknown = await sql.connect(target).catch((error: unknown) => error);
  silent.close();
  expect(failure).toBeInstanceOf(SqlError);
  expect(failure).toMatchObject({ number: 0, message: expect.stringMatching(/./) });
});
