import type { Parts } from '../in-process/zoo.ts';
import { beside, connectionTo, privately, type Team } from './team.ts';

function world(parts: Parts): void {
  beside(parts, 'api', 'web-north', 'api-north');
  privately(parts);
}

const options = { sku: { name: 'P1v3', tier: 'PremiumV3', family: 'Pv3' } };

export const team: Team = {
  nr: 13,
  name: 'Relay Concerts',
  has: 'ASP.NET Core by azd on P1v3; App Configuration read last; front end and API; private endpoints; a second region on the same databases',
  from: 'azd',
  world: { options, from: '10.0.0.4', arrange: world },
  writes: { 'other-apps': 'api = api.zip\nweb-north = stop\napi-north = stop' },
  changes: [
    {
      what: 'the environment wins over App Configuration (one line in the code); the second region, stopped meanwhile, is deployed after `complete`',
      says: /^failed in read-only: /,
      before: {
        options,
        from: '10.0.0.4',
        kind: { brings: { from: 'store', strings: { DefaultConnection: connectionTo('shop') } } },
        arrange: world,
      },
    },
  ],
};
