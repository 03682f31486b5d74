import { expect, test } from '@jest/globals';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { databasesOver } from '../../src/context/databases.ts';
import { leaseOver } from '../../src/context/lease.ts';
import { type SqlConnection, SqlError } from '../../src/ports.ts';

const ID = '20260131-k7m2x';
const RESOURCE = `zdd:${ID}`;
const programOf = (run: string) => `zdd-action org/shop/${run}/1 of ada`;

test('of two runs one gets the lease, and the other names it and gives up after a minute', async () => {
  const server = sqlServer();
  const [first, second] = [server.run('1'), server.run('2')];
  await first.lease.take(ID, 'clone');
  expect(first.lease.heldIn()).toBe('clone');
  const startedAt = server.clock.now();
  await expect(second.lease.take(ID, 'clone')).rejects.toMatchObject({
    kind: 'failed',
    happened: expect.stringMatching(
      new RegExp(`deployment ${ID} to be free.*run org/shop/1/1 of ada is at work on it`),
    ),
    next: expect.stringMatching(/^Another run is working on this deployment/),
  });
  expect(server.clock.now() - startedAt).toBe(60_000);
  expect(second.lease.heldIn()).toBeUndefined();
  await expect(first.lease.prove()).resolves.toBeUndefined();
});

test('who waits for the lease has no session left anywhere between two looks', async () => {
  const server = sqlServer();
  const [first, second] = [server.run('1'), server.run('2')];
  await first.lease.take(ID, 'clone');
  await second.databases.use('original', (connection) => connection.query('SELECT 1'));
  const waiting = second.lease.take(ID, 'clone').catch(() => undefined);
  await server.clock.sleep(500);
  expect(server.sessionsOf(programOf('2'))).toEqual([]);
  await waiting;
});

test('the lease is free as soon as the other run releases it, or its session is gone', async () => {
  const server = sqlServer();
  const [first, second, third] = [server.run('1'), server.run('2'), server.run('3')];
  await first.lease.take(ID, 'clone');
  const waiting = second.lease.take(ID, 'clone');
  await server.clock.sleep(2500);
  await first.lease.release();
  await waiting;
  expect([first.lease.heldIn(), second.lease.heldIn()]).toEqual([undefined, 'clone']);
  server.cut(programOf('2'));
  await third.lease.take(ID, 'clone');
  expect(third.lease.heldIn()).toBe('clone');
});

test('a run that ends while it is looked who has the lease has none any more', async () => {
  const server = sqlServer();
  const [first, second] = [server.run('1'), server.run('2')];
  await first.lease.take(ID, 'clone');
  server.endsWhenLookedFor(programOf('1'));
  await second.lease.take(ID, 'clone');
  expect([second.lease.heldIn(), server.clock.now()]).toEqual(['clone', 0]);
});

test('a run that has lost the lease must not go on: not while another holds it, nor when its connection broke', async () => {
  const server = sqlServer();
  const [first, second] = [server.run('1'), server.run('2')];
  await first.lease.take(ID, 'clone');
  server.cut(programOf('1'));
  await expect(first.lease.prove()).rejects.toMatchObject({
    kind: 'failed',
    next: expect.stringContaining('Nothing more'),
  });
  await second.lease.take(ID, 'clone');
  await expect(first.lease.prove()).rejects.toThrow('was lost');
  await expect(second.lease.prove()).resolves.toBeUndefined();
});

test('a lock that is gone while the connection lives is lost as well', async () => {
  const server = sqlServer();
  const { lease } = server.run('1');
  await lease.take(ID, 'clone');
  server.locks.delete(`clone ${RESOURCE}`);
  await expect(lease.prove()).rejects.toThrow('was lost');
});

test('who has it does not take it twice, and without one there is nothing to prove', async () => {
  const server = sqlServer();
  const { lease } = server.run('1');
  await expect(lease.prove()).resolves.toBeUndefined();
  await lease.take(ID, 'clone');
  await lease.take(ID, 'another');
  expect(lease.heldIn()).toBe('clone');
  expect(server.sessionsOf(programOf('1'))).toHaveLength(1);
});

test.each([2812, 3906, 40510])('where application locks are refused (%s) a table keeps others away', async (number) => {
  const server = sqlServer({ refusesLocksWith: number });
  const [first, second] = [server.run('1'), server.run('2')];
  await first.lease.take(ID, 'clone');
  await expect(first.lease.prove()).resolves.toBeUndefined();
  await expect(second.lease.take(ID, 'clone')).rejects.toThrow('is at work on it');
  server.cut(programOf('1'));
  await expect(first.lease.prove()).rejects.toThrow('was lost');
});

test('any other error must not lead to the table, which another run would not look at', async () => {
  const server = sqlServer({ refusesLocksWith: 229 });
  await expect(server.run('1').lease.take(ID, 'clone')).rejects.toThrow('error 229');
  expect(server.clock.now()).toBe(0);
  expect(server.locks.size).toBe(0);
  expect(server.sessionsOf(programOf('1'))).toEqual([]);
});

test.each([701, 1204, 1205, 1222, 8645, 8651, 10928, 10929, 40197, 40501, 40613, 0])(
  'what passes (error %s) is waited for',
  async (number) => {
    const server = sqlServer({ refusesLocksWith: number });
    const { lease } = server.run('1');
    const waiting = lease.take(ID, 'clone');
    await server.clock.sleep(10_000);
    expect(server.sessionsOf(programOf('1'))).toEqual([]);
    server.recover();
    await waiting;
    expect(lease.heldIn()).toBe('clone');
  },
);

test('what does not pass in a minute is told as SQL Server said it', async () => {
  const { lease } = sqlServer({ refusesLocksWith: 701 }).run('1');
  await expect(lease.take(ID, 'clone')).rejects.toMatchObject({ happened: expect.stringContaining('error 701') });
});

test('a cancelled run does not wait for the lease', async () => {
  const server = sqlServer();
  const cancelled = new AbortController();
  await server.run('1').lease.take(ID, 'clone');
  const waiting = server.run('2', cancelled.signal).lease.take(ID, 'clone');
  waiting.catch(() => undefined);
  await server.clock.sleep(2500);
  cancelled.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
  expect(server.clock.now()).toBeLessThan(10_000);
});

/** As much of SQL Server as locks, tables in tempdb and sessions take. */
function sqlServer({ refusesLocksWith }: { refusesLocksWith?: number } = {}) {
  const clock = virtualClock(0);
  const locks = new Map<string, Session>();
  let sessions: Session[] = [];
  let refused = refusesLocksWith;
  let ending: string | undefined;
  const gone = (session: Session) => {
    sessions = sessions.filter((each) => each !== session);
    for (const [name, holder] of locks) if (holder === session) locks.delete(name);
  };
  const held = (name: string, session: Session): boolean => {
    const holder = locks.get(name);
    if (holder === undefined) locks.set(name, session);
    return holder === undefined || holder === session;
  };
  const connect = (database: string, program: string): SqlConnection => {
    const session = { database, program };
    sessions.push(session);
    return {
      async query(statement, parameters) {
        if (!sessions.includes(session)) throw new SqlError(0, 'The connection was cut.');
        const lock = `${database} ${parameters?.resource}`;
        if (/sp_getapplock/.test(statement)) {
          if (refused !== undefined) throw new SqlError(refused, `error ${refused}`);
          return [{ result: held(lock, session) ? 0 : -1 }];
        }
        if (/APPLOCK_MODE/.test(statement)) return [{ mode: locks.get(lock) === session ? 'Exclusive' : 'NoLock' }];
        if (/CREATE TABLE/.test(statement)) {
          if (held(`${database} ${statement}`, session)) return [];
          throw new SqlError(2714, 'There is already an object of that name.');
        }
        if (/dm_exec_sessions/.test(statement)) {
          sessions.filter((each) => each.program === ending).forEach(gone);
          return sessions
            .filter((each) => each.database === database)
            .map((each, index) => ({ session_id: 51 + index, program_name: each.program }));
        }
        if (/@@SPID/.test(statement)) return [{ session_id: 51 }];
        return [];
      },
      async close() {
        gone(session);
      },
    };
  };
  return {
    clock,
    locks,
    sessionsOf: (program: string) => sessions.filter((each) => each.program === program),
    cut: (program: string) => sessions.filter((each) => each.program === program).forEach(gone),
    endsWhenLookedFor(program: string) {
      ending = program;
    },
    recover() {
      refused = undefined;
    },
    run(run: string, signal?: AbortSignal) {
      const program = programOf(run);
      const databases = databasesOver({
        log: silentLog,
        optional: false,
        open: async (database) => connect(database, program),
      });
      return { databases, lease: leaseOver(databases, clock, silentLog, program, signal) };
    },
  };
}

interface Session {
  readonly database: string;
  readonly program: string;
}
