import { strToU8 } from 'fflate';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { addContent, contentOf } from '../../simulator/model/web/content.ts';
import { anew, PASSWORD, type Team } from './team.ts';

const JDBC = `jdbc:sqlserver://sql.database.windows.net:1433;database=shop;user=zddadmin@sql;password=${PASSWORD};hostNameInCertificate=*.database.windows.net;`;

export const team: Team = {
  nr: 21,
  name: 'Lindo Petshop',
  has: 'JBoss EAP on Linux, JDBC; war, driver and start script lie beside `wwwroot`',
  from: 'GitHub',
  world: {
    kind: { connectsBy: ['SQL_CONNECTION_URL'] },
    options: { linux: true, appSettings: { SQL_CONNECTION_URL: JDBC } },
    arrange(parts) {
      const { world, production } = parts;
      production.occupant.connectionStrings = {};
      const { files } = contentOf(world, production.occupant.contentId);
      const script = {
        'site/scripts/startup.sh': strToU8('/opt/startup/startup.sh'),
        'site/libs/mssql.jar': strToU8('jar'),
      };
      production.occupant.contentId = addContent(world, { ...files, ...script }, Object.keys(files), EPOCH);
      production.occupant.config = { appCommandLine: '/home/site/scripts/startup.sh' };
      anew(parts);
    },
  },
  writes: { 'keep-files': '/home/site/scripts, /home/site/libs' },
};
