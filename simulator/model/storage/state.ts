/** A storage account, as far as blobs go. */
export interface StorageAccount {
  readonly id: string;
  readonly name: string;
  /** A blob that is written over or deleted stays as an earlier version. */
  isVersioningEnabled: boolean;
  /** For how many days deleted blobs are kept (soft delete); absent: they are gone at once. */
  softDeleteDays?: number;
  /** Containers by name, and their blobs by name: each in all its versions, the oldest first. */
  containers?: Record<string, Record<string, BlobVersion[]>>;
  /** Nobody is let in from outside of its networks. */
  network?: 'firewall';
  /** An answer ends after so many entries, however many were asked for: Azure ends one early at the border of a partition. */
  mostInAnswer?: number;
}

export interface BlobVersion {
  /** When it was written, in milliseconds since the epoch. */
  readonly writtenAt: number;
  /** The moment of its writing is its id; a blob from before the account kept versions gets one when it is written over. */
  hasId: boolean;
  isCurrent: boolean;
  /** Soft-deleted since. */
  deletedAt?: number;
}
