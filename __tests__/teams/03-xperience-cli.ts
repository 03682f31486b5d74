import { identityFrom } from '../../simulator/model/web/identity.ts';
import { succeeds, type Team } from './team.ts';

export const team: Team = {
  nr: 3,
  name: 'Blue Harbor Bank',
  has: 'Xperience by Kentico on Windows, zip; its CLI updates the database and restores deployed objects',
  from: 'Azure DevOps',
  world: {
    run: succeeds,
    arrange({ world }) {
      const id = `/subscriptions/${world.subscriptionId}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/media`;
      world.storageAccounts.media = { id, name: 'media', isVersioningEnabled: true };
    },
  },
  writes: {
    profile: 'xperience-kentico',
    'storage-account': 'media',
    'clone-connection-settings': 'CMSSTORAGEURL={{unchanged}}',
    'setup-command': 'unzip -q -o site.zip -d site',
    'migrate-command':
      'dotnet site/Site.dll --kxp-update --skip-confirmation && dotnet site/Site.dll --kxp-cd-restore --repository-path cd',
  },
  changes: [
    {
      what: 'a user-assigned identity that may only read blobs, for production and both slots',
      says: /reader identity: .*may only read blobs/,
      make({ world, production }) {
        const id =
          '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader';
        const wanted = { type: 'UserAssigned', userAssignedIdentities: { [id]: {} } };
        production.identity = identityFrom(world, production, wanted);
        const scope = world.storageAccounts.media?.id ?? '';
        const role = { scope, actions: [], notActions: [], name: 'Storage Blob Data Reader' };
        for (const { name, roles } of Object.values(world.principals)) if (name === 'reader') roles.push(role);
      },
    },
  ],
};
