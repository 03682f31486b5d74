import { beside, runsImage, succeeds, type Team } from './team.ts';

export const team: Team = {
  nr: 18,
  name: 'Plan & Plot',
  has: 'Node and Prisma on Linux P1v3, ACR images: three apps staged, then migrated, then swapped; failover group; private endpoints',
  from: 'Azure DevOps',
  world: {
    options: { linux: true, sku: { name: 'P1v3', tier: 'PremiumV3', family: 'Pv3' } },
    run: succeeds,
    arrange(parts) {
      runsImage(parts, 'plans.azurecr.io/portal');
      beside(parts, 'manage', 'api');
    },
  },
  writes: {
    package: '',
    image: 'plans.azurecr.io/portal:2',
    'other-apps': 'manage = plans.azurecr.io/manage:2\napi = plans.azurecr.io/api:2',
  },
  refused: {
    says: /other-apps is "manage = plans\.azurecr\.io/,
    servedBy:
      'builds for other apps in `other-apps`; one app alone is served: image, private endpoints, failover group and the other login of the migration',
  },
};
