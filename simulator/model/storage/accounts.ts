import type { Answer } from '../arm/answer.ts';
import type { ArmCall } from '../arm/call.ts';
import { notFound } from '../arm/refusal.ts';
import { regionOf } from '../arm/region.ts';

/** Storage accounts of the subscription. */
export function listAccounts(call: ArmCall): Answer {
  const accounts = Object.values(call.world.storageAccounts);
  const value = accounts.map(({ id, name }) => ({
    id,
    name,
    type: 'Microsoft.Storage/storageAccounts',
    kind: 'StorageV2',
    location: regionOf(call.world.location),
    sku: { name: 'Standard_LRS', tier: 'Standard' },
    properties: { provisioningState: 'Succeeded' },
  }));
  return { status: 200, body: { value } };
}

/** `…/{account}/blobServices/default`: whether blobs are versioned, and kept when they are deleted. */
export function showBlobService(call: ArmCall): Answer {
  const { account: name = '' } = call.names;
  const account = call.world.storageAccounts[name.toLowerCase()];
  if (account === undefined) {
    throw notFound(`Microsoft.Storage/storageAccounts/${name}`, call.path.resourceGroup ?? '');
  }
  return {
    status: 200,
    body: {
      sku: { name: 'Standard_LRS', tier: 'Standard' },
      id: `${account.id}/blobServices/default`,
      name: 'default',
      type: 'Microsoft.Storage/storageAccounts/blobServices',
      properties: {
        cors: { corsRules: [] },
        deleteRetentionPolicy: {
          allowPermanentDelete: false,
          enabled: account.softDeleteDays !== undefined,
          ...(account.softDeleteDays !== undefined && { days: account.softDeleteDays }),
        },
        isVersioningEnabled: account.isVersioningEnabled,
      },
    },
  };
}
