import { expect, test } from '@jest/globals';
import { killed } from '../../../simulator/model/sql/faults.ts';
import { caller, lab } from './lab.ts';

const look = () => ({ caller: caller({ session: 2 }), now: 2000 });

test('a content can be rebuilt as of any instant, rows and schema, late and twice removed', () => {
  const { sql, origins } = lab();
  sql(
    'CREATE TABLE T (Id int IDENTITY(1,1) PRIMARY KEY, K uniqueidentifier DEFAULT NEWID(), At datetime2 DEFAULT SYSUTCDATETIME())',
    {},
    { now: 1000 },
  );
  sql('INSERT T DEFAULT VALUES', {}, { now: 2000 });
  sql('ALTER TABLE T ADD Extra nvarchar(10)', {}, { now: 3000 });
  sql("INSERT T (Extra) VALUES (N'x')", {}, { now: 4000 });
  sql('DROP TABLE T', {}, { now: 5000 });
  origins.old = { contentId: 'c1', at: 2000 };
  origins.newer = { contentId: 'c1', at: 4000 };
  expect(sql('SELECT * FROM T', {}, { content: 'old' }).map((row) => Object.keys(row))).toEqual([['Id', 'K', 'At']]);
  const rows = sql('SELECT * FROM T', {}, { content: 'newer' });
  expect(rows.map((row) => row.Extra)).toEqual([null, 'x']);
  expect(rows[1]?.At).toBe('1970-01-01 00:00:04.0000000');
  expect(rows[0]?.K).toBe(sql('SELECT K FROM T', {}, { content: 'old' })[0]?.K);
  sql('DELETE FROM T WHERE Id = 1', {}, { content: 'newer', now: 6000 });
  origins.grandchild = { contentId: 'newer', at: 5500 };
  origins.other = { contentId: 'newer', at: 6000 };
  expect(sql('SELECT Id FROM T', {}, { content: 'grandchild' })).toHaveLength(2);
  expect(sql('SELECT Id FROM T', {}, { content: 'other' })).toEqual([{ Id: 2 }]);
  expect(() => sql('SELECT * FROM T')).toThrow('208');
});

test('a transaction is in the log with its commit, and not at all when it was rolled back', () => {
  const { sql, origins } = lab();
  sql('CREATE TABLE T (Id int PRIMARY KEY)', {}, { now: 1000 });
  sql('BEGIN TRAN; INSERT T VALUES (1)', undefined, { now: 2000 });
  origins.during = { contentId: 'c1', at: 2500 };
  expect(sql('SELECT * FROM T', {}, { content: 'during', session: 9 })).toEqual([]);
  sql('INSERT T VALUES (2); COMMIT', undefined, { now: 3000 });
  sql('BEGIN TRAN; INSERT T VALUES (3); ROLLBACK', undefined, { now: 4000 });
  origins.after = { contentId: 'c1', at: 5000 };
  expect(sql('SELECT Id FROM T', {}, { content: 'after' }).map((row) => row.Id)).toEqual([1, 2]);
  expect(sql('SELECT Id FROM T').map((row) => row.Id)).toEqual([1, 2]);
});

test('another session does not see an open transaction, and its writes wait for the end', async () => {
  const { sql, engine } = lab();
  sql('CREATE TABLE T (Id int PRIMARY KEY)');
  sql('BEGIN TRAN; INSERT T VALUES (1)', undefined, { session: 1 });
  expect(sql('SELECT * FROM T', {}, { session: 2 })).toEqual([]);
  const order: string[] = [];
  const second = engine.run('c1', 2, look, 'INSERT T VALUES (2)', {}).then(() => order.push('second'));
  await Promise.resolve();
  order.push('commit');
  sql('COMMIT', undefined, { session: 1 });
  await second;
  expect(order).toEqual(['commit', 'second']);
  expect(sql('SELECT COUNT(*) AS n FROM T')).toEqual([{ n: 2 }]);
});

test('a session that ends rolls back what it had open and lets others write', async () => {
  const { sql, engine } = lab();
  sql('CREATE TABLE T (Id int PRIMARY KEY)');
  sql('BEGIN TRAN; INSERT T VALUES (1)', undefined, { session: 1 });
  engine.end(1);
  const outcome = await engine.run('c1', 2, look, 'INSERT T VALUES (2)', {});
  expect(outcome.parts).toEqual([{ kind: 'count', count: 1 }]);
  expect(sql('SELECT Id FROM T')).toEqual([{ Id: 2 }]);
});

test('whoever gives up waiting for a lock gets 1222', async () => {
  const { sql, engine } = lab();
  sql('CREATE TABLE T (Id int PRIMARY KEY); BEGIN TRAN; INSERT T VALUES (1)', undefined, { session: 1 });
  const { parts } = await engine.run('c1', 2, look, 'INSERT T VALUES (2)', {}, AbortSignal.abort());
  expect(parts).toMatchObject([{ number: 1222 }]);
});

test('a session that was ended while it waited writes nothing', async () => {
  const { sql, engine } = lab();
  sql('CREATE TABLE T (Id int PRIMARY KEY)');
  sql('BEGIN TRAN; INSERT T VALUES (1)', undefined, { session: 1 });
  const waiting = engine.run('c1', 2, () => killed(), 'INSERT T VALUES (2)', {});
  sql('COMMIT', undefined, { session: 1 });
  expect((await waiting).parts).toMatchObject([{ number: 596 }]);
  expect(sql('SELECT Id FROM T')).toEqual([{ Id: 1 }]);
});

test('a reader may not write, a writer may not change the schema', () => {
  const { sql, engine } = lab();
  sql('CREATE TABLE T (Id int PRIMARY KEY)');
  const as = (rights: { write: boolean; schema: boolean }, text: string) =>
    engine.runNow('c1', { ...caller({}), rights }, text, {}, 2000).parts.at(-1);
  expect(as({ write: false, schema: false }, 'INSERT T VALUES (1)')).toMatchObject({
    number: 229,
    message: "The INSERT permission was denied on the object 'T', database 'shop', schema 'dbo'.",
  });
  expect(as({ write: true, schema: false }, 'CREATE TABLE U (Id int)')).toMatchObject({ number: 262 });
  expect(as({ write: true, schema: false }, 'INSERT T VALUES (1)')).toEqual({ kind: 'count', count: 1 });
});
