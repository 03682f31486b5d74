import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { lab } from './lab.ts';

/** Runs a tool's script batch by batch, as sqlcmd does, and gives the errors that it met. */
function play(outcome: ReturnType<typeof lab>['outcome'], name: string): string[] {
  const script = readFileSync(new URL(`scripts/${name}.sql`, import.meta.url), 'utf8');
  return script
    .split(/^GO\s*$/m)
    .flatMap((batch) =>
      outcome(batch, undefined).parts.flatMap((part) =>
        part.kind === 'fault' ? [`${part.number} ${part.message}`] : [],
      ),
    );
}

test('the idempotent script of `dotnet ef migrations script` runs, and changes nothing when it runs again', () => {
  const { sql, outcome } = lab();
  expect(play(outcome, 'ef-core')).toEqual([]);
  const look = () => [
    sql('SELECT Id, Address, Name, Price, Total, Rating FROM Blogs ORDER BY Id'),
    sql(
      "SELECT c.name, t.name AS type, c.max_length, c.is_nullable FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.user_type_id WHERE c.object_id = OBJECT_ID('Blogs') ORDER BY c.column_id",
    ),
    sql('SELECT name, OBJECT_NAME(referenced_object_id) AS parent FROM sys.foreign_keys'),
    sql('SELECT MigrationId FROM __EFMigrationsHistory'),
    sql('SELECT * FROM BlogUrls'),
    sql('SELECT name, value FROM sys.extended_properties'),
  ];
  const first = look();
  expect(first).toEqual([
    [{ Id: 1, Address: 'https://a.example', Name: 'First', Price: '12.50', Total: '37.50', Rating: 3 }],
    [
      { name: 'Id', type: 'int', max_length: 4, is_nullable: 0 },
      { name: 'Address', type: 'nvarchar', max_length: 600, is_nullable: 0 },
      { name: 'Rating', type: 'int', max_length: 4, is_nullable: 0 },
      { name: 'Price', type: 'decimal', max_length: 9, is_nullable: 0 },
      { name: 'CreatedAt', type: 'datetime2', max_length: 8, is_nullable: 0 },
      { name: 'Total', type: 'decimal', max_length: 17, is_nullable: 1 },
      { name: 'RowVersion', type: 'timestamp', max_length: 8, is_nullable: 1 },
      { name: 'Name', type: 'nvarchar', max_length: 200, is_nullable: 0 },
    ],
    [{ name: 'FK_Articles_Blogs_BlogId', parent: 'Blogs' }],
    [{ MigrationId: '20240101000000_Initial' }, { MigrationId: '20240202000000_Second' }],
    [{ Id: 1, Address: 'https://a.example' }],
    [{ name: 'MS_Description', value: 'Where it is' }],
  ]);
  expect(play(outcome, 'ef-core')).toEqual([]);
  expect(look()).toEqual(first);
});

test('migrations of Prisma run: the second redefines a table that has rows', () => {
  const { sql, outcome } = lab();
  expect(play(outcome, 'prisma')).toEqual([]);
  expect(
    sql("SELECT DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'Post' AND COLUMN_NAME = 'id'"),
  ).toEqual([{ DATA_TYPE: 'bigint' }]);
  expect(sql('SELECT @@TRANCOUNT AS open_transactions')).toEqual([{ open_transactions: 0 }]);
});

test('a migration of Prisma that fails leaves nothing of itself, and says why', () => {
  const { sql, outcome } = lab();
  sql('CREATE TABLE Post (id int)');
  expect(play(outcome, 'prisma')[0]).toMatch(/^2714 /);
  expect(sql("SELECT OBJECT_ID('User') AS id, @@TRANCOUNT AS open_transactions")).toEqual([
    { id: null, open_transactions: 0 },
  ]);
});

test('a table rebuilt by a script of sqlpackage keeps its rows, their ids and the name of its key', () => {
  const { sql, outcome } = lab();
  expect(play(outcome, 'sqlpackage')).toEqual([]);
  expect(sql('SELECT Id, Customer, Total FROM Orders')).toEqual([
    { Id: 1, Customer: null, Total: '1.0000' },
    { Id: 2, Customer: null, Total: '2.5000' },
  ]);
  expect(sql("SELECT name FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID('Orders')")).toEqual([
    { name: 'PK_Orders' },
  ]);
});
