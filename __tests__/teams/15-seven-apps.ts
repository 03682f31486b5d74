import { beside, type Team } from './team.ts';

const OTHERS = ['identity', 'admin', 'events', 'notifications', 'sso', 'billing'];

export const team: Team = {
  nr: 15,
  name: 'Keystone Vault',
  has: 'ASP.NET Core: seven apps on one database, a zip each to `staging`, identity swapped first; scripts migrate',
  from: 'GitHub',
  world: { arrange: (parts) => beside(parts, ...OTHERS) },
  writes: { 'other-apps': OTHERS.map((name) => `${name} = ${name}.zip`).join('\n') },
  refused: { says: /other-apps is "identity = identity\.zip/, servedBy: 'builds for other apps in `other-apps`' },
};
