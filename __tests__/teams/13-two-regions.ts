import { beside, type Team } from './team.ts';

export const team: Team = {
  nr: 13,
  name: 'Relay Concerts',
  has: 'ASP.NET Core by azd on P1v3, autoscaled; App Configuration read last; front end and API; private endpoints; a second region on the same databases',
  from: 'azd',
  world: {
    options: { sku: { name: 'P1v3', tier: 'PremiumV3', family: 'Pv3' } },
    arrange: (parts) => beside(parts, 'api'),
  },
  writes: { 'other-apps': 'api = api.zip' },
  refused: { says: /other-apps is "api = api\.zip"/, servedBy: 'builds for other apps in `other-apps`' },
};
