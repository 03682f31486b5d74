import { anew, beside, type Team } from './team.ts';

export const team: Team = {
  nr: 16,
  name: 'Open Figures',
  has: 'ASP.NET Core: administration, two APIs and three Function apps; two SQL servers, a PostgreSQL beside; a geo-replicated database',
  from: 'Azure DevOps',
  world: {
    options: { furtherServers: [{ name: 'statistics', databases: ['statistics'] }] },
    // The build before runs on what the migrations make of the databases.
    next: { schema: '1', migratesOnStart: false },
    arrange(parts) {
      const { world, production } = parts;
      const link = {
        name: 'link',
        partnerServer: 'far',
        partnerDatabase: 'statistics',
        partnerLocation: 'North Europe',
      };
      world.sql.servers.statistics?.databases.statistics?.replicationLinks.push(link);
      const { DefaultConnection2: Statistics, ...strings } = production.occupant.connectionStrings;
      const PublicData = {
        value:
          'Server=pg-a.postgres.database.azure.com;Database=public_data;Port=5432;User Id=u;Password=Hidden-Data-1',
        type: 'PostgreSQL',
      };
      production.occupant.connectionStrings = { ...strings, ...(Statistics && { Statistics }), PublicData };
      anew(parts);
      beside(parts, 'content-api', 'data-api', 'publisher', 'processor', 'notifier');
    },
  },
  writes: {
    'no-database-rollback': 'true',
    'clone-connection-settings': 'PublicData={{unchanged}}',
    'other-apps': ['content-api', 'data-api', 'publisher', 'processor', 'notifier']
      .map((name) => `${name} = stop`)
      .join('\n'),
  },
  back: 'code',
};
