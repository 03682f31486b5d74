import { type Azure, PROGRAM, SQL } from './azure.ts';
import type { Check } from './check.ts';
import { checksOfRestores } from './checks-of-restores.ts';
import { rulesOfSql } from './checks-of-rules.ts';
import { IS_READ_ONLY, numberOf, refusedWith, rows, serverOf } from './database-rows.ts';
import { follow, said } from './follow.ts';
import { letThisMachineIn, type Place } from './place.ts';

/** What only a connection to the database tells. The first makes a database that the others use. */
export const checksOfSql: readonly Check[] = [
  {
    name: 'firewall-names-the-address',
    question: 'Which error does a client hear whom no firewall rule lets in?',
    relied: '40615',
    ask: (azure, place) => refusedWith(() => rows(azure, place, 'shop', 'SELECT 1 AS One')),
  },
  {
    name: 'who-is-connected',
    question: 'Does an administrator see the second connection of its own, and who else is there?',
    relied: 'the second is seen',
    async ask(azure, place) {
      await letThisMachineIn(azure, place);
      await azure.patiently(() => rows(azure, place, 'shop', 'SELECT 1 AS One'));
      const second = await azure.connect(await serverOf(azure, place), 'shop');
      const [own] = await second.query('SELECT @@SPID AS session_id');
      const sessions = await rows(azure, place, 'shop', SESSIONS);
      await second.close();
      const isSeen = sessions.some(({ session_id: id }) => id === own?.session_id);
      const others = sessions.map(({ program_name: name }) => String(name)).filter((name) => name !== PROGRAM);
      return `the second is ${isSeen ? '' : 'not '}seen; others: ${[...new Set(others)].sort().join(', ') || 'nobody'}`;
    },
  },
  {
    name: 'write-to-a-read-only-database',
    question: 'With which number is a write to a READ_ONLY database refused?',
    relied: '3906',
    async ask(azure, place) {
      await rows(azure, place, 'shop', 'CREATE TABLE writes (id nvarchar(40) NOT NULL PRIMARY KEY)');
      await rows(azure, place, 'shop', "INSERT INTO writes (id) VALUES ('one')");
      await rows(azure, place, 'shop', 'ALTER DATABASE [shop] SET READ_ONLY WITH NO_WAIT');
      return refusedWith(() => rows(azure, place, 'shop', "INSERT INTO writes (id) VALUES ('two')"));
    },
  },
  {
    name: 'counters-of-a-read-only-database',
    question: 'Does sys.dm_db_index_usage_stats count reads of a READ_ONLY database?',
    relied: 'open',
    async ask(azure, place) {
      const before = await reads(azure, place);
      await rows(azure, place, 'shop', 'SELECT id FROM writes');
      return `${before}, then ${await reads(azure, place)}`;
    },
  },
  {
    name: 'copy-of-a-read-only-database',
    question: 'Is the copy of a READ_ONLY database READ_ONLY?',
    relied: 'open',
    async ask(azure, place) {
      const properties = { createMode: 'Copy', sourceDatabaseId: place.database };
      const target = place.database.replace(/shop$/, 'of-read-only');
      await follow(azure, await azure.ask('PUT', target, { location: place.location, properties }, SQL));
      const [copy] = await azure.patiently(() => rows(azure, place, 'of-read-only', IS_READ_ONLY));
      return Number(copy?.is_read_only) === 1 ? 'yes' : 'no';
    },
  },
  {
    name: 'rename-while-connected',
    question: 'What becomes of a rename while somebody is connected?',
    relied: 'open',
    async ask(azure, place) {
      const connection = await azure.connect(await serverOf(azure, place), 'of-read-only');
      await connection.query('SELECT 1 AS One');
      const from = place.database.replace(/shop$/, 'of-read-only');
      const moved = await azure.ask('POST', `${from}/move`, { id: place.database.replace(/shop$/, 'moved') }, SQL);
      const stays = await connection.query('SELECT 1 AS One').then(() => 'stays', numberOf);
      await connection.close().catch(() => undefined);
      return `${said(moved)}; the connection ${stays}`;
    },
  },
  ...rulesOfSql,
  ...checksOfRestores,
  {
    name: 'tds-8',
    question: 'Does the gateway take TDS 8, which the driver needs for TLS 1.3?',
    relied: 'open',
    async ask(azure, place) {
      const connection = await azure.connect(await serverOf(azure, place), 'shop', 'strict');
      await connection.close();
      return 'yes';
    },
  },
];

const SESSIONS =
  'SELECT session_id, program_name FROM sys.dm_exec_sessions WHERE is_user_process = 1 AND database_id = DB_ID()';
const READS =
  'SELECT user_seeks, user_scans, user_lookups FROM sys.dm_db_index_usage_stats WHERE database_id = DB_ID()';

async function reads(azure: Azure, place: Place): Promise<number> {
  const counted = await rows(azure, place, 'shop', READS);
  return counted.flatMap((row) => Object.values(row)).reduce<number>((sum, each) => sum + Number(each), 0);
}
