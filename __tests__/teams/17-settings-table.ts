import type { Parts } from '../in-process/zoo.ts';
import { beside, connectionTo, succeeds, type Team } from './team.ts';

function world({ production, server, ...more }: Parts): void {
  production.occupant.connectionStrings = {};
  server.failoverGroups.pair = { name: 'pair', partnerServerId: '/far', databases: ['shop'] };
  beside({ production, server, ...more }, 'jobs');
}

export const team: Team = {
  nr: 17,
  name: 'Levy Ledger',
  has: 'ASP.NET Core on Windows; settings from table storage; a DACPAC by sqlpackage with another login; jobs in another app; a failover group',
  from: 'Azure DevOps',
  world: {
    kind: { brings: { from: 'web.config', strings: { LEVY_DB: connectionTo('shop') } }, connectsBy: ['LEVY_DB'] },
    // The build before runs on what the DACPAC makes of the database.
    next: { schema: '1', migratesOnStart: false },
    run: succeeds,
    arrange: world,
  },
  writes: {
    'sql-server': 'sql',
    databases: 'shop',
    'clone-connection-settings': `LEVY_DB=${connectionTo('{{clone-database}}')}`,
    'no-database-rollback': 'true',
    'other-apps': 'jobs = stop',
    'migrate-command': 'sqlpackage /Action:Publish /SourceFile:levy.dacpac /TargetConnectionString:"$ADMIN_CONNECTION"',
    'migrate-env':
      'ADMIN_CONNECTION=Server=sql.database.windows.net;Database=shop;User ID=admin;Password=Of-The-Admin-1',
  },
  changes: [
    {
      what: 'an app setting wins over the table (one line in the code); the jobs are deployed after `complete`',
      says: /^failed in read-only: /,
      before: {
        kind: { brings: { from: 'store', strings: { DefaultConnection: connectionTo('shop') } } },
        run: succeeds,
        arrange: world,
      },
    },
  ],
  back: 'code',
};
