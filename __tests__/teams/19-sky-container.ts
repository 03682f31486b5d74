import { EPOCH } from '../../simulator/model/create-world.ts';
import { addSlot } from '../../simulator/model/web/create.ts';
import { onPlan, runsImage, stringInVault, type Team } from './team.ts';

export const team: Team = {
  nr: 19,
  name: 'Cirrus Pages',
  has: 'ASP.NET Core in a container `:latest` on Linux B2; slot `staging` swaps by itself; Key Vault references; a serverless database',
  from: 'GitHub',
  world: {
    options: { linux: true },
    arrange(parts) {
      const { world, site, server } = parts;
      onPlan(parts, 'B2', 'Basic');
      runsImage(parts, 'web', 'docker.io/cirrus/pages');
      stringInVault(parts);
      addSlot(world, site, 'staging', EPOCH).fixedConfig = { autoSwapSlotName: 'production' };
      Object.assign(server.databases.shop ?? {}, {
        sku: { name: 'GP_S_Gen5', tier: 'GeneralPurpose' },
        autoPauseDelay: 60,
      });
    },
  },
  writes: { 'pause-auto-swap': 'staging', 'plan-sku': 'S2', package: '', image: 'docker.io/cirrus/pages:2' },
};
