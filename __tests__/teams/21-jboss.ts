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
      parts.production.occupant.connectionStrings = {};
      anew(parts);
    },
  },
  writes: {},
};
