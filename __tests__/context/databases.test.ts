import { expect, test } from '@jest/globals';
import { databasesOver } from '../../src/context/databases.ts';
import { type SqlConnection, SqlError } from '../../src/ports.ts';

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

/** Databases whose statements last until their connection is closed; with `slow` the first connection takes until `release`. */
function counted(slow = false) {
  const counts = { opened: 0, closed: 0 };
  const gate = Promise.withResolvers<void>();
  if (!slow) gate.resolve();
  const databases = databasesOver({
    log: { info() {}, warning() {}, debug() {}, secret() {}, group: (_title, body) => body() },
    optional: false,
    async open() {
      counts.opened += 1;
      await gate.promise;
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
  return { databases, opened: () => counts.opened, closed: () => counts.closed, release: gate.resolve };
}
