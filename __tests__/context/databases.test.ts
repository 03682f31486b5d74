import { expect, test } from '@jest/globals';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { databasesOver, programNameOf, runsIn } from '../../src/context/databases.ts';
import { type SqlConnection, SqlError } from '../../src/ports.ts';
import { settings } from '../phases/observed.ts';

test('a look whose connection is closed under it at the end must not open another one', async () => {
  const { databases, opened, closed } = counted();
  const began = Promise.withResolvers<void>();
  const look = databases.look('shop', (connection) => {
    began.resolve();
    return connection.query('SELECT 1 AS one');
  });
  await began.promise;
  await databases.closeAll();
  await expect(look).rejects.toThrow('after the end of the phase');
  expect([opened(), closed()]).toEqual([1, 1]);
});

test('a connection that comes about after the end must be closed again, and none is opened then', async () => {
  const { databases, opened, closed, release } = counted(true);
  const late = databases.open('shop');
  await databases.closeAll();
  release();
  await expect(late).rejects.toThrow('after the end of the phase');
  await expect(databases.use('catalog', () => Promise.resolve())).rejects.toThrow('after the end of the phase');
  expect([opened(), closed()]).toEqual([1, 1]);
});

test('who lets go has no session left, and a new one when it is needed again', async () => {
  const { databases, opened, closed } = counted();
  await databases.use('shop', () => Promise.resolve());
  await databases.letGo();
  expect([opened(), closed()]).toEqual([1, 1]);
  await databases.use('shop', () => Promise.resolve());
  expect([opened(), closed()]).toEqual([2, 1]);
});

test('a look on the second connection waits for nothing on the first; closing the database closes both', async () => {
  const { databases, opened, closed } = counted();
  const looks = [
    databases.look('shop', (connection) => connection.query('SELECT 1 AS one')),
    databases.look('shop', () => Promise.resolve(2), 'second'),
  ];
  looks[0]?.catch(() => undefined);
  expect(await looks[1]).toBe(2);
  expect([opened(), closed()]).toEqual([2, 0]);
  await databases.close('shop');
  expect(closed()).toBe(2);
  await databases.closeAll();
});

test('what only reads is asked once more where the connection broke under it, and nothing else is', async () => {
  const { databases, opened } = counted();
  const failing = (error: Error, times: number) => {
    let left = times;
    return async () => {
      if (left-- > 0) throw error;
      return 'read';
    };
  };
  const broken = new SqlError(0, 'Connection lost - read ECONNRESET');
  expect(await databases.read('shop', failing(broken, 1))).toBe('read');
  expect(opened()).toBe(2);
  await expect(databases.read('shop', failing(broken, 2))).rejects.toBe(broken);
  const refused = new SqlError(229, 'The SELECT permission was denied');
  await expect(databases.read('shop', failing(refused, 1))).rejects.toBe(refused);
  // What writes may have been carried out.
  await expect(databases.use('shop', failing(broken, 1))).rejects.toBe(broken);
});

test('our sessions tell once whose runs they are, and sessions of others tell nothing', () => {
  const names = [
    'zdd-action org/shop/1/1 of ada',
    'zdd-action',
    'SSMS of zdd-action',
    'zdd-action org/shop/2/1 of bob',
  ];
  const sessions = [...names, ...names].map((programName) => ({ programName }));
  expect(runsIn(sessions)).toEqual(['org/shop/1/1 of ada', 'org/shop/2/1 of bob']);
});

test('the name of a session is no longer than SQL Server keeps it: it is compared with what it shows', () => {
  const run = { ...settings().github, repository: `org/${'x'.repeat(200)}` };
  expect(programNameOf(run)).toHaveLength(128);
});

test('a connection is kept, and a way in that failed is tried anew', async () => {
  const { databases, opened, refuseNext } = counted();
  refuseNext(new Error('no way in'));
  await expect(databases.use('shop', () => Promise.resolve())).rejects.toThrow('no way in');
  for (const answer of [1, 2]) expect(await databases.use('shop', () => Promise.resolve(answer))).toBe(answer);
  expect(opened()).toBe(2);
});

test.each([
  ['broke', new SqlError(0, 'The connection was cut.'), [2, 1]],
  ['is fine, although a statement failed,', new SqlError(229, 'Permission denied.'), [1, 0]],
])(
  'a connection that %s is used again or not, and work that may have changed something is not repeated',
  async (_what, error, counts) => {
    const { databases, opened, closed } = counted();
    let tried = 0;
    const work = () => {
      tried++;
      return Promise.reject(error);
    };
    await expect(databases.use('shop', work)).rejects.toBe(error);
    expect(tried).toBe(1);
    await databases.use('shop', () => Promise.resolve());
    expect([opened(), closed()]).toEqual(counts);
  },
);

test('a look is repeated once where its connection broke, and not where it was refused', async () => {
  const { databases } = counted();
  const tried: unknown[] = [];
  const failing = (error: Error) => async () => {
    tried.push(error.message);
    throw error;
  };
  await expect(databases.look('shop', failing(new SqlError(0, 'cut')))).rejects.toThrow('cut');
  await expect(databases.look('shop', failing(new SqlError(229, 'denied')))).rejects.toThrow('denied');
  expect(tried).toEqual(['cut', 'cut', 'denied']);
});

test('statements on one connection wait for one another, those of a look too', async () => {
  const { databases } = counted();
  const gate = Promise.withResolvers<void>();
  const order: string[] = [];
  const first = databases.use('shop', async () => {
    await gate.promise;
    order.push('first');
  });
  const second = databases.look('shop', async () => void order.push('look'));
  await databases.look('shop', async () => void order.push('beside'), 'second');
  gate.resolve();
  await Promise.all([first, second]);
  expect(order).toEqual(['beside', 'first', 'look']);
});

test('what cannot be reached and need not be is told with what was said', async () => {
  const said: string[] = [];
  const databases = databasesOver({
    log: { ...silentLog, info: (line) => said.push(line) },
    optional: true,
    open: () => Promise.reject(new Error('no way in')),
  });
  expect(await databases.look('shop', () => Promise.resolve(1))).toBeNull();
  expect(said).toEqual([expect.stringMatching(/shop was not looked at: .*no way in/)]);
});

/** Databases whose statements last until their connection is closed; with `slow` the first connection takes until `release`. */
function counted(slow = false) {
  const counts = { opened: 0, closed: 0 };
  const gate = Promise.withResolvers<void>();
  if (!slow) gate.resolve();
  let refused: Error | undefined;
  const databases = databasesOver({
    log: silentLog,
    optional: false,
    async open() {
      counts.opened += 1;
      await gate.promise;
      const why = refused;
      refused = undefined;
      if (why) throw why;
      const isCut = Promise.withResolvers<never>();
      isCut.promise.catch(() => undefined);
      const connection: SqlConnection = {
        query: () => isCut.promise,
        async close() {
          counts.closed += 1;
          isCut.reject(new SqlError(0, 'The connection to the database was closed.'));
        },
      };
      return connection;
    },
  });
  return {
    databases,
    opened: () => counts.opened,
    closed: () => counts.closed,
    release: gate.resolve,
    refuseNext(why: Error) {
      refused = why;
    },
  };
}
