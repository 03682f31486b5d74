import type { Parts } from '../in-process/zoo.ts';
import { anew, connectionTo, PASSWORD, succeeds, type Team } from './team.ts';

const ODBC = `Driver={ODBC Driver 18 for SQL Server};Server=tcp:sql.database.windows.net,1433;Database=shop;Uid=zddadmin;Pwd=${PASSWORD}`;

function nothing(parts: Parts): void {
  parts.production.occupant.connectionStrings = {};
  anew(parts);
}

export const team: Team = {
  nr: 20,
  name: 'Sprout School',
  has: 'Django on Linux; host, database and password in settings.py; `migrate` in the start command; built by Oryx in Azure',
  from: 'GitHub',
  world: {
    kind: { connectsBy: ['DB_ODBC'] },
    options: { linux: true, appSettings: { DB_ODBC: ODBC } },
    run: succeeds,
    arrange: nothing,
  },
  writes: {
    'setup-command': 'pip install --quiet -r requirements.txt',
    'migrate-command': 'DB_ODBC="$ZDD_CONNECTION_STRING_DB_ODBC" python manage.py migrate --noinput',
  },
  changes: [
    {
      what: 'the database from an app setting (DB_ODBC) instead of settings.py, and `migrate` out of the start command',
      says: /No connection string of production names an SQL server/,
      before: {
        kind: { brings: { from: 'store', strings: { default: connectionTo('shop') } } },
        options: { linux: true },
        run: succeeds,
        arrange: nothing,
      },
    },
  ],
};
