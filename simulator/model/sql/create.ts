import { regionOf } from '../arm/region.ts';
import { newGuid, type World } from '../world.ts';
import type { Database, SqlServer, SqlWorld } from './state.ts';

const DAY = 86_400_000;

/** An Azure SQL without servers. */
export function emptySqlWorld(): SqlWorld {
  return { servers: {}, contents: {}, sessions: {}, operations: {}, pending: [], injected: [], nextSessionId: 51 };
}

/** Adds a logical server that Azure services may reach (rule `AllowAllWindowsAzureIps`). */
export function addServer(
  world: World,
  server: Pick<SqlServer, 'name' | 'resourceGroup' | 'administratorLogin' | 'administratorPassword'> &
    Partial<Pick<SqlServer, 'location' | 'fullyQualifiedDomainName' | 'entraAdministrator'>>,
): SqlServer {
  const added: SqlServer = {
    location: regionOf(world.location),
    fullyQualifiedDomainName: world.sql.hostName ?? `${server.name}.database.windows.net`,
    ...server,
    publicNetworkAccess: 'Enabled',
    privateEndpoints: [],
    dnsAliases: [],
    tags: {},
    firewallRules: {
      allowallwindowsazureips: {
        name: 'AllowAllWindowsAzureIps',
        startIpAddress: '0.0.0.0',
        endIpAddress: '0.0.0.0',
        effectiveAt: 0,
      },
    },
    databases: {},
    elasticPools: {},
    failoverGroups: {},
  };
  world.sql.servers[server.name.toLowerCase()] = added;
  return added;
}

/** Adds a database that has existed, and been backed up, for a month. */
export function addDatabase(
  world: World,
  server: SqlServer,
  database: Pick<Database, 'name'> & Partial<Database>,
  now: number,
): Database {
  const contentId = database.contentId ?? newGuid(world);
  const created = now - 30 * DAY;
  const added: Database = {
    databaseId: newGuid(world),
    status: 'Online',
    isReadOnly: false,
    tags: {},
    sku: { name: 'Standard', tier: 'Standard', capacity: 20 },
    maxSizeBytes: 268_435_456_000,
    collation: 'SQL_Latin1_General_CP1_CI_AS',
    backupStorageRedundancy: 'Geo',
    zoneRedundant: false,
    creationDate: created,
    backupsFrom: created + 146_000,
    shortTermRetentionDays: 7,
    diffBackupIntervalInHours: 12,
    longTermRetention: { weeklyRetention: 'PT0S', monthlyRetention: 'PT0S', yearlyRetention: 'PT0S', weekOfYear: 0 },
    isAuditingEnabled: false,
    replicationLinks: [],
    lastActiveAt: now,
    availableFrom: created,
    users: [],
    appLocks: {},
    ...database,
    contentId,
  };
  world.sql.contents[contentId] ??= { id: contentId, schemas: [], writes: [] };
  server.databases[database.name.toLowerCase()] = added;
  return added;
}
