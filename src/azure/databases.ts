import { Stop } from '../errors.ts';
import { isDatabaseName } from '../settings/names.ts';
import type { Arm } from './arm.ts';
import { type Database, type DatabaseWire, databaseOf, type Sku } from './database-shapes.ts';
import { rawItems, sqlPages } from './pages.ts';
import { read, sql } from './requests.ts';
import { serverParts } from './resource-id.ts';

const SLOW_MS = 300_000;

/** What a new database gets in addition to its content; what is left out is Azure's default for a copy or restore. */
export interface NewDatabase {
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly sku?: Sku;
  readonly elasticPoolId?: string;
  /** Minutes; -1 never pauses (serverless only). */
  readonly autoPauseDelay?: number;
  readonly minCapacity?: number;
  /** `Local`, `Zone`, `Geo`, `GeoZone`. */
  readonly backupStorageRedundancy?: string;
  readonly zoneRedundant?: boolean;
}

/** The resource id of a database. */
export function databaseId(serverId: string, name: string): string {
  if (!isDatabaseName(name))
    throw new Stop('drifted', `"${name}" is not the name of a database.`, 'Look at where it was written.');
  return `${serverId}/databases/${name}`;
}

/** The server's id and the name in the id of a database. */
export function placeIn(id: string): readonly [serverId: string, name: string] {
  const at = id.toLowerCase().lastIndexOf('/databases/');
  return [id.slice(0, at), id.slice(at + '/databases/'.length)];
}

/** null when there is none of this name. */
export async function getDatabase(arm: Arm, serverId: string, name: string): Promise<Database | null> {
  const { group, server } = serverParts(serverId);
  const answer = await arm.sql(
    { what: `read database ${name}`, id: serverId, repeat: 'read', accept: [404], asSent: true },
    ({ databases }) => databases.get(group, server, name),
  );
  // Not the client's own reading: of the dates we need every decimal.
  return answer.status === 404 ? null : databaseOf(read(answer));
}

/** All databases but master. Tags may be missing in a list: read a single one to rely on them. */
export async function listDatabases(arm: Arm, serverId: string): Promise<readonly Database[]> {
  const { group, server } = serverParts(serverId);
  const pages = await sqlPages(
    arm,
    { what: 'list the databases of the server', id: serverId, repeat: 'read', asSent: true },
    ({ databases }) => databases.listByServer(group, server),
  );
  return rawItems<DatabaseWire>(pages)
    .map(databaseOf)
    .filter((database) => database.name.toLowerCase() !== 'master');
}

/**
 * Asks for a copy. Rule 3: onto an existing name Azure silently updates instead, so GET must have said 404 first, and
 * the name of the operation, which comes back, must be `CreateDatabaseAsCopy`. It is not repeated here: the first may have been accepted, so whoever does it looks again before.
 */
export function createCopy(
  arm: Arm,
  serverId: string,
  name: string,
  sourceId: string,
  settings: NewDatabase,
): Promise<string> {
  return create(arm, serverId, name, settings, { createMode: 'Copy', sourceDatabaseId: sourceId });
}

/**
 * Asks for the content of `sourceId` as of `pointInTime` (ISO 8601, UTC) under a new name.
 * The name of the operation, which comes back, must be `CreateRestoreRequest`. Azure waits for the log backup itself: minutes.
 */
export function createRestore(
  arm: Arm,
  serverId: string,
  name: string,
  sourceId: string,
  pointInTime: string,
  settings: NewDatabase,
): Promise<string> {
  return create(arm, serverId, name, settings, {
    createMode: 'PointInTimeRestore',
    sourceDatabaseId: sourceId,
    restorePointInTime: pointInTime,
  });
}

/** Renames. Synchronous, about 12 s; its `databaseId`, tags and creation date stay. Refused while connections are open. */
export async function moveDatabase(arm: Arm, serverId: string, name: string, newName: string): Promise<void> {
  await sql(arm, `rename database ${name} to ${newName}`, 'POST', `${databaseId(serverId, name)}/move`, {
    body: { id: databaseId(serverId, newName) },
    timeoutMs: SLOW_MS,
  });
}

/** Deletes; nothing happens when it is gone already, so it may be sent twice. Deleting a copy or restore in progress cancels it. */
export async function deleteDatabase(arm: Arm, serverId: string, name: string): Promise<void> {
  await sql(arm, `delete database ${name}`, 'DELETE', databaseId(serverId, name), { accept: [404], repeat: 'read' });
}

/** An operation on a database, under way or over. */
export interface DatabaseOperation {
  readonly name: string;
  readonly operation: string;
  /** `InProgress`, `Succeeded`, `Failed`, `Pending`, `CancelInProgress`, `Cancelled`. */
  readonly state: string;
  readonly startTime: string;
  /** From 0 to 100; undefined where Azure does not say. */
  readonly percentComplete: number | undefined;
}

export async function listOperations(arm: Arm, serverId: string, name: string): Promise<readonly DatabaseOperation[]> {
  const { group, server } = serverParts(serverId);
  const pages = await sqlPages(
    arm,
    { what: `list the operations of database ${name}`, id: serverId, repeat: 'read', asSent: true },
    ({ databaseOperations }) => databaseOperations.listByDatabase(group, server, name),
  );
  const all = rawItems<{ name: string; properties: Partial<Omit<DatabaseOperation, 'name'>> }>(pages);
  return all.map(({ name: id, properties }) => ({
    name: id,
    operation: properties.operation ?? '',
    state: properties.state ?? '',
    startTime: properties.startTime ?? '',
    percentComplete: typeof properties.percentComplete === 'number' ? properties.percentComplete : undefined,
  }));
}

async function create(
  arm: Arm,
  serverId: string,
  name: string,
  settings: NewDatabase,
  mode: Readonly<Record<string, string>>,
): Promise<string> {
  const { location, tags, sku, backupStorageRedundancy, ...rest } = settings;
  const redundancy =
    backupStorageRedundancy === undefined ? {} : { requestedBackupStorageRedundancy: backupStorageRedundancy };
  const body = { location, tags, ...(sku ? { sku } : {}), properties: { ...mode, ...rest, ...redundancy } };
  const what = mode.createMode === 'Copy' ? `copy a database to ${name}` : `restore a database to ${name}`;
  const answer = await sql(arm, what, 'PUT', databaseId(serverId, name), { body });
  const { operation }: { operation?: unknown } = Object(answer.json());
  return typeof operation === 'string' ? operation : '';
}
