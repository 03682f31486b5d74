import { beside, succeeds, type Team } from './team.ts';

const OTHERS = ['identity', 'admin', 'events', 'notifications', 'sso', 'billing'];

export const team: Team = {
  nr: 15,
  name: 'Keystone Vault',
  has: 'ASP.NET Core: seven apps on one database, a zip each to `staging`, identity swapped first; a migrator runs scripts',
  from: 'GitHub',
  world: { run: succeeds, arrange: (parts) => beside(parts, ...OTHERS) },
  writes: {
    'other-apps': OTHERS.map((name) => `${name} = ${name}.zip`).join('\n'),
    'migrate-command': './migrator "$ZDD_CONNECTION_STRING_DEFAULTCONNECTION"',
  },
};
