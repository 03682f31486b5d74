import { idOf, resource } from './resource-shape.ts';

/** Size of a database. */
export interface Sku {
  readonly name: string;
  readonly tier?: string;
  readonly family?: string;
  readonly capacity?: number;
  readonly size?: string;
}

/** Facts about a database that phases look at. Read from `Microsoft.Sql/servers/databases`, 2023-08-01. */
export interface Database {
  readonly id: string;
  readonly name: string;
  /** Its identity: names change, this never does. */
  readonly databaseId: string;
  /** `Online`, `Copying`, `Creating`, `Restoring`, `Paused`, `Resuming`, `Scaling`, … */
  readonly status: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly sku: Sku;
  readonly kind: string;
  readonly elasticPoolId: string | null;
  readonly creationDate: string;
  /** null until its first backups are there: until then it cannot be restored. */
  readonly earliestRestoreDate: string | null;
  readonly maxSizeBytes: number;
  /** Minutes; null when it is not serverless. */
  readonly autoPauseDelay: number | null;
  readonly minCapacity: number | null;
  readonly backupStorageRedundancy: string | null;
  readonly zoneRedundant: boolean;
  readonly serviceObjective: string;
}

export interface DatabaseWire {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly kind?: string | null;
  readonly tags?: Record<string, string> | null;
  readonly sku?: Sku | null;
  readonly properties: {
    readonly databaseId: string;
    readonly status: string;
    readonly elasticPoolId?: string | null;
    readonly creationDate?: string;
    readonly earliestRestoreDate?: string | null;
    readonly maxSizeBytes?: number;
    readonly autoPauseDelay?: number | null;
    readonly minCapacity?: number | null;
    readonly currentBackupStorageRedundancy?: string | null;
    readonly zoneRedundant?: boolean | null;
    readonly currentServiceObjectiveName?: string;
  };
}

/** Turns Azure's resource into a {@link Database}. */
export function databaseOf(wire: DatabaseWire): Database {
  const facts = resource('a database', wire, ['databaseId', 'status']).properties;
  return {
    id: wire.id,
    name: wire.name,
    databaseId: facts.databaseId,
    status: facts.status,
    location: wire.location,
    tags: wire.tags ?? {},
    sku: wire.sku ?? { name: facts.currentServiceObjectiveName ?? '' },
    kind: wire.kind ?? '',
    elasticPoolId: idOf('an elastic pool', facts.elasticPoolId),
    creationDate: facts.creationDate ?? '',
    earliestRestoreDate: facts.earliestRestoreDate ?? null,
    maxSizeBytes: facts.maxSizeBytes ?? 0,
    autoPauseDelay: facts.autoPauseDelay ?? null,
    minCapacity: facts.minCapacity ?? null,
    backupStorageRedundancy: facts.currentBackupStorageRedundancy ?? null,
    zoneRedundant: facts.zoneRedundant === true,
    serviceObjective: facts.currentServiceObjectiveName ?? '',
  };
}
