import type { BlobVersion, StorageAccount } from './state.ts';

/**
 * Writes a blob, also over one that is there: an account with versions keeps that as an earlier one.
 * https://learn.microsoft.com/azure/storage/blobs/versioning-overview
 * @param at `container/name`
 * @param now milliseconds since the epoch
 */
export function putBlob(account: StorageAccount, at: string, now: number): void {
  const [blobs, name] = placeOf(account, at);
  const before = account.isVersioningEnabled ? withoutCurrent(blobs[name] ?? []) : [];
  blobs[name] = [...before, { writtenAt: now, hasId: account.isVersioningEnabled, isCurrent: true }];
}

/**
 * Deletes a blob. With versions the current one becomes an earlier one, and nothing says when; otherwise soft delete keeps it
 * with the time. https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview#blob-soft-delete-and-versioning
 * @param at `container/name`
 * @param now milliseconds since the epoch
 */
export function deleteBlob(account: StorageAccount, at: string, now: number): void {
  const [blobs, name] = placeOf(account, at);
  const versions = blobs[name];
  if (!versions?.some(({ isCurrent }) => isCurrent)) throw new Error(`There is no blob ${at}.`);
  if (account.isVersioningEnabled) blobs[name] = withoutCurrent(versions);
  else if (account.softDeleteDays === undefined) delete blobs[name];
  else blobs[name] = versions.map((version) => ({ ...version, isCurrent: false, deletedAt: now }));
}

/** Deletes the earlier versions of a blob, as a rule for its life cycle does: soft delete keeps them, with the time. */
export function deleteEarlier(account: StorageAccount, at: string, now: number): void {
  const [blobs, name] = placeOf(account, at);
  const isKept = account.softDeleteDays !== undefined;
  blobs[name] = (blobs[name] ?? []).flatMap((version) => {
    if (version.isCurrent || version.deletedAt !== undefined) return [version];
    return isKept ? [{ ...version, deletedAt: now }] : [];
  });
}

function placeOf(account: StorageAccount, at: string): [blobs: Record<string, BlobVersion[]>, name: string] {
  const [container = '', ...rest] = at.split('/');
  account.containers ??= {};
  account.containers[container] ??= {};
  return [account.containers[container], rest.join('/')];
}

function withoutCurrent(versions: readonly BlobVersion[]): BlobVersion[] {
  return versions.map((version) => (version.isCurrent ? { ...version, isCurrent: false, hasId: true } : version));
}
