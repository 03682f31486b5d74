import { DURATIONS } from '../../../../simulator/model/create-world.ts';
import { request } from '../../../../simulator/model/model.ts';
import { addDatabase, addServer, emptySqlWorld } from '../../../../simulator/model/sql/create.ts';
import { type LoginRequest, login, rowObjects, statement } from '../../../../simulator/model/sql/sessions.ts';
import type { Database, SqlServer } from '../../../../simulator/model/sql/state.ts';
import { emptyWebWorld } from '../../../../simulator/model/web/create.ts';
import type { Principal, World } from '../../../../simulator/model/world.ts';
import type { SqlRow, SqlValue } from '../../../../src/ports.ts';
import { versionFor } from '../versions.ts';

export const START = Date.UTC(2026, 10, 2, 9, 0, 0);
const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
export const SERVER = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Sql/servers/srv`;
export const RUNNER = '203.0.113.5';
export const APP = '20.50.2.1';

export interface Shop {
  readonly world: World;
  readonly server: SqlServer;
  readonly database: Database;
}

/** A world with one server and the database `shop`, without apps. */
export function shop(overrides: Partial<Database> = {}): Shop {
  const world: World = {
    tenantId: '11111111-1111-1111-1111-111111111111',
    subscriptionId: SUBSCRIPTION,
    location: 'westeurope',
    resourceGroups: { rg: { name: 'rg', location: 'westeurope', tags: {} } },
    principals: { deployer: DEPLOYER },
    storageAccounts: {},
    web: emptyWebWorld({ instances: 'abstract' }),
    sql: emptySqlWorld(),
    variants: {},
    durations: { ...DURATIONS, ...SHORT },
    nextId: 1,
  };
  const server = addServer(world, {
    name: 'srv',
    resourceGroup: 'rg',
    administratorLogin: 'admin123',
    administratorPassword: 'p',
    entraAdministrator: 'somebody',
  });
  const database = addDatabase(
    world,
    server,
    {
      name: 'shop',
      users: [
        { name: 'deployer', clientId: 'deployer', roles: ['db_owner'], permissions: [] },
        { name: 'app', password: 'a', roles: ['db_datareader', 'db_datawriter'], permissions: [] },
      ],
      ...overrides,
    },
    START,
  );
  return { world, server, database };
}

const DEPLOYER: Principal = {
  clientId: 'deployer',
  objectId: 'deployer-object',
  name: 'deployer',
  federated: [],
  roles: [{ scope: `/subscriptions/${SUBSCRIPTION}`, actions: ['*'], notActions: [] }],
};

const SHORT = { copy: 80_000, restore: 200_000, move: 12_000, drop: 15_000, tagWrite: 4000, firewall: 2000 };

export interface ArmAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ArmBody;
}

/** What the tests look at in bodies; which of it is there depends on the request. */
export interface ArmBody {
  readonly operation: string;
  readonly status: string;
  readonly startTime: string;
  readonly error: { readonly code: string; readonly message: string };
  readonly name: string;
  readonly tags?: Record<string, string>;
  readonly properties: Record<string, string | number | boolean | undefined> & {
    readonly tags?: Record<string, string>;
  };
  readonly value: ArmBody[];
}

/** Sends an ARM request; `path` is below the server unless it is a whole URL. */
export function arm(world: World, now: number, method: string, path: string, body?: unknown): ArmAnswer {
  const url = path.startsWith('https:')
    ? path
    : `https://management.azure.com${path.startsWith('/subscriptions') ? '' : SERVER}${path}`;
  const answer = request(
    world,
    {
      method,
      url: url.includes('api-version') ? url : `${url}?api-version=${versionFor(url)}`,
      headers: {},
      from: RUNNER,
      clientId: DEPLOYER.clientId,
      ...(body === undefined ? {} : { body: new TextEncoder().encode(JSON.stringify(body)) }),
    },
    now,
  );
  const text = new TextDecoder().decode(answer.body);
  return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
}

export function copyBody(extra: object = {}, tags: Record<string, string> = { by: 'test' }): unknown {
  return {
    location: 'westeurope',
    tags,
    properties: { createMode: 'Copy', sourceDatabaseId: `${SERVER}/databases/shop`, ...extra },
  };
}

/** Logs in; throws the fault when refused. */
export function open(world: World, now: number, who: Partial<LoginRequest> = {}): number {
  const answer = tryOpen(world, now, who);
  if (answer.kind === 'fault') throw new Error(`${answer.number} ${answer.message}`);
  return answer.sessionId;
}

/** `clientId: undefined`: by user and password. */
export function tryOpen(
  world: World,
  now: number,
  who: Partial<Omit<LoginRequest, 'clientId'>> & { clientId?: string | undefined } = {},
): ReturnType<typeof login> {
  const { clientId = 'clientId' in who ? undefined : 'deployer', ...rest } = who;
  return login(
    world,
    {
      host: 'srv.database.windows.net',
      database: 'shop',
      ...(clientId === undefined ? {} : { clientId }),
      from: APP,
      hostName: 'host',
      programName: 'test',
      hostProcessId: 42,
      ...rest,
    },
    now,
  );
}

/** Runs a statement about the server and gives its rows; throws faults and content. */
export function ask(
  world: World,
  now: number,
  session: number,
  sql: string,
  parameters: Record<string, SqlValue> = {},
): SqlRow[] {
  const result = statement(world, session, sql, parameters, now);
  if (result.kind === 'rows') return rowObjects(result);
  throw new Error(result.kind === 'fault' ? `${result.number} ${result.message}` : `content: ${sql}`);
}
