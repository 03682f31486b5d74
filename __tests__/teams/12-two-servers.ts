import { anew, connectionTo, onPlan, type Team } from './team.ts';

const identity = (database: string) =>
  `Server=tcp:identity.database.windows.net,1433;Database=${database};User ID=identityadmin;Password=Simulated-identity-2`;

export const team: Team = {
  nr: 12,
  name: 'Fruitmarket',
  has: 'ASP.NET Core by azd on B1; strings by a Key Vault provider in the code; catalogue and identities on two SQL servers, both migrated at the start',
  from: 'azd',
  world: {
    options: {
      furtherServers: [{ name: 'identity', databases: ['users'] }],
      appSettings: { CATALOG_KEY: 'Catalog', IDENTITY_KEY: 'Identity' },
    },
    kind: {
      brings: {
        from: 'store',
        strings: { Catalog: connectionTo('shop'), Identity: identity('users') },
        keysIn: ['CATALOG_KEY', 'IDENTITY_KEY'],
      },
    },
    arrange(parts) {
      onPlan(parts, 'B1', 'Basic');
      parts.production.occupant.connectionStrings = {};
      anew(parts);
    },
  },
  writes: {
    'plan-sku': 'S1',
    databases: 'sql/shop,identity/users',
    'readonly-settings': 'SHOP_READ_ONLY=true\nCATALOG_KEY=CATALOG_CLONE\nIDENTITY_KEY=IDENTITY_CLONE',
    'clone-connection-settings': [
      `CATALOG_CLONE=${connectionTo('{{clone-database:shop}}')}`,
      `IDENTITY_CLONE=${identity('{{clone-database:users}}')}`,
    ].join('\n'),
  },
};
