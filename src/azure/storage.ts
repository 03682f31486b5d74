import type { Arm } from './arm.ts';
import { linkAfter } from './pages.ts';
import { read } from './requests.ts';
import { resource } from './resource-shape.ts';

/** Whether the account keeps old versions of blobs; null when it cannot be seen. `account` is a resource id or a name. */
export async function isVersioningEnabled(arm: Arm, subscriptionId: string, account: string): Promise<boolean | null> {
  const id = await accountId(arm, subscriptionId, account);
  if (id === null) return null;
  const answer = await arm.request({
    what: `read the blob settings of storage account ${id.split('/').at(-1)}`,
    method: 'GET',
    at: `${id}/blobServices/default`,
    version: STORAGE_VERSION,
    accept: [403, 404],
  });
  if (answer.status !== 200) return null;
  return read<{ properties?: { isVersioningEnabled?: boolean } }>(answer).properties?.isVersioningEnabled === true;
}

/** Null when it cannot be seen. `account` is a resource id or a name. */
export async function accountId(arm: Arm, subscriptionId: string, account: string): Promise<string | null> {
  return account.startsWith('/') ? account : findAccount(arm, subscriptionId, account);
}

const STORAGE_VERSION = '2023-05-01';

interface Account {
  readonly id: string;
  readonly name: string;
  readonly properties: object;
}

async function findAccount(arm: Arm, subscriptionId: string, name: string): Promise<string | null> {
  let at: string | undefined = `/subscriptions/${subscriptionId}/providers/Microsoft.Storage/storageAccounts`;
  while (at !== undefined) {
    const answer = await arm.request({
      what: 'list the storage accounts',
      method: 'GET',
      at,
      version: STORAGE_VERSION,
    });
    const page: { value: readonly Account[]; nextLink?: string | null } = read(answer);
    const found = page.value.find((account) => account.name.toLowerCase() === name.toLowerCase());
    if (found) return resource('a storage account', found).id;
    at = linkAfter(page, at);
  }
  return null;
}
