import { onPlan, type Team } from './team.ts';

export const team: Team = {
  nr: 12,
  name: 'Fruitmarket',
  has: 'ASP.NET Core by azd on B1; strings by a Key Vault provider in the code; catalogue and identities on two SQL servers, both migrated at the start',
  from: 'azd',
  world: { arrange: (parts) => onPlan(parts, 'B1', 'Basic') },
  writes: { 'plan-sku': 'S1', 'sql-server': 'sql', databases: 'shop,identity' },
  refused: {
    says: /There is no database identity on server sql/,
    servedBy: 'clones on several servers; today the databases of a deployment move to one server',
  },
};
