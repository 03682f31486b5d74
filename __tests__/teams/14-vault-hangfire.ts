import { stringInVault, type Team } from './team.ts';

export const team: Team = {
  nr: 14,
  name: 'Kiwi Rewards',
  has: 'ASP.NET Core and EF Core by Bicep; the string is a Key Vault reference; migrates at the start; Hangfire',
  from: 'GitHub',
  world: { arrange: (parts) => stringInVault(parts) },
  writes: { 'readonly-settings': 'SHOP_READ_ONLY=true\nHangfire__Enabled=false' },
};
