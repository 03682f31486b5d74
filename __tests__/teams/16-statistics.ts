import { beside, type Team } from './team.ts';

export const team: Team = {
  nr: 16,
  name: 'Open Figures',
  has: 'ASP.NET Core: administration, two APIs and three Function apps; two SQL servers, a PostgreSQL beside; a geo-replicated database',
  from: 'Azure DevOps',
  world: {
    arrange(parts) {
      beside(parts, 'content-api', 'data-api', 'publisher');
      parts.production.occupant.connectionStrings.PublicData = {
        value:
          'Server=pg-a.postgres.database.azure.com;Database=public_data;Port=5432;User Id=u;Password=Hidden-Data-1',
        type: 'PostgreSQL',
      };
      parts.production.occupant.connectionStrings.Statistics = {
        value: 'Server=statistics.database.windows.net;Database=statistics;User ID=u;Password=Hidden-Data-2',
        type: 'SQLAzure',
      };
    },
  },
  writes: {
    'sql-server': 'sql',
    'no-database-rollback': 'true',
    'clone-connection-settings': 'PublicData={{unchanged}}',
    'other-apps': 'content-api = stop\ndata-api = stop\npublisher = stop',
  },
  refused: {
    says: /Statistics leads to database statistics on statistics\.database\.windows\.net/,
    servedBy: 'clones on several servers',
  },
};
