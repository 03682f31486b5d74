import { describe, expect, test } from '@jest/globals';
import { type SqlConnection, SqlError } from '../../src/ports.ts';
import { begin, databases, packageOf, production } from './trial.ts';
import { deploy } from './zoo.ts';

test.each([
  ['settings, and the status of a swap, show half a minute late', 'settings-late'],
  ['a list of databases shows a new one only after minutes', 'list-lags'],
  ['a write of both sets of settings leaves connection strings as they were', 'patch-leaves-connection-strings'],
] as const)('when %s, a deployment goes to its end', async (_what, variant) => {
  const { ended, visitors } = await deploy({ variants: [variant] });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});

test('a tag write that Azure accepts and loses is sent again, and costs a minute and not the phase', async () => {
  let lost = 0;
  const ready = begin();
  await ready.through('clone', 'read-only');
  const trial = begin(
    {},
    {
      world: ready.world,
      clock: ready.clock,
      around: (ports) => ({
        ...ports,
        async send(request, signal) {
          const isIntent = request.method === 'PATCH' && /zdd-swap-intent/.test(String(request.body));
          if (!isIntent || lost > 0) return ports.send(request, signal);
          lost += 1;
          return { status: 202, headers: {}, body: new Uint8Array() };
        },
      }),
    },
  );
  const { failure } = await trial.run('switch');
  expect([lost, failure]).toEqual([1, undefined]);
});

describe('what a phase must know before it changes anything', () => {
  const UNAVAILABLE = new SqlError(40613, 'The database is not currently available.');
  const isReplication = (url: string) => /replicationLinks/.test(url);

  test('clone copies nothing as long as nobody can tell who is in the originals', async () => {
    const { trial, heal } = inWeather({ sql: UNAVAILABLE });
    const { failure } = await trial.run('clone');
    expect([failure?.kind, failure?.happened]).toEqual(['failed', expect.stringContaining('not currently available')]);
    expect(databases(trial).map(({ name }) => name)).toEqual(['shop']);
    heal();
    await trial.through('clone');
  });

  test.each(['clone', 'switch'])('%s goes no further as long as Azure cannot say what is replicated', async (phase) => {
    const { trial, begins, heal } = inWeather({ broken: isReplication });
    heal();
    if (phase === 'switch') await trial.through('clone', 'read-only');
    const before = databases(trial).length;
    begins();
    const { failure } = await trial.run(phase);
    expect([failure?.kind, failure?.happened]).toEqual(['failed', expect.stringMatching(/500/)]);
    expect([databases(trial).length, production(trial)]).toEqual([before, { version: '1', reads: 200, writes: 201 }]);
    heal();
    await trial.through(phase);
  });

  function inWeather({ sql, broken = () => false }: { sql?: SqlError; broken?: (url: string) => boolean }) {
    let bad = true;
    const answer = {
      status: 500,
      headers: {},
      body: new TextEncoder().encode('{"error":{"code":"InternalServerError"}}'),
    };
    const trial = begin(
      {},
      {
        around: (ports) => ({
          ...ports,
          send: async (request, signal) => (bad && broken(request.url) ? answer : ports.send(request, signal)),
          sql: {
            async connect(target) {
              if (bad && sql) throw sql;
              return ports.sql.connect(target);
            },
          },
        }),
      },
    );
    return {
      trial,
      begins() {
        bad = true;
      },
      heal() {
        bad = false;
      },
    };
  }
});

test('what does not last is given time, then named, and not done for ever', async () => {
  const ready = begin();
  await ready.through('clone');
  let writes = 0;
  const trial = begin(
    {},
    {
      world: ready.world,
      clock: ready.clock,
      around: (ports) => ({
        ...ports,
        async send(request, signal) {
          const answer = await ports.send(request, signal);
          if (!/slots\/zdd-readonly\/config\/appsettings/.test(request.url)) return answer;
          if (request.method === 'PUT') writes += 1;
          if (request.method !== 'POST') return answer;
          const body = JSON.parse(new TextDecoder().decode(answer.body));
          body.properties.SOMEBODY_ELSES = 'value';
          return { ...answer, body: new TextEncoder().encode(JSON.stringify(body)) };
        },
      }),
    },
  );
  const startedAt = trial.clock.now();
  const { failure } = await trial.run('read-only');
  expect(failure?.kind).toBe('drifted');
  expect(failure?.happened).toMatch(/has done this \d+ times, and it does not last: .*zdd-readonly/);
  expect(writes).toBeLessThan(15);
  expect(trial.clock.now() - startedAt).toBeGreaterThan(120_000);
});

const OUT_OF_MEMORY = new SqlError(701, 'There is insufficient system memory to run this query.');

test.each([
  ['has no memory for a moment', OUT_OF_MEMORY, 0],
  ['refuses them on a read-only database', new SqlError([50000, 3906], 'It is read-only.'), 1],
])('where the server %s the lease is not held in two ways', async (_what, error, tables) => {
  const ready = begin();
  await ready.through('clone', 'read-only');
  const asked: string[] = [];
  let refused = 0;
  const trial = begin(
    {},
    {
      world: ready.world,
      clock: ready.clock,
      around: (ports) => ({
        ...ports,
        sql: {
          async connect(target) {
            const { query, close } = await ports.sql.connect(target);
            const meets: SqlConnection['query'] = async (statement, parameters) => {
              asked.push(statement);
              if (/sp_getapplock/.test(statement) && refused++ === 0) throw error;
              return query(statement, parameters);
            };
            return { query: meets, close };
          },
        },
      }),
    },
  );
  const { failure } = await trial.run('switch', { package: packageOf('new') });
  expect(failure).toBeUndefined();
  expect(asked.filter((statement) => /CREATE TABLE \[##zdd/.test(statement))).toHaveLength(tables);
  expect(production(trial).writes).toBe(503);
});

const UNAVAILABLE = {
  status: 503,
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode('{"error":{"code":"ServiceUnavailable","message":"The service is unavailable."}}'),
};

/** Requests that are the same when they are sent twice. */
const REPEATABLE = {
  stop: /POST .*slots\/zdd-readonly\/stop\b/,
  'tags of the record': /PATCH .*Microsoft\.Sql.*Microsoft\.Resources\/tags/,
};

test.each([
  ...Object.keys(REPEATABLE).flatMap((what) => [
    [what, 'is answered 503', 1],
    [what, 'is carried out, and the answer lost', 1],
  ]),
] as const)('when a request for %s %s once, the phase goes on', async (what, how) => {
  const ready = begin();
  await ready.through('clone', 'read-only');
  let met = 0;
  const trial = begin(
    {},
    {
      world: ready.world,
      clock: ready.clock,
      around: (ports) => ({
        ...ports,
        async send(request, signal) {
          const isMet = REPEATABLE[what as keyof typeof REPEATABLE].test(`${request.method} ${request.url}`);
          if (!isMet || met++ > 0) return ports.send(request, signal);
          if (how === 'is answered 503') return UNAVAILABLE;
          await ports.send(request, signal);
          throw new Error('read ECONNRESET');
        },
      }),
    },
  );
  const { failure } = await trial.run('switch');
  expect(failure).toBeUndefined();
  expect(met).toBeGreaterThan(0);
});

test('what lasts is no weather: it is told after a few times', async () => {
  const ready = begin();
  await ready.through('clone', 'read-only');
  let met = 0;
  const trial = begin(
    {},
    {
      world: ready.world,
      clock: ready.clock,
      around: (ports) => ({
        ...ports,
        async send(request, signal) {
          if (!REPEATABLE.stop.test(`${request.method} ${request.url}`)) return ports.send(request, signal);
          met += 1;
          return UNAVAILABLE;
        },
      }),
    },
  );
  const { failure } = await trial.run('switch');
  expect(failure?.happened).toMatch(/503 ServiceUnavailable/);
  expect(met).toBe(6);
});
