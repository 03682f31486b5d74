import { table } from '../in-process/table.ts';
import type { Parts } from '../in-process/zoo.ts';
import { anew, beside, connectionTo, PASSWORD, type Team } from './team.ts';

/** The row of the environment that a setting names. */
const { arrange: withTable, run } = table({ PROD: { Database: connectionTo('shop') } });

function world(parts: Parts): void {
  const { production, server } = parts;
  beside(parts, 'jobs');
  withTable(parts);
  production.occupant.connectionStrings = {};
  anew(parts);
  server.failoverGroups.pair = { name: 'pair', partnerServerId: '/far', databases: ['shop'] };
}

export const team: Team = {
  nr: 17,
  name: 'Levy Ledger',
  has: 'ASP.NET Core on Windows; settings from table storage; a DACPAC by sqlpackage with another login; jobs in another app; a failover group',
  from: 'Azure DevOps',
  world: {
    kind: { brings: { from: 'store', strings: {}, rowIn: 'EnvironmentName' } },
    options: { appSettings: { EnvironmentName: 'PROD' } },
    // The build before runs on what the DACPAC makes of the database.
    next: { schema: '1', migratesOnStart: false },
    run,
    arrange: world,
  },
  writes: {
    'sql-server': 'sql',
    databases: 'shop',
    'readonly-settings': 'SHOP_READ_ONLY=true\nEnvironmentName=COPY',
    'copy-command':
      'az storage entity insert --if-exists replace --table-name Configuration --entity PartitionKey=COPY RowKey=Levy "Database=Server=$ZDD_SQL_SERVER;Database=$ZDD_CLONE_DATABASE;User ID=zddadmin;Password=$LEVY_PASSWORD"',
    'copy-env': `LEVY_PASSWORD=${PASSWORD}`,
    'no-database-rollback': 'true',
    'other-apps': 'jobs = stop',
    'migrate-command': 'sqlpackage /Action:Publish /SourceFile:levy.dacpac /TargetConnectionString:"$ADMIN_CONNECTION"',
    'migrate-env':
      'ADMIN_CONNECTION=Server=sql.database.windows.net;Database=shop;User ID=admin;Password=Of-The-Admin-1',
  },
  back: 'code',
};
