import { giveRole } from '../model/arm/role-assignments.ts';
import { putBlob } from '../model/storage/blobs.ts';
import type { StorageAccount } from '../model/storage/state.ts';
import type { World } from '../model/world.ts';

/** Adds account `media`, which keeps versions and whose blobs the identity of the run may read; one of them was written over. */
export function keepBlobs(world: World, now: number): StorageAccount {
  const [group] = Object.values(world.resourceGroups);
  const id = `/subscriptions/${world.subscriptionId}/resourceGroups/${group?.name}/providers/Microsoft.Storage/storageAccounts/media`;
  const account: StorageAccount = { id, name: 'media', isVersioningEnabled: true };
  world.storageAccounts.media = account;
  for (const at of ['images/logo.png', 'images/logo.png', 'documents/terms.pdf']) putBlob(account, at, now);
  const [deployer] = Object.values(world.principals);
  if (deployer !== undefined) giveRole(world, deployer, 'Storage Blob Data Reader', id);
  return account;
}
