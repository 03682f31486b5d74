import { beside, privately, runsImage, succeeds, type Team } from './team.ts';

/** Prisma’s migrations only add: the build before runs on them. */
const NEXT = { schema: '1', migratesOnStart: false };

export const team: Team = {
  nr: 18,
  name: 'Plan & Plot',
  has: 'Node and Prisma on Linux P1v3, ACR images: three apps staged, then migrated with another login, then swapped; failover group; private endpoints',
  from: 'Azure DevOps',
  world: {
    options: { linux: true, sku: { name: 'P1v3', tier: 'PremiumV3', family: 'Pv3' } },
    from: '10.0.0.4',
    run: succeeds,
    arrange(parts) {
      beside(parts, 'manage', 'api');
      runsImage(parts, 'web', 'plans.azurecr.io/portal', NEXT);
      for (const app of ['manage', 'api']) runsImage(parts, app, `plans.azurecr.io/${app}`, NEXT);
      privately(parts);
      parts.server.failoverGroups.pair = { name: 'pair', partnerServerId: '/far', databases: ['shop'] };
    },
  },
  writes: {
    package: '',
    image: 'plans.azurecr.io/portal:2',
    'other-apps': 'manage = plans.azurecr.io/manage:2\napi = plans.azurecr.io/api:2',
    'no-database-rollback': 'true',
    'setup-command': 'npm ci',
    'migrate-command': 'npx prisma migrate deploy',
    'migrate-env':
      'DATABASE_URL=sqlserver://sql.database.windows.net:1433;database=shop;user=migrator;password=Of-The-Migrator-1',
  },
  back: 'code',
};
