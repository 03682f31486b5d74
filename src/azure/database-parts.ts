import type { Arm } from './arm.ts';
import { databaseId } from './databases.ts';
import { items, sqlPages } from './pages.ts';
import { read, sql } from './requests.ts';
import { serverParts } from './resource-id.ts';
import { resource } from './resource-shape.ts';

/** How long backups are kept. */
export interface ShortTermRetention {
  readonly retentionDays: number;
  readonly diffBackupIntervalInHours: number | null;
}

/** ISO 8601 durations; `PT0S` keeps none. */
export interface LongTermRetention {
  readonly weeklyRetention: string;
  readonly monthlyRetention: string;
  readonly yearlyRetention: string;
  readonly weekOfYear: number;
}

export interface ReplicationLink {
  readonly partnerServer: string;
  readonly partnerDatabase: string;
  readonly role: string;
  readonly replicationState: string;
  /** `GEO`, `NAMED`, `STANDBY`; a copy in progress may show as one, too. */
  readonly linkType: string;
}

export interface FailoverGroup {
  readonly name: string;
  /** Resource ids of the databases in it. */
  readonly databases: readonly string[];
}

export interface ElasticPool {
  readonly id: string;
  readonly name: string;
  readonly tier: string;
  /** eDTUs, or vCores. */
  readonly capacity: number;
  readonly maxSizeBytes: number;
}

export async function getShortTermRetention(arm: Arm, serverId: string, name: string): Promise<ShortTermRetention> {
  const { group, server } = serverParts(serverId);
  const answer = await arm.sql(
    { what: `read the backup retention of database ${name}`, id: serverId, repeat: 'read' },
    ({ backupShortTermRetentionPolicies: policies }) => policies.get(group, server, name, 'default'),
  );
  const { retentionDays = 7, diffBackupIntervalInHours } = answer.value();
  return { retentionDays, diffBackupIntervalInHours: diffBackupIntervalInHours ?? null };
}

export async function putShortTermRetention(
  arm: Arm,
  serverId: string,
  name: string,
  policy: ShortTermRetention,
): Promise<void> {
  const { retentionDays, diffBackupIntervalInHours: hours } = policy;
  const properties = { retentionDays, ...(hours === null ? {} : { diffBackupIntervalInHours: hours }) };
  const at = `${databaseId(serverId, name)}/backupShortTermRetentionPolicies/default`;
  await sql(arm, `write the backup retention of database ${name}`, 'PUT', at, { body: { properties } });
}

export async function getLongTermRetention(arm: Arm, serverId: string, name: string): Promise<LongTermRetention> {
  const { group, server } = serverParts(serverId);
  const answer = await arm.sql(
    { what: `read the long-term retention of database ${name}`, id: serverId, repeat: 'read' },
    ({ longTermRetentionPolicies: policies }) => policies.get(group, server, name, 'default'),
  );
  const policy = answer.value();
  return {
    weeklyRetention: policy.weeklyRetention ?? 'PT0S',
    monthlyRetention: policy.monthlyRetention ?? 'PT0S',
    yearlyRetention: policy.yearlyRetention ?? 'PT0S',
    weekOfYear: policy.weekOfYear ?? 0,
  };
}

export async function putLongTermRetention(
  arm: Arm,
  serverId: string,
  name: string,
  policy: LongTermRetention,
): Promise<void> {
  const at = `${databaseId(serverId, name)}/backupLongTermRetentionPolicies/default`;
  const what = `write the long-term retention of database ${name}`;
  await sql(arm, what, 'PUT', at, { body: { properties: policy } });
}

export async function listReplicationLinks(
  arm: Arm,
  serverId: string,
  name: string,
): Promise<readonly ReplicationLink[]> {
  const { group, server } = serverParts(serverId);
  const pages = await sqlPages(
    arm,
    { what: `list the replication links of database ${name}`, id: serverId, repeat: 'read' },
    ({ replicationLinks }) => replicationLinks.listByDatabase(group, server, name),
  );
  return items(pages).map((link) => ({
    partnerServer: link.partnerServer ?? '',
    partnerDatabase: link.partnerDatabase ?? '',
    role: link.role ?? '',
    replicationState: link.replicationState ?? '',
    linkType: link.linkType ?? '',
  }));
}

export async function listFailoverGroups(arm: Arm, serverId: string): Promise<readonly FailoverGroup[]> {
  const { group, server } = serverParts(serverId);
  const pages = await sqlPages(
    arm,
    { what: 'list the failover groups of the server', id: serverId, repeat: 'read' },
    ({ failoverGroups }) => failoverGroups.listByServer(group, server),
  );
  return items(pages).map(({ name = '', databases = [] }) => ({ name, databases }));
}

export async function listElasticPools(arm: Arm, serverId: string): Promise<readonly ElasticPool[]> {
  const { group, server } = serverParts(serverId);
  const pages = await sqlPages(
    arm,
    { what: 'list the elastic pools of the server', id: serverId, repeat: 'read' },
    ({ elasticPools }) => elasticPools.listByServer(group, server),
  );
  return items(pages).map(({ id = '', name = '', sku, maxSizeBytes = 0 }) => ({
    ...resource('an elastic pool', { id, name, properties: {} }),
    tier: sku?.tier ?? '',
    capacity: sku?.capacity ?? 0,
    maxSizeBytes,
  }));
}

/** What a database has switched on that copies and restores treat in a way of their own. */
export interface DatabaseFeatures {
  /** Every table is a ledger table. */
  readonly ledger: boolean;
}

export async function getDatabaseFeatures(arm: Arm, serverId: string, name: string): Promise<DatabaseFeatures> {
  const answer = await sql(arm, `read the features of database ${name}`, 'GET', databaseId(serverId, name));
  const { properties }: { properties?: { isLedgerOn?: boolean | null } } = read(answer);
  return { ledger: properties?.isLedgerOn === true };
}
