import { beside, type Team } from './team.ts';

const OTHERS = ['auth', 'admin', 'realtime', 'migrator'];

export const team: Team = {
  nr: 22,
  name: 'Cargo Compass',
  has: 'ABP on Linux: API, sign-in, administration and realtime on one database; a migrator app is started for the migration and stopped',
  from: 'GitHub',
  world: { options: { linux: true }, arrange: (parts) => beside(parts, ...OTHERS) },
  writes: {
    'other-apps': OTHERS.map((name) => `${name} = ${name}.zip`).join('\n'),
    'migrate-command': 'az webapp start --resource-group rg --name migrator',
    'commands-sign-in': 'true',
  },
  refused: { says: /other-apps is "auth = auth\.zip/, servedBy: 'builds for other apps in `other-apps`' },
};
