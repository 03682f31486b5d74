import type { Answer } from '../arm/answer.ts';
import type { World } from '../world.ts';
import { azureTime } from './azure-time.ts';
import { type ServerCall, withDatabase } from './database-call.ts';
import { databaseId, serverId } from './lookup.ts';
import type { Database, Sku, SqlServer } from './state.ts';

const DAY = 86_400_000;
const PAIRED: Record<string, string> = { westeurope: 'northeurope', northeurope: 'westeurope', eastus: 'westus' };

/** A database as ARM shows it; keys and their order as recorded. */
export function databaseBody(world: World, server: SqlServer, database: Database, now: number): unknown {
  const sku = shownSku(database);
  const restore = earliestRestore(database, now);
  return {
    sku,
    kind: kindOf(database),
    properties: {
      collation: database.collation,
      maxSizeBytes: database.maxSizeBytes,
      ...(database.elasticPoolId === undefined ? {} : { elasticPoolId: database.elasticPoolId }),
      status: database.status,
      databaseId: database.databaseId,
      ...(database.creationDate <= now ? { creationDate: azureTime(database.creationDate) } : {}),
      currentServiceObjectiveName: objective(database),
      requestedServiceObjectiveName: objective(database),
      defaultSecondaryLocation: PAIRED[server.location] ?? 'northeurope',
      catalogCollation: 'SQL_Latin1_General_CP1_CI_AS',
      zoneRedundant: database.zoneRedundant,
      ...(database.licenseType === undefined ? {} : { licenseType: database.licenseType }),
      ...(isVCore(database) ? { maxLogSizeBytes: 193_273_528_320 } : {}),
      ...(restore === undefined ? {} : { earliestRestoreDate: azureTime(restore) }),
      readScale: 'Disabled',
      currentSku: sku,
      ...(database.autoPauseDelay === undefined ? {} : { autoPauseDelay: database.autoPauseDelay }),
      currentBackupStorageRedundancy: database.backupStorageRedundancy,
      requestedBackupStorageRedundancy: database.backupStorageRedundancy,
      ...(database.minCapacity === undefined ? {} : { minCapacity: database.minCapacity }),
      maintenanceConfigurationId: `/subscriptions/${world.subscriptionId}/providers/Microsoft.Maintenance/publicMaintenanceConfigurations/SQL_Default`,
      isLedgerOn: false,
      isInfraEncryptionEnabled: false,
    },
    location: server.location,
    ...(Object.keys(database.tags).length > 0 ? { tags: database.tags } : {}),
    id: databaseId(world, server, database.name),
    name: database.name,
    type: 'Microsoft.Sql/servers/databases',
  };
}

/** How long a list does not know of a new database yet (variant `list-lags`). */
const LAG_MS = 180_000;

/** All databases of a server, `master` included. Variant `list-without-tags`: as in 2017, tags are left out. */
export function listDatabases({ world, server, now }: ServerCall): Answer {
  const listed = Object.values(server.databases).filter(
    ({ creationDate }) => !world.variants['list-lags'] || now - creationDate >= LAG_MS,
  );
  const value = listed.map((database) => {
    const shown = world.variants['list-without-tags'] ? { ...database, tags: {} } : database;
    return databaseBody(world, server, shown, now);
  });
  return { status: 200, body: { value: [...value, masterBody(world, server)] } };
}

/** One database; `master` is shown too, though no request can change it. */
export function showDatabase(call: ServerCall): Answer {
  const { world, server, now, names } = call;
  if (names.database?.toLowerCase() === 'master') return { status: 200, body: masterBody(world, server) };
  return withDatabase(({ database }) => ({ status: 200, body: databaseBody(world, server, database, now) }))(call);
}

/** The system database `master` as ARM shows it. */
function masterBody(world: World, server: SqlServer): unknown {
  const sku = { name: 'System', tier: 'System', capacity: 0 };
  return {
    sku,
    kind: 'v12.0,system',
    properties: {
      collation: 'SQL_Latin1_General_CP1_CI_AS',
      maxSizeBytes: 32_212_254_720,
      status: 'Online',
      databaseId: masterDatabaseId(server),
      creationDate: '2026-01-01T00:00:00Z',
      currentServiceObjectiveName: 'System2',
      requestedServiceObjectiveName: 'System2',
      defaultSecondaryLocation: PAIRED[server.location] ?? 'northeurope',
      catalogCollation: 'SQL_Latin1_General_CP1_CI_AS',
      zoneRedundant: false,
      readScale: 'Disabled',
      currentSku: sku,
      isLedgerOn: false,
    },
    location: server.location,
    managedBy: serverId(world, server),
    id: databaseId(world, server, 'master'),
    name: 'master',
    type: 'Microsoft.Sql/servers/databases',
  };
}

/** The earliest instant to which one can restore now; `undefined` until the first backup is done. */
export function earliestRestore(database: Database, now: number): number | undefined {
  if (database.backupsFrom > now) return undefined;
  return Math.max(database.backupsFrom, now - database.shortTermRetentionDays * DAY);
}

function isVCore(database: Database): boolean {
  return ['GeneralPurpose', 'BusinessCritical', 'Hyperscale'].includes(database.sku.tier);
}

function masterDatabaseId(server: SqlServer): string {
  const hex = [...server.name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  return `00000001-0000-4000-8000-${hex.toString(16).padStart(12, '0')}`;
}

function kindOf(database: Database): string {
  const parts = ['v12.0', 'user'];
  if (isVCore(database)) parts.push('vcore');
  if (database.elasticPoolId !== undefined) parts.push('pool');
  if (database.autoPauseDelay !== undefined) parts.push('serverless');
  return parts.join(',');
}

function shownSku(database: Database): Sku {
  return database.elasticPoolId === undefined
    ? database.sku
    : { name: 'ElasticPool', tier: database.sku.tier, capacity: 0 };
}

/** Service objective: `S1` for Standard with 20 DTU, `GP_Gen5_2` for vCore, `ElasticPool` in a pool. */
function objective(database: Database): string {
  if (database.elasticPoolId !== undefined) return 'ElasticPool';
  const { name, family, capacity } = database.sku;
  if (family !== undefined) return `${name}_${family}_${capacity}`.replace(/_(Gen\d)_\1_/, '_$1_');
  const standard: Record<number, string> = { 10: 'S0', 20: 'S1', 50: 'S2', 100: 'S3', 200: 'S4', 400: 'S6' };
  const premium: Record<number, string> = { 125: 'P1', 250: 'P2', 500: 'P4', 1000: 'P6' };
  if (name === 'Standard') return standard[capacity] ?? 'S0';
  if (name === 'Premium') return premium[capacity] ?? 'P1';
  return name;
}
