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

/** Production signs in as itself: identity, and a user in the database. */
function known({ world, server, production }: Parts): void {
  production.identity = identityFrom(world, production, { type: 'SystemAssigned' });
  const { principalId } = production.identity ?? {};
  const { name = '', clientId = '' } =
    Object.values(world.principals).find(({ objectId }) => objectId === principalId) ?? {};
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
      known(parts);
      production.occupant.connectionStrings = { DefaultConnection: { value: BY_IDENTITY, type: 'SQLAzure' } };
      production.occupant.storageMounts = { data: MOUNT };
      runsImage(parts, 'web', 'ghcr.io/loom/shop');
      anew(parts);
    },
  },
  writes: { 'plan-sku': 'S2', 'slot-users': 'true', package: '', image: 'ghcr.io/loom/shop:2' },
};
