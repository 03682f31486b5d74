import { parseConnectionString } from '../shop/connection-string.ts';
import { type Database, openDatabase } from '../shop/database.ts';
import { schemaVersion } from '../shop/edition.ts';

/**
 * Brings the shop's database from schema 1 to schema 2: `node migrate.js` with the connection string in
 * `ZDD_CONNECTION_STRING_SHOP`. Repeatable: each change looks first whether it is made already, and the version
 * is written last, so a run that was interrupted is finished by the next.
 */
async function migrate(database: Database): Promise<void> {
  if ((await schemaVersion(database)) >= 2) {
    console.log('The database has schema 2 already.');
    return;
  }
  if (!(await hasColumn(database, 'Orders', 'CustomerName'))) {
    await database.query("EXEC sp_rename 'Orders.Customer', 'CustomerName', 'COLUMN'");
    console.log('Orders.Customer is called CustomerName.');
  }
  if (!(await hasColumn(database, 'Products', 'Currency'))) {
    await database.query("ALTER TABLE Products ADD Currency nvarchar(3) NOT NULL DEFAULT 'EUR'");
    console.log('Every price has its currency.');
  }
  if (!(await hasColumn(database, 'Shipments', 'OrderId'))) {
    await database.query(
      'CREATE TABLE Shipments (OrderId nvarchar(64) NOT NULL PRIMARY KEY, Status nvarchar(20) NOT NULL)',
    );
    console.log('There is a table of shipments.');
  }
  await database.query('INSERT INTO SchemaVersion (Version, AppliedAt) VALUES (2, SYSUTCDATETIME())');
  console.log('The database has schema 2.');
}

async function hasColumn(database: Database, table: string, column: string): Promise<boolean> {
  const [row] = await database.query('SELECT COL_LENGTH(@table, @column) AS Length', { table, column });
  return row?.Length !== null && row?.Length !== undefined;
}

const connectionString = process.env.ZDD_CONNECTION_STRING_SHOP ?? process.env.SQLAZURECONNSTR_Shop;
if (!connectionString) {
  console.error('Which database? ZDD_CONNECTION_STRING_SHOP is not set.');
  process.exit(2);
}
const database = openDatabase(parseConnectionString(connectionString), 'shop migrate', 1);
try {
  await migrate(database);
} finally {
  database.close();
}
