import { expect, test } from '@jest/globals';
import { lab } from './lab.ts';

test('a table with T-SQL types takes rows and gives them back', () => {
  const { sql, outcome } = lab();
  sql(`CREATE TABLE [dbo].[Orders] ([Id] INT IDENTITY(1,1) NOT NULL CONSTRAINT [PK_Orders] PRIMARY KEY CLUSTERED,
    [Customer] NVARCHAR(100) NOT NULL, [Note] NVARCHAR(MAX) NULL, [Paid] BIT NOT NULL DEFAULT ((0)), [Price] DECIMAL(10,2) NOT NULL,
    [At] DATETIME2(7) NOT NULL DEFAULT (SYSUTCDATETIME()), [Key] UNIQUEIDENTIFIER NOT NULL DEFAULT NEWID())`);
  const [row] = sql(
    "INSERT INTO dbo.Orders (Customer, Price) OUTPUT INSERTED.Id, INSERTED.[Key] VALUES (N'Ann''s', @price)",
    { price: 1.5 },
    { now: Date.UTC(2026, 0, 2, 3, 4, 5, 6) },
  );
  expect(row?.Id).toBe(1);
  expect(row?.Key).toMatch(/^[0-9A-F]{8}-/);
  const { parts } = outcome('SELECT TOP (1) * FROM dbo.Orders WITH (NOLOCK) WHERE Customer = @c', { c: "ANN'S" });
  expect(parts[0]).toMatchObject({
    columns: [
      { type: 'int' },
      { type: 'nvarchar' },
      { type: 'nvarchar' },
      { type: 'bit' },
      { type: 'decimal', scale: 2 },
      { type: 'datetime2' },
      { type: 'uniqueidentifier' },
    ],
    rows: [[1, "Ann's", null, 0, '1.50', '2026-01-02 03:04:05.0060000', row?.Key]],
  });
});

test.each([
  ["SELECT ISNULL(NULL, 'x') AS v", 'x'],
  ["SELECT LEN('ab ') AS v", 2],
  ["SELECT 'a' + CONVERT(nvarchar(10), 5) AS v", 'a5'],
  ["SELECT CHARINDEX('b', 'abc') AS v", 2],
  ["SELECT LEFT('abc', 2) AS v", 'ab'],
  ["SELECT DATEDIFF(minute, '2026-01-01', '2026-01-01 00:05:59') AS v", 5],
  ["SELECT DATEADD(month, 1, '2026-01-31') AS v", '2026-02-28 00:00:00.000'],
  ["SELECT CONVERT(varchar(10), CAST('2026-01-31' AS datetime2), 120) AS v", '2026-01-31'],
  ['SELECT CASE WHEN 1 = 1 THEN 7 ELSE 8 END AS v', 7],
  ['SELECT 7 / 2 AS v', 3],
  ['SELECT v FROM (SELECT 1 AS v UNION ALL SELECT 2) AS t ORDER BY v DESC OFFSET 1 ROWS FETCH NEXT 1 ROWS ONLY', 1],
  ['WITH a AS (SELECT 3 AS v) SELECT v FROM a', 3],
  ['DECLARE @x int = 2; SET @x += 3; SELECT @x AS v', 5],
  ["DECLARE @s nvarchar(50) = N'SELECT @n * 2 AS v'; EXEC sp_executesql @s, N'@n int', @n = 4", 8],
  ['DECLARE @i int = 0 WHILE @i < 5 BEGIN SET @i = @i + 1 IF @i = 3 BREAK END SELECT @i AS v', 3],
  ["BEGIN TRY THROW 50001, 'no', 1 END TRY BEGIN CATCH SELECT ERROR_NUMBER() AS v END CATCH", 50001],
  ['SELECT DB_NAME() AS v', 'shop'],
])('%s', (text, expected) => {
  expect(lab().sql(text)[0]?.v).toBe(expected);
});

test('checks of the catalog, as migrations make them, work and repeat', () => {
  const { sql } = lab();
  const migration = `
    IF OBJECT_ID('dbo.Shops', 'U') IS NULL
    BEGIN
      CREATE TABLE dbo.Shops (Id INT NOT NULL PRIMARY KEY, Name NVARCHAR(50))
    END
    IF COL_LENGTH('dbo.Shops', 'City') IS NULL
      ALTER TABLE dbo.Shops ADD City NVARCHAR(30) NOT NULL CONSTRAINT DF_City DEFAULT ('?'), Size INT NULL;
    IF NOT EXISTS (SELECT * FROM sys.columns WHERE object_id = OBJECT_ID(N'[dbo].[Shops]') AND name = 'Country')
      ALTER TABLE [dbo].[Shops] ADD [Country] NVARCHAR(2)
    IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = 'IX_Shops_City' AND object_id = OBJECT_ID('Shops'))
      CREATE NONCLUSTERED INDEX IX_Shops_City ON dbo.Shops (City ASC) INCLUDE (Name) WITH (ONLINE = ON);`;
  sql(migration);
  sql(migration);
  sql("INSERT Shops (Id, Name) VALUES (1, 'a'), (2, 'b')");
  expect(
    sql('SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = @t', { t: 'Shops' }).map(
      (row) => row.COLUMN_NAME,
    ),
  ).toEqual(['Id', 'Name', 'City', 'Size', 'Country']);
  sql("EXEC sp_rename 'dbo.Shops.City', 'Town', 'COLUMN'");
  expect(sql('SELECT Town FROM Shops')[0]).toEqual({ Town: '?' });
  sql('DROP INDEX IX_Shops_City ON dbo.Shops; ALTER TABLE Shops DROP COLUMN Size');
  sql('ALTER TABLE dbo.Shops ALTER COLUMN Name NVARCHAR(100) NOT NULL');
  expect(() => sql('INSERT INTO Shops (Id, Name) VALUES (3, NULL)')).toThrow('515');
});

test('updates and deletes with joins and aliases', () => {
  const { sql } = lab();
  sql(
    'CREATE TABLE A (Id int PRIMARY KEY, N int); CREATE TABLE B (Id int PRIMARY KEY, N int); INSERT A VALUES (1, 1), (2, 2); INSERT B VALUES (1, 10)',
  );
  sql('UPDATE a SET a.N = b.N FROM dbo.A a INNER JOIN dbo.B b ON b.Id = a.Id WHERE a.N < 5');
  expect(sql('SELECT N FROM A ORDER BY Id').map((row) => row.N)).toEqual([10, 2]);
  sql('DELETE a FROM A a JOIN B b ON b.Id = a.Id');
  expect(sql('SELECT Id FROM A')).toEqual([{ Id: 2 }]);
  sql('DELETE TOP (1) FROM B');
  expect(sql('SELECT COUNT(*) AS n FROM B')).toEqual([{ n: 0 }]);
});

test.each([
  ['SELECT * FROM Nowhere', '208 '],
  ['SELECT Nope FROM T', '207 '],
  ['INSERT T (Id) VALUES (1)', '2627 '],
  ['INSERT T (Id) VALUES (NULL)', '515 '],
  ['SELEC 1', '2812 '],
  ['SELECT FROM', '156 '],
  ['SELECT 1 +', '102 '],
  ['CREATE TABLE T (Id int)', '2714 '],
  ['COMMIT', '3902 '],
  ['MERGE T USING T AS s ON 1 = 1 WHEN MATCHED THEN DELETE', '10713 '],
  ["SELECT SOUNDEX('a')", '40000 The simulator does not model: the function SOUNDEX'],
  ['SELECT * FROM sys.stats', '40000 The simulator does not model: the view sys.stats'],
  ['SELECT @missing', '137 '],
])('%s fails with %s', (text, message) => {
  const { sql } = lab();
  sql('CREATE TABLE T (Id int NOT NULL, CONSTRAINT PK_T PRIMARY KEY (Id)); INSERT T VALUES (1)');
  expect(() => sql(text)).toThrow(message);
});

test('a READ_ONLY database refuses every write with 3906 and its text, but not temporary tables', () => {
  const { sql } = lab();
  sql('CREATE TABLE T (Id int)');
  const where = { isReadOnly: true };
  const text = '3906 Failed to update database "shop" because the database is read-only.';
  for (const write of [
    'INSERT T VALUES (1)',
    'DELETE FROM T',
    'CREATE TABLE U (Id int)',
    'SET XACT_ABORT ON; BEGIN TRANSACTION; CREATE TABLE [x] ([id] int NOT NULL); ROLLBACK TRANSACTION',
  ]) {
    expect(() => sql(write, {}, where)).toThrow(text);
  }
  expect(
    sql('SELECT COUNT(*) AS n FROM T; CREATE TABLE #t (Id int); INSERT #t VALUES (4); SELECT Id FROM #t', {}, where),
  ).toEqual([{ Id: 4 }]);
});

test('a procedure that was created can be called', () => {
  const { sql } = lab();
  sql('CREATE PROCEDURE dbo.AddOne @n int, @m int = 1 AS BEGIN SELECT @n + @m AS v END');
  expect(sql('EXEC dbo.AddOne @n = 4')).toEqual([{ v: 5 }]);
  expect(sql('EXEC AddOne 4, 2')).toEqual([{ v: 6 }]);
});
