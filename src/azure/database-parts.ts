import type { Arm } from './client.ts';
import { databaseId, listAll, read, sql } from './databases.ts';
import { type Operation, operationOf } from './operations.ts';

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
  readonly maxSizeBytes: number;
}

export async function getShortTermRetention(arm: Arm, serverId: string, name: string): Promise<ShortTermRetention> {
  const at = `${databaseId(serverId, name)}/backupShortTermRetentionPolicies/default`;
  const answer = await sql(arm, `read the backup retention of database ${name}`, 'GET', at);
  const { properties }: { properties: Partial<ShortTermRetention> } = read(answer);
  return {
    retentionDays: properties.retentionDays ?? 7,
    diffBackupIntervalInHours: properties.diffBackupIntervalInHours ?? null,
  };
}

export async function putShortTermRetention(
  arm: Arm,
  serverId: string,
  name: string,
  policy: ShortTermRetention,
): Promise<Operation> {
  const { retentionDays, diffBackupIntervalInHours: hours } = policy;
  const properties = { retentionDays, ...(hours === null ? {} : { diffBackupIntervalInHours: hours }) };
  const at = `${databaseId(serverId, name)}/backupShortTermRetentionPolicies/default`;
  return operationOf(
    await sql(arm, `write the backup retention of database ${name}`, 'PUT', at, { body: { properties } }),
  );
}

export async function getLongTermRetention(arm: Arm, serverId: string, name: string): Promise<LongTermRetention> {
  const at = `${databaseId(serverId, name)}/backupLongTermRetentionPolicies/default`;
  const answer = await sql(arm, `read the long-term retention of database ${name}`, 'GET', at);
  const { properties }: { properties: Partial<LongTermRetention> } = read(answer);
  return {
    weeklyRetention: properties.weeklyRetention ?? 'PT0S',
    monthlyRetention: properties.monthlyRetention ?? 'PT0S',
    yearlyRetention: properties.yearlyRetention ?? 'PT0S',
    weekOfYear: properties.weekOfYear ?? 0,
  };
}

export async function putLongTermRetention(
  arm: Arm,
  serverId: string,
  name: string,
  policy: LongTermRetention,
): Promise<Operation> {
  const at = `${databaseId(serverId, name)}/backupLongTermRetentionPolicies/default`;
  const what = `write the long-term retention of database ${name}`;
  return operationOf(await sql(arm, what, 'PUT', at, { body: { properties: policy } }));
}

export async function listReplicationLinks(
  arm: Arm,
  serverId: string,
  name: string,
): Promise<readonly ReplicationLink[]> {
  const what = `list the replication links of database ${name}`;
  const links = await listAll<{ properties: Partial<ReplicationLink> }>(
    arm,
    what,
    `${databaseId(serverId, name)}/replicationLinks`,
  );
  return links.map(({ properties }) => ({
    partnerServer: properties.partnerServer ?? '',
    partnerDatabase: properties.partnerDatabase ?? '',
    role: properties.role ?? '',
    replicationState: properties.replicationState ?? '',
    linkType: properties.linkType ?? '',
  }));
}

export async function listFailoverGroups(arm: Arm, serverId: string): Promise<readonly FailoverGroup[]> {
  const at = `${serverId}/failoverGroups`;
  const what = 'list the failover groups of the server';
  const groups = await listAll<{ name: string; properties: { databases?: readonly string[] } }>(arm, what, at);
  return groups.map(({ name, properties }) => ({ name, databases: properties.databases ?? [] }));
}

/** Whether auditing is switched on for the database itself; null when we may not read it. */
export async function isAudited(arm: Arm, serverId: string, name: string): Promise<boolean | null> {
  const at = `${databaseId(serverId, name)}/auditingSettings/default`;
  const answer = await sql(arm, `read the auditing of database ${name}`, 'GET', at, { accept: [403, 404] });
  if (answer.status !== 200) return null;
  return read<{ properties?: { state?: string } }>(answer).properties?.state === 'Enabled';
}

export async function listElasticPools(arm: Arm, serverId: string): Promise<readonly ElasticPool[]> {
  const pools = await listAll<{
    id: string;
    name: string;
    sku?: { tier?: string };
    properties?: { maxSizeBytes?: number };
  }>(arm, 'list the elastic pools of the server', `${serverId}/elasticPools`);
  return pools.map(({ id, name, sku, properties }) => ({
    id,
    name,
    tier: sku?.tier ?? '',
    maxSizeBytes: properties?.maxSizeBytes ?? 0,
  }));
}
