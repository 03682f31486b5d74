import { Unmodelled } from '../world.ts';
import { type Answer, armError } from './answer.ts';
import type { ArmCall } from './call.ts';

/** `Microsoft.Storage/storageAccounts`, and `…/{name}/blobServices/default`: whether blobs are versioned. */
export function storageRequest(call: ArmCall): Answer {
  const [type, name, part, which] = call.path.segments;
  if (call.method === 'GET' && type?.toLowerCase() === 'storageaccounts' && name === undefined) return list(call);
  const isKnown =
    type?.toLowerCase() === 'storageaccounts' &&
    part?.toLowerCase() === 'blobservices' &&
    which?.toLowerCase() === 'default';
  if (call.method !== 'GET' || !isKnown || name === undefined || call.path.segments.length !== 4) {
    throw new Unmodelled(`${call.method} ${call.url.pathname}`);
  }
  const account = call.world.storageAccounts[name.toLowerCase()];
  if (account === undefined) {
    return armError(
      404,
      'ResourceNotFound',
      `The Resource 'Microsoft.Storage/storageAccounts/${name}' under resource group '${call.path.resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    );
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
        deleteRetentionPolicy: { allowPermanentDelete: false, enabled: false },
        isVersioningEnabled: account.isVersioningEnabled,
      },
    },
  };
}

function list(call: ArmCall): Answer {
  const accounts = Object.values(call.world.storageAccounts);
  const value = accounts.map(({ id, name }) => ({
    id,
    name,
    type: 'Microsoft.Storage/storageAccounts',
    kind: 'StorageV2',
    location: call.world.location.toLowerCase().replaceAll(' ', ''),
    sku: { name: 'Standard_LRS', tier: 'Standard' },
    properties: { provisioningState: 'Succeeded' },
  }));
  return { status: 200, body: { value } };
}
