import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { type Answered, type Caller, callerOn, SCM, SITE } from './web/caller.ts';

/**
 * Sends what the Azure CLI sent to Azure (see __tests__/recordings/README.md) to the model, and compares each answer with
 * the recorded one: status, header names, the form of addresses, and every key of the body with the type of its value.
 */
interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: unknown;
}

/** What the model leaves out or adds on purpose, as paths into the body; each with its reason. */
type Known = Readonly<Record<string, string>>;

const kinds: readonly { readonly file: string; readonly prepare?: (caller: Caller) => void; readonly known?: Known }[] =
  [
    {
      file: 'sql-firewall-rule',
      known: {
        location: 'only versions up to 2014-04-01 have it',
        kind: 'only versions up to 2014-04-01 have it',
        'content-type': 'OData only in versions up to 2014-04-01',
      },
    },
    {
      file: 'sql-db-operations',
      prepare: vCore,
      known: { 'value[].properties.isCancellable': 'versions after 2017 have it' },
    },
    { file: 'sql-db-rename', prepare: nobodyConnected },
    { file: 'sql-db-delete' },
    { file: 'sql-short-term-retention' },
    {
      file: 'sql-db-restore',
      prepare: restored,
      known: { 'properties.availabilityZone': 'versions before 2022-11-01-preview do not have it' },
    },
    { file: 'scm-zip-deploy' },
    { file: 'web-publish-profiles' },
  ];

test.each(kinds)('$file: the model answers as Azure did', ({ file, prepare, known = {} }) => {
  const exchanges = JSON.parse(
    readFileSync(new URL(`../../recordings/${file}.json`, import.meta.url), 'utf8'),
  ) as readonly Exchange[];
  const caller = callerOn();
  prepare?.(caller);
  let poll = Object.keys(caller.world.sql.operations)[0] ?? '';
  for (const exchange of exchanges) {
    const ask = () => caller.send(exchange.method, targetOf(exchange, poll), bodyOf(exchange));
    let answered = ask();
    for (let asked = 0; isTooEarly(exchange, answered) && asked < 500; asked++) {
      caller.wait(5_000);
      answered = ask();
    }
    const where = `${exchange.method} ${exchange.path}`;
    expect([where, answered.status]).toEqual([where, exchange.status]);
    expect([where, differences(exchange, answered, known)]).toEqual([where, []]);
    poll = operationIn(answered) ?? poll;
  }
});

test('a difference between a recording and the model is found', () => {
  const recorded = { responseHeaders: { 'content-type': 'a', etag: 'x' }, responseBody: { a: 1, b: [{ c: 'x' }] } };
  const answered = { headers: { 'content-type': 'b' }, text: '{"a":"1","b":[{"d":"x"}],"e":null}' };
  expect(differences(recorded as never, answered as never, {})).toEqual([
    'header etag: "x", not undefined',
    'header content-type: "a", not "b"',
    'a: number, not string',
    'b[].c: string, not absent',
    'b[].d: absent, not string',
    'e: absent, not null',
  ]);
});

/** A recorded poll that says how it ended came when it had ended. */
function isTooEarly({ method, responseBody }: Exchange, { text }: Answered): boolean {
  return method === 'GET' && /"Succeeded"/.test(JSON.stringify(responseBody)) && /"InProgress"/.test(text);
}

function targetOf({ path, query }: Exchange, operation: string): string {
  const own = path
    .replace(/\/locations\/\w+\//, '/locations/westeurope/')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}(?=$|\/cancel)/, operation);
  const search = new URLSearchParams(query).toString();
  return path.startsWith('/api/') ? `${SCM}${own}?${search}` : `${own}?${search}`;
}

function bodyOf({ requestBody }: Exchange): unknown {
  if (requestBody === 'zip') return zipSync({ 'test.html': new TextEncoder().encode('hello') });
  return requestBody ?? undefined;
}

function operationIn({ headers, text }: Answered): string | undefined {
  const [, id] = /AsyncOperation\/([\w-]+)/.exec(headers['azure-asyncoperation'] ?? '') ?? [];
  return id ?? /operations\/([\w-]+)"/.exec(text)?.[1];
}

function differences(exchange: Exchange, answered: Answered, known: Known): string[] {
  const headers = ['location', 'azure-asyncoperation', 'etag', 'retry-after', 'scm-deployment-id', 'content-type'];
  const found: string[] = [];
  for (const name of headers) {
    const [wanted, had] = [exchange.responseHeaders[name], answered.headers[name]].map(plain);
    if (wanted !== had && known[name] === undefined) {
      found.push(`header ${name}: ${JSON.stringify(wanted)}, not ${JSON.stringify(had)}`);
    }
  }
  if (typeof exchange.responseBody === 'string') return [...found, ...inText(exchange.responseBody, answered.text)];
  const wanted = new Map(types(exchange.responseBody));
  const had = new Map(types(answered.text === '' ? null : JSON.parse(answered.text)));
  for (const path of new Set([...wanted.keys(), ...had.keys()])) {
    const [azure = 'absent', model = 'absent'] = [wanted.get(path), had.get(path)];
    if (azure !== model && known[path] === undefined) found.push(`${path}: ${azure}, not ${model}`);
  }
  return found;
}

/** Addresses without what differs from run to run. */
function plain(value: string | undefined): string | undefined {
  return value
    ?.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>')
    .replace(/\/locations\/\w+\//, '/locations/<region>/')
    .replace(/time=[\d-]+_[\d-]+Z/, 'time=<time>')
    .replace(/\?$/, '');
}

/** Names of elements and attributes, in order. */
function inText(recorded: string, answered: string): string[] {
  const names = (text: string) =>
    [...text.matchAll(/<(\w+)|(\w+)=/g)].map(([, element, attribute]) => element ?? attribute);
  return JSON.stringify(names(recorded)) === JSON.stringify(names(answered)) ? [] : [`${names(answered)}`];
}

function types(value: unknown, path = ''): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((one) => types(one, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [[path, value === null ? 'null' : typeof value]];
  return Object.entries(value).flatMap(([key, one]) => types(one, path === '' ? key : `${path}.${key}`));
}

const DATABASES =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Sql/servers/sql/databases';

/** The recorded database was one of vCores, with 32 GB. */
function vCore(caller: Caller): void {
  const database = caller.world.sql.servers.sql?.databases.shop;
  if (database === undefined) throw new Error('The world has no database.');
  database.sku = { name: 'GP_Gen5', tier: 'GeneralPurpose', family: 'Gen5', capacity: 2 };
}

function nobodyConnected(caller: Caller): void {
  caller.send('POST', `${SITE}/stop`);
}

/** A restore into a pool, under way. */
function restored(caller: Caller): void {
  const server = caller.world.sql.servers.sql;
  if (server === undefined) throw new Error('The world has no server.');
  server.elasticPools.pool1 = {
    name: 'pool1',
    sku: { name: 'GP_Gen5', tier: 'GeneralPurpose', family: 'Gen5', capacity: 2 },
  };
  vCore(caller);
  const database = server.databases.shop;
  if (database !== undefined) database.licenseType = 'LicenseIncluded';
  const elasticPoolId = `${DATABASES.replace('/databases', '/elasticPools/pool1')}`;
  const properties = {
    createMode: 'PointInTimeRestore',
    sourceDatabaseId: `${DATABASES}/shop`,
    restorePointInTime: new Date(caller.now() - 600_000).toISOString(),
    elasticPoolId,
  };
  caller.send('PUT', `${DATABASES}/restored`, { location: 'westeurope', properties });
}
