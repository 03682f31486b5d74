import { writeFileSync } from 'node:fs';
import { parseConnectionString } from '../sample-app/shop/connection-string.ts';
import { openDatabase } from '../sample-app/shop/database.ts';
import type { Content } from './content.ts';

/**
 * `node record-content.ts FILE`: writes all rows of the shop's database as JSON. The database is the one of
 * `ZDD_CONNECTION_STRING_SHOP`, so it can stand before a migrate-command, when nobody else writes: what it records
 * there is the content at the rollback point, seen by somebody who has nothing to do with the restore.
 */
const TABLES = ['SchemaVersion', 'Products', 'Orders', 'Heartbeat', 'Shipments'];

const [file] = process.argv.slice(2);
const connectionString = process.env.ZDD_CONNECTION_STRING_SHOP;
if (!file || !connectionString) {
  console.error('Usage: node record-content.ts FILE, with the database in ZDD_CONNECTION_STRING_SHOP.');
  process.exit(2);
}
const database = openDatabase(parseConnectionString(connectionString), 'zdd demo', 1);
const tables: Record<string, Content['tables'][string]> = {};
for (const table of TABLES) {
  const [found] = await database.query('SELECT OBJECT_ID(@table) AS Id', { table });
  if (found?.Id === null || found?.Id === undefined) continue;
  tables[table] = await database.query(`SELECT * FROM ${table}`);
}
database.close();
writeFileSync(file, JSON.stringify({ tables } satisfies Content));
const rows = Object.values(tables).reduce((sum, table) => sum + table.length, 0);
console.log(`Recorded ${rows} rows of ${Object.keys(tables).length} tables.`);
