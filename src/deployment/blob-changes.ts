import type { BlobEntry, BlobsUnseen } from '../azure/blob-list.ts';

/** What became of the blobs that a database points at, since it was copied. */
export interface BlobReview {
  readonly account: string;
  /** The snapshot. */
  readonly since: string;
  /** Why nothing could be seen; then all that follows is empty. */
  readonly unseen: BlobsUnseen | undefined;
  /** The newest first, and no more than a report has room for. */
  readonly changes: readonly BlobChange[];
  /** Of all that were found. */
  readonly deleted: number;
  readonly overwritten: number;
  readonly gone: number;
  readonly containers: number;
  readonly blobs: number;
  /** There are more than were looked at. */
  readonly isCut: boolean;
  /** Without versions an overwritten blob cannot be told from a new one. */
  readonly hasVersions: boolean;
}

export interface BlobChange {
  readonly container: string;
  readonly name: string;
  /** `gone`: only earlier versions are left, and Azure keeps no time of that; it may have been before the snapshot. */
  readonly what: 'deleted' | 'overwritten' | 'gone';
  /** When; of what is gone, when it was written last. */
  readonly at: string;
}

/**
 * Pure: of each blob that was there at the snapshot, whether it is still there and the same.
 * @param entries all versions of the blobs of a container
 */
export function blobChanges(container: string, entries: readonly BlobEntry[], since: string): readonly BlobChange[] {
  const of = new Map<string, BlobEntry[]>();
  for (const entry of entries) {
    const versions = of.get(entry.name) ?? [];
    versions.push(entry);
    of.set(entry.name, versions);
  }
  // Azure tells some of these times in whole seconds.
  const from = Math.floor(Date.parse(since) / 1000) * 1000;
  return [...of].flatMap(([name, versions]) => {
    const change = changeOf(versions, from);
    return change ? [{ container, name, what: change.what, at: new Date(change.at).toISOString() }] : [];
  });
}

function changeOf(versions: readonly BlobEntry[], from: number): { what: BlobChange['what']; at: number } | undefined {
  const [newest] = [...versions].sort((one, other) => other.writtenAt - one.writtenAt);
  // What was not there at the snapshot is in no database that goes back to it.
  if (newest === undefined || versions.every(({ writtenAt }) => writtenAt >= from)) return undefined;
  const current = versions.find(({ isCurrent }) => isCurrent);
  if (current) return current.writtenAt >= from ? { what: 'overwritten', at: current.writtenAt } : undefined;
  if (newest.deletedAt === undefined) return { what: 'gone', at: newest.writtenAt };
  return newest.deletedAt >= from ? { what: 'deleted', at: newest.deletedAt } : undefined;
}
