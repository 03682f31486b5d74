import type { Team } from './team.ts';

export const team: Team = {
  nr: 5,
  name: 'Cedar Clinics',
  has: 'Umbraco on Windows P0v3 by Terraform; Web Deploy into a slot keeps the files of `App_Data`',
  from: 'GitHub',
  world: {
    kind: { keepsUploadsIn: 'App_Data' },
    options: { sku: { name: 'P0v3', tier: 'PremiumV3', family: 'Pv3' } },
  },
  writes: { profile: 'umbraco', 'keep-files': 'App_Data/' },
};
