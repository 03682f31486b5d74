import 'reflect-metadata'; // @peculiar/x509 needs it before it is loaded
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { Connection, type ConnectionConfiguration, Request, TYPES } from 'tedious';
import { contentEngine } from '../../../simulator/content/engine.ts';
import { contentStore } from '../../../simulator/content/store.ts';
import { isSessionOpen } from '../../../simulator/model/sql/sessions.ts';
import { sqlHandler } from '../../../simulator/tds/handler.ts';
import { startTds, type TdsServer } from '../../../simulator/tds/server.ts';
import { type Shop, START, shop } from '../model/sql/shop.ts';

export interface TdsLab extends Shop {
  readonly server: Shop['server'];
  readonly tds: TdsServer;
  /** Statements that were refused as not modelled. */
  readonly unmodelled: string[];
  /** What clients must trust. */
  readonly certificateFile: string;
  /** The address that the firewall sees next. */
  address: string;
  connect(options?: {
    authentication?: ConnectionConfiguration['authentication'];
    database?: string;
    /** TDS 8. */
    strict?: boolean;
  }): Promise<Connection>;
  /** Ends the sockets of sessions that were killed. */
  sweep(): void;
  close(): Promise<void>;
  /** The simulated instant; can be set later. */
  now: number;
}

/** A shop behind a TDS listener of its own, for one test file. */
export async function tdsLab(): Promise<TdsLab> {
  const { world, server, database } = shop();
  const directory = mkdtempSync(join(tmpdir(), 'tds-'));
  const engine = contentEngine(contentStore((id) => world.sql.contents[id]?.from));
  const unmodelled: string[] = [];
  const state = { address: '20.50.2.1', now: START };
  const handler = sqlHandler({
    change: (act) => {
      state.now += 1;
      return act(world, state.now);
    },
    engine,
    clientOf: async (token) =>
      token.startsWith('token of ') ? { clientId: token.slice(9) } : { refused: 'unknown token' },
    addressOf: () => state.address,
    onUnmodelled: (what) => unmodelled.push(what),
  });
  const tls = await certificate();
  const certificateFile = join(directory, 'certificate.pem');
  writeFileSync(certificateFile, tls.cert);
  const tds = await startTds({ tls, handler });
  const connections: Connection[] = [];
  return {
    world,
    server,
    database,
    tds,
    unmodelled,
    certificateFile,
    get address() {
      return state.address;
    },
    set address(address: string) {
      state.address = address;
    },
    async close() {
      for (const connection of connections) connection.close();
      await tds.close();
      engine.close();
      rmSync(directory, { recursive: true });
    },
    get now() {
      return state.now;
    },
    set now(now: number) {
      state.now = now;
    },
    sweep: () => tds.sweep((sessionId) => isSessionOpen(world, sessionId)),
    async connect(options = {}) {
      const connection = await open(tds.port, { ...options, ca: tls.cert });
      connection.on('error', () => undefined); // a killed session's socket ends
      connections.push(connection);
      return connection;
    },
  };
}

function open(
  port: number,
  options: {
    authentication?: ConnectionConfiguration['authentication'];
    database?: string;
    strict?: boolean;
    ca: string;
  },
): Promise<Connection> {
  const connection = new Connection({
    server: 'localhost',
    authentication: options.authentication ?? { type: 'default', options: { userName: 'admin123', password: 'p' } },
    options: {
      port,
      database: options.database ?? 'shop',
      encrypt: options.strict ? 'strict' : true,
      cryptoCredentialsDetails: { ca: options.ca },
      trustServerCertificate: true,
      appName: 'lab',
      maxRetriesOnTransientErrors: 0,
    },
  });
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve(connection)));
  });
}

export interface Answer {
  readonly rows: Record<string, unknown>[];
  readonly types: string[];
  readonly rowCount: number | undefined;
  readonly outputs: Record<string, unknown>;
}

/** Runs a statement: with parameters as sp_executesql, without as a batch; or as what `how` says. */
export function run(
  connection: Connection,
  text: string,
  parameters: Record<string, unknown> = {},
  how?: 'execSqlBatch' | 'callProcedure',
): Promise<Answer> {
  const rows: Record<string, unknown>[] = [];
  const outputs: Record<string, unknown> = {};
  let types: string[] = [];
  return new Promise((resolve, reject) => {
    const request = new Request(text, (error, rowCount) =>
      error ? reject(error) : resolve({ rows, types, rowCount, outputs }),
    );
    request.on('columnMetadata', (columns) => {
      types = (Array.isArray(columns) ? columns : Object.values(columns)).map((column) => column.type.name);
    });
    request.on('row', (columns: { metadata: { colName: string }; value: unknown }[]) => {
      rows.push(Object.fromEntries(columns.map((column) => [column.metadata.colName, column.value])));
    });
    request.on('returnValue', (name, value) => {
      outputs[name] = value;
    });
    for (const [name, value] of Object.entries(parameters)) request.addParameter(name, typeFor(value), value);
    connection[how ?? 'execSql'](request);
  });
}

function typeFor(value: unknown) {
  if (typeof value === 'boolean') return TYPES.Bit;
  if (typeof value === 'number') return Number.isInteger(value) ? TYPES.Int : TYPES.Float;
  if (typeof value === 'bigint') return TYPES.BigInt;
  if (value instanceof Date) return TYPES.DateTime2;
  if (value instanceof Uint8Array) return TYPES.VarBinary;
  return TYPES.NVarChar;
}

async function certificate(): Promise<{ key: string; cert: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    keys,
    signingAlgorithm: algorithm,
  });
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return { key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`, cert: cert.toString('pem') };
}
