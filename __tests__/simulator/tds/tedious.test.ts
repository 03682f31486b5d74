import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Connection, Request, TYPES } from 'tedious';
import { arm, copyBody } from '../model/sql/shop.ts';
import { run, type TdsLab, tdsLab } from './lab.ts';

let lab: TdsLab;
let connection: Connection;

beforeAll(async () => {
  lab = await tdsLab();
  connection = await lab.connect();
  await run(
    connection,
    'CREATE TABLE Orders (Id int IDENTITY(1,1) PRIMARY KEY, Name nvarchar(100) NOT NULL, Note nvarchar(max), Paid bit, At datetime2, Big bigint, F float, Data varbinary(max), G uniqueidentifier, D decimal(12,3))',
  );
});

afterAll(() => lab.close());

test('values of every type go there and come back', async () => {
  const at = new Date(Date.UTC(2026, 4, 6, 7, 8, 9, 123));
  const note = 'ü'.repeat(70_000);
  const bytes = Buffer.from([1, 2, 255]);
  await run(
    connection,
    'INSERT INTO Orders (Name, Note, Paid, At, Big, F, Data, G, D) VALUES (@name, @note, @paid, @at, @big, @f, @data, @g, @d)',
    {
      name: 'Ann',
      note,
      paid: true,
      at,
      big: 9_007_199_254_740_991n,
      f: 1.25,
      data: bytes,
      g: '0E984725-C51C-4BF4-9960-E1C80E27ABA0',
      d: 12.345,
    },
  );
  const { rows, types } = await run(connection, 'SELECT * FROM Orders WHERE Paid = @paid AND At = @at', {
    paid: true,
    at,
  });
  expect(rows).toEqual([
    {
      Id: 1,
      Name: 'Ann',
      Note: note,
      Paid: true,
      At: at,
      Big: '9007199254740991',
      F: 1.25,
      Data: bytes,
      G: '0E984725-C51C-4BF4-9960-E1C80E27ABA0',
      D: 12.345,
    },
  ]);
  expect(types).toEqual([
    'IntN',
    'NVarChar',
    'NVarChar',
    'BitN',
    'DateTime2',
    'IntN',
    'FloatN',
    'VarBinary',
    'UniqueIdentifier',
    'DecimalN',
  ]);
});

test('values that a JavaScript number cannot hold go there and come back as they are', async () => {
  const { rows, types } = await run(
    connection,
    `SELECT CAST(9223372036854775807 AS bigint) AS big, CAST('12345678901234.5678' AS money) AS money, CAST(1.5 AS real) AS real,
CAST('2026-01-02T03:04:05.1234567+02:00' AS datetimeoffset) AS at, CAST('13:14:15.1234567' AS time) AS time, CAST('2026-01-02' AS date) AS day,
CAST('2026-01-02 03:04:05.127' AS datetime) AS classic, CAST('2026-01-02 03:04' AS smalldatetime) AS small, CAST('é€' AS varchar(5)) AS ansi,
CAST('ab' AS nchar(4)) AS fixed, 0x0102 AS bytes, CAST(200 AS tinyint) AS tiny, CAST(-3 AS smallint) AS short, NEWID() AS id`,
  );
  expect(rows).toEqual([
    {
      big: '9223372036854775807',
      money: 12345678901234.568,
      real: 1.5,
      at: new Date('2026-01-02T01:04:05.123Z'),
      time: new Date('1970-01-01T13:14:15.123Z'),
      day: new Date('2026-01-02T00:00:00.000Z'),
      classic: new Date('2026-01-02T03:04:05.127Z'),
      small: new Date('2026-01-02T03:04:00.000Z'),
      ansi: 'é€',
      fixed: 'ab  ',
      bytes: Buffer.from([1, 2]),
      tiny: 200,
      short: -3,
      id: expect.stringMatching(/^[0-9A-F]{8}-/),
    },
  ]);
  expect(types.slice(0, 5)).toEqual(['IntN', 'MoneyN', 'FloatN', 'DateTimeOffset', 'Time']);
});

test('parameters keep their type: large bigint, decimal, binary, and a datetimeoffset its offset', async () => {
  const asked = new Promise<Record<string, unknown>>((resolve, reject) => {
    const request = new Request(
      `SELECT CAST(@big + 1 AS varchar(30)) AS big, CAST(@price AS varchar(50)) AS price, CONVERT(varchar(20), @bytes, 1) AS bytes,
CONVERT(varchar(40), @at, 126) AS at, DATALENGTH(@ansi) AS ansi, CONVERT(varchar(20), @image, 1) AS image, CAST(@cost AS varchar(30)) AS cost`,
      (error) => (error ? reject(error) : resolve(row)),
    );
    const row: Record<string, unknown> = {};
    request.addParameter('big', TYPES.BigInt, '9007199254740993');
    request.addParameter('price', TYPES.Decimal, 1234567.125, { precision: 38, scale: 10 });
    request.addParameter('bytes', TYPES.Binary, Buffer.from([1, 2, 3, 4]), { length: 4 });
    request.addParameter('at', TYPES.DateTimeOffset, new Date('2026-01-02T03:04:05.678Z'), { scale: 3 });
    request.addParameter('ansi', TYPES.VarChar, 'abc');
    request.addParameter('image', TYPES.Image, Buffer.from([255]));
    request.addParameter('cost', TYPES.Money, 12.5);
    request.on('row', (columns: { metadata: { colName: string }; value: unknown }[]) => {
      for (const column of columns) row[column.metadata.colName] = column.value;
    });
    connection.execSql(request);
  });
  expect(await asked).toEqual({
    big: '9007199254740994',
    price: '1234567.1250000000',
    bytes: '0x01020304',
    at: expect.stringMatching(/^2026-01-0[123]T\d\d:\d\d:05\.678[-+]\d\d:\d\d$/),
    ansi: 3,
    image: '0xFF',
    cost: '12.50',
  });
});

test('statements about content may ask for the server too', async () => {
  const { rows } = await run(
    connection,
    `IF EXISTS (SELECT 1 FROM sys.databases WHERE name = DB_NAME() AND is_read_only = 0)
SELECT DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS may, HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'ALTER') AS alter_it, COUNT(*) AS tables FROM sys.tables`,
  );
  expect(rows).toEqual([{ may: 'READ_WRITE', alter_it: 1, tables: 1 }]);
});

test('counts, several results, messages and empty answers', async () => {
  expect((await run(connection, 'UPDATE Orders SET Name = Name')).rowCount).toBe(1);
  expect((await run(connection, 'SELECT 1 AS a; SELECT 2 AS b', {}, 'execSqlBatch')).rows).toEqual([
    { a: 1 },
    { b: 2 },
  ]);
  const messages: string[] = [];
  connection.on('infoMessage', (message) => messages.push(message.message));
  await run(connection, "PRINT 'hello'; DECLARE @x int", {}, 'execSqlBatch');
  expect(messages).toEqual(['hello']);
  expect((await run(connection, 'SELECT * FROM Orders WHERE 1 = 0')).rows).toEqual([]);
});

test('errors keep their number and the connection lives on', async () => {
  await expect(run(connection, 'SELECT * FROM Nowhere')).rejects.toMatchObject({
    number: 208,
    message: "Invalid object name 'Nowhere'.",
  });
  await expect(run(connection, 'INSERT Orders (Name) VALUES (NULL)')).rejects.toMatchObject({ number: 515 });
  await expect(run(connection, 'SELECT * FROM sys.stats')).rejects.toMatchObject({ number: 40000 });
  expect(lab.unmodelled.at(-1)).toContain('sys.stats');
  expect((await run(connection, 'SELECT @@SPID AS id')).rows).toHaveLength(1);
});

test('transactions of the driver commit and roll back', async () => {
  const count = async () => (await run(connection, 'SELECT COUNT(*) AS n FROM Orders')).rows[0]?.n;
  const before = Number(await count());
  const step = (start: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
  await step((done) => connection.beginTransaction(done));
  await run(connection, "INSERT Orders (Name) VALUES ('rolled back')");
  await step((done) => connection.rollbackTransaction(done));
  expect(await count()).toBe(before);
  await step((done) => connection.beginTransaction(done));
  await run(connection, "INSERT Orders (Name) VALUES ('kept')");
  await step((done) => connection.commitTransaction(done));
  expect(await count()).toBe(before + 1);
});

test('prepared statements run many times', async () => {
  const names: unknown[] = [];
  const request = new Request('SELECT @name AS name', () => undefined);
  request.addParameter('name', TYPES.NVarChar, undefined);
  await new Promise<void>((resolve) => {
    request.once('prepared', resolve);
    connection.prepare(request);
  });
  request.on('row', (columns) => names.push(columns[0].value));
  for (const name of ['a', 'b']) {
    await new Promise<void>((resolve) => {
      request.once('requestCompleted', resolve);
      connection.execute(request, { name });
    });
  }
  await new Promise<void>((resolve) => {
    request.once('requestCompleted', resolve);
    connection.unprepare(request);
  });
  expect(names).toEqual(['a', 'b']);
});

test('a transaction that is begun by a call and left open is 266, and is open all the same', async () => {
  const other = await lab.connect();
  await expect(run(other, 'BEGIN TRAN')).rejects.toMatchObject({
    number: 266,
    message: expect.stringContaining('Previous count = 0, current count = 1.'),
  });
  expect((await run(other, 'SELECT @@TRANCOUNT AS n')).rows).toEqual([{ n: 1 }]);
  await expect(run(other, 'ROLLBACK')).rejects.toMatchObject({ number: 266 });
  await run(other, 'BEGIN TRAN; ROLLBACK');
});

test('a reset connection has lost its transaction', async () => {
  const other = await lab.connect();
  await run(other, "BEGIN TRAN; INSERT Orders (Name) VALUES ('lost')", {}, 'execSqlBatch');
  await new Promise<void>((resolve, reject) => other.reset((error) => (error ? reject(error) : resolve())));
  expect((await run(connection, "SELECT * FROM Orders WHERE Name = 'lost'")).rows).toEqual([]);
  expect((await run(other, 'SELECT @@TRANCOUNT AS n')).rows).toEqual([{ n: 0 }]);
});

test('a statement that waits for a lock can be cancelled', async () => {
  const [holder, waiter] = [await lab.connect(), await lab.connect()];
  await run(holder, 'BEGIN TRAN; UPDATE Orders SET Paid = 0', {}, 'execSqlBatch');
  const waiting = run(waiter, 'UPDATE Orders SET Paid = 1');
  setTimeout(() => waiter.cancel(), 20);
  await expect(waiting).rejects.toMatchObject({ code: 'ECANCEL' });
  await run(holder, 'ROLLBACK', {}, 'execSqlBatch');
  expect((await run(waiter, 'UPDATE Orders SET Paid = 1')).rowCount).toBeGreaterThan(0);
});

test('logins: password, access token, and the refusals with their numbers', async () => {
  const token = (who: string) => ({
    authentication: { type: 'azure-active-directory-access-token' as const, options: { token: `token of ${who}` } },
  });
  const deployer = await lab.connect(token('deployer'));
  expect(
    (await run(deployer, 'SELECT ORIGINAL_LOGIN() AS login, IS_MEMBER(@role) AS owner', { role: 'db_owner' })).rows[0]
      ?.owner,
  ).toBe(1);
  await expect(lab.connect(token('stranger'))).rejects.toMatchObject({
    message: expect.stringContaining('<token-identified principal>'),
  });
  const wrong = { authentication: { type: 'default' as const, options: { userName: 'admin123', password: 'no' } } };
  await expect(lab.connect(wrong)).rejects.toMatchObject({
    code: 'ELOGIN',
    message: "Login failed for user 'admin123'.",
  });
  // SQL Server says 4060 before it, and the driver keeps the last one.
  await expect(lab.connect({ database: 'nope' })).rejects.toThrow('Login failed for user');
  lab.address = '203.0.113.5';
  await expect(lab.connect()).rejects.toThrow(
    "Client with IP address '203.0.113.5' is not allowed to access the server.",
  );
  lab.address = '20.50.2.1';
});

test('a copy made through ARM is a database of its own, as of an instant inside the interval', async () => {
  const insert = (name: string) => run(connection, 'INSERT Orders (Name) VALUES (@name)', { name });
  await insert('before the copy');
  const from = lab.now;
  arm(lab.world, from, 'PUT', '/databases/clone', copyBody());
  lab.now = from + 40_000;
  await insert('early in the copy');
  lab.now = from + 70_000;
  await insert('late in the copy');
  lab.now = from + 80_000;
  const clone = await lab.connect({ database: 'clone' });
  const names = async (at: Connection) =>
    (await run(at, "SELECT Name FROM Orders WHERE Name LIKE '%the copy' ORDER BY Id")).rows.map((row) => row.Name);
  expect(await names(clone)).toEqual(['before the copy', 'early in the copy']);
  await run(clone, 'DELETE FROM Orders');
  expect(await names(connection)).toHaveLength(3);
});

test('READ_ONLY ends others when told so, and refuses writes with 3906', async () => {
  const other = await lab.connect();
  const ended = new Promise<void>((resolve) => other.once('end', resolve));
  await expect(run(connection, 'ALTER DATABASE [shop] SET READ_ONLY WITH NO_WAIT')).rejects.toMatchObject({
    errors: [{ number: 5070 }, { number: 5069, message: 'ALTER DATABASE statement failed.' }],
  });
  await run(connection, 'ALTER DATABASE [shop] SET READ_ONLY WITH ROLLBACK IMMEDIATE');
  lab.sweep();
  await ended;
  expect((await run(connection, 'SELECT is_read_only FROM sys.databases WHERE name = DB_NAME()')).rows).toEqual([
    { is_read_only: true },
  ]);
  await expect(run(connection, 'DELETE FROM Orders')).rejects.toMatchObject({
    number: 3906,
    message: 'Failed to update database "shop" because the database is read-only.',
  });
  await run(connection, 'ALTER DATABASE CURRENT SET READ_WRITE WITH NO_WAIT');
});
