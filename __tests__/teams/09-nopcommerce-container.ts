import { EPOCH } from '../../simulator/model/create-world.ts';
import { addSlot } from '../../simulator/model/web/create.ts';
import { identityFrom } from '../../simulator/model/web/identity.ts';
import type { Parts } from '../in-process/zoo.ts';
import { anew, onPlan, runsImage, type Team } from './team.ts';

const MOUNT = {
  type: 'AzureFiles',
  accountName: 'files',
  shareName: 'data',
  mountPath: '/app/App_Data',
  accessKey: 'k',
};
const BY_IDENTITY =
  'Server=tcp:sql.database.windows.net,1433;Database=shop;Authentication=Active Directory Managed Identity';

/** A slot signs in as itself: identity, and a user in the database. */
function known({ world, server }: Parts, slot: Parts['production']): void {
  slot.identity = identityFrom(world, slot, { type: 'SystemAssigned' });
  const principal = Object.values(world.principals).find(({ objectId }) => objectId === slot.identity?.principalId);
  const { name = '', clientId = '' } = principal ?? {};
  server.databases.shop?.users.push({ name, clientId, roles: ['db_owner'], permissions: [] });
}

export const team: Team = {
  nr: 9,
  name: 'Loom Living',
  has: 'nopCommerce in a container (GHCR) on Linux B2; signs in with its own identity; `App_Data` is a share that all slots mount',
  from: 'GitHub',
  world: {
    options: { linux: true },
    arrange(parts) {
      const { production } = parts;
      onPlan(parts, 'B2', 'Basic');
      known(parts, production);
      production.occupant.connectionStrings = { DefaultConnection: { value: BY_IDENTITY, type: 'SQLAzure' } };
      production.occupant.storageMounts = { data: MOUNT };
      runsImage(parts, 'web', 'ghcr.io/loom/shop');
      anew(parts);
    },
  },
  writes: { 'plan-sku': 'S2', package: '', image: 'ghcr.io/loom/shop:2' },
  changes: [
    {
      what: 'both slots made once, with the share mounted, an identity and a user in the database each',
      says: /identit/i,
      make(parts) {
        for (const name of ['zdd-readonly', 'zdd-staging']) {
          const slot = addSlot(parts.world, parts.site, name, EPOCH);
          slot.tags = { 'zdd-slot': 'yes' };
          slot.fixedConfig = structuredClone(parts.production.fixedConfig);
          slot.occupant.storageMounts = { data: MOUNT };
          known(parts, slot);
        }
      },
    },
  ],
};
